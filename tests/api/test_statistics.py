import asyncio
import csv
import io
from typing import Any

from tests.api.edge import Edge


async def counted(served: Edge, key: str, requests: int) -> dict[str, Any]:
    """The totals once that many requests are in the statistics: within two seconds."""
    totals: dict[str, Any] = {}
    for _ in range(40):
        totals = (await served.ask("GET", "/api/v1/stats", key)).json()["totals"]
        if totals["requests"] >= requests:
            break
        await asyncio.sleep(0.05)
    return totals


async def test_usage_is_summed_exported_and_listed_within_two_seconds(served: Edge) -> None:
    admin, user = await served.issue("admin", "admin"), await served.issue("user")
    await served.chat(user)
    await served.chat(user, model="demo/lorem")
    await served.chat(user, model="demo/nothing")
    totals = await counted(served, admin, 3)
    assert (totals["requests"], totals["errors"]) == (3, 1)

    by_model = {"group_by": ["model", "key"], "month": "this"}
    report = (await served.ask("GET", "/api/v1/stats", admin, params=by_model)).json()
    assert {row["model"] for row in report["rows"]} >= {"demo/echo", "demo/lorem"}

    exported = await served.ask("GET", "/api/v1/stats/export", admin)
    assert exported.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert sum(int(row["requests"]) for row in rows) == 3
    assert {row["org"] for row in rows} == {"acme"}
    detail = await served.ask(
        "GET", "/api/v1/stats/export", admin, params={"format": "json", "detail": True}
    )
    assert len(detail.json()) == 3

    first = (await served.ask("GET", "/api/v1/requests", admin, params={"page_size": 2})).json()
    assert (first["total"], first["page"], len(first["items"])) == (3, 1, 2)
    deeper = {"page_size": 2, "before": first["next"]}
    rest = (await served.ask("GET", "/api/v1/requests", admin, params=deeper)).json()
    second = await served.ask("GET", "/api/v1/requests", admin, params={"page_size": 2, "page": 2})
    assert rest["items"] == second.json()["items"]
    failed = (await served.ask("GET", "/api/v1/requests", admin, params={"errors": True})).json()
    assert [item["code"] for item in failed["items"]] == ["model_not_found"]
    assert failed["total"] == 1
    one = failed["items"][0]["id"]
    assert (await served.ask("GET", f"/api/v1/requests/{one}", admin)).json()["id"] == one


async def test_the_top_groups_and_the_filtered_log_are_asked_for(served: Edge) -> None:
    admin, user = await served.issue("admin", "admin"), await served.issue("user")
    for model in ("demo/echo", "demo/echo", "demo/lorem", "demo/error-429"):
        await served.chat(user, model=model)
    await counted(served, admin, 4)
    most = {"group_by": "model", "limit": 1, "measure": "requests", "durations": False}
    report = (await served.ask("GET", "/api/v1/stats/top", admin, params=most)).json()
    assert [(row["model"], row["requests"]) for row in report["rows"]] == [("demo/echo", 2)]
    assert (report["totals"]["requests"], report["totals"]["latency_ms"]) == (4, None)
    either = {"model": ["demo/lorem", "demo/error-429"]}
    some = (await served.ask("GET", "/api/v1/stats", admin, params=either)).json()
    assert some["totals"]["requests"] == 2

    exported = await served.ask("GET", "/api/v1/requests/export", admin, params=either)
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert {row["model"] for row in rows} == {"demo/lorem", "demo/error-429"}
    asked = {"search": rows[0]["request_id"], "min_cost": "0", **either}
    found = (await served.ask("GET", "/api/v1/requests", admin, params=asked)).json()
    assert [item["id"] for item in found["items"]] == [rows[0]["id"]]
    assert found["total"] is None


async def test_another_organization_sees_nothing_of_it(served: Edge) -> None:
    admin, user = await served.issue("admin", "admin"), await served.issue("user")
    stranger = await served.issue("admin", "admin", org="other")
    await served.chat(user)
    await counted(served, admin, 1)
    assert (await counted(served, stranger, 0))["requests"] == 0
    listed = (await served.ask("GET", "/api/v1/requests", admin)).json()["items"]
    found = await served.ask("GET", f"/api/v1/requests/{listed[0]['id']}", stranger)
    assert found.status_code == 404


async def test_what_is_asked_wrongly_is_said(served: Edge) -> None:
    admin = await served.issue("admin", "admin")
    wrong = [
        {"month": "never"},
        {"month": "this", "day": "today"},
        {"tz": "Mars/Base"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"group_by": "colour"},
        {"colour": "red"},
    ]
    for params in wrong:
        answer = await served.ask("GET", "/api/v1/stats", admin, params=params)
        assert answer.status_code in (400, 422), params
        assert answer.json()["error"]["message"]
    assert (await served.ask("GET", "/api/v1/stats", "x")).status_code == 401
