import asyncio

import httpx

from tests.api.edge import Edge


async def generation(served: Edge, key: str, request: str) -> httpx.Response:
    """The record once it is there: within two seconds."""
    for _ in range(40):
        answer = await served.ask("GET", "/v1/generation", key, params={"id": request})
        if answer.status_code == 200:
            break
        await asyncio.sleep(0.05)
    return answer


async def test_a_request_can_be_looked_up_by_who_made_it(served: Edge) -> None:
    one, two = await served.issue("one"), await served.issue("two")
    admin, stranger = await served.issue("a", "admin"), await served.issue("a", "admin", org="b")
    request = (await served.chat(one)).headers["x-generation-id"]
    shown = (await generation(served, one, request)).json()["data"]
    assert (shown["model"], shown["provider"], shown["attempts"]) == ("demo/echo", "demo", 1)
    assert (shown["input_tokens"], shown["output_tokens"]) == (1, 1)
    assert shown["cost_usd"] is not None
    assert shown["latency_ms"] > 0
    assert (await generation(served, admin, request)).status_code == 200
    for other in (two, stranger):
        answer = await served.ask("GET", "/v1/generation", other, params={"id": request})
        assert answer.status_code == 404


async def test_without_an_id_it_says_what_it_wants(served: Edge) -> None:
    answer = await served.ask("GET", "/v1/generation", await served.issue("ci"))
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "id"
