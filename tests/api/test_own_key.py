from orouter.models.limit import LimitSet
from orouter.schemas.actor import CLI
from orouter.services import limits
from tests.api.edge import Edge


async def test_a_key_is_told_who_it_is_and_what_is_left(served: Edge) -> None:
    key = await served.issue("reader", "read")
    change = LimitSet.model_validate({"period": "month", "requests": 10})
    await served.database.run(limits.put, "org", "acme", change, CLI)
    shown = (await served.ask("GET", "/v1/key", key)).json()
    assert (shown["name"], shown["permission"], shown["status"]) == ("reader", "read", "active")
    assert shown["organization"]["name"] == "acme"
    month = next(p for p in shown["organization"]["limits"] if p["period"] == "month")
    assert month["requests"]["limit"] == 10
    assert month["requests"]["remaining"] == 10
    assert month["resets_at"]
    assert "digest" not in str(shown)
    assert key not in str(shown)


async def test_nobody_else_is_told(served: Edge) -> None:
    assert (await served.ask("GET", "/v1/key", "ork_nobody")).status_code == 401
