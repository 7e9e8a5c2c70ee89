import asyncio

from tests.api.edge import Edge


async def requests(served: Edge, key: str, **params: str) -> int:
    answer = await served.ask("GET", "/v1/stats", key, params=params)
    assert answer.status_code == 200, answer.text
    total: int = answer.json()["totals"]["requests"]
    return total


async def test_a_key_sees_itself_and_an_admin_key_its_organization(served: Edge) -> None:
    admin, one, two = [await served.issue(n, "admin" if n == "a" else "write") for n in "abc"]
    for key in (one, one, two):
        await served.chat(key)
    for _ in range(40):
        if await requests(served, admin) == 3:
            break
        await asyncio.sleep(0.05)
    assert await requests(served, admin, group_by="model,key") == 3
    assert await requests(served, one) == 2
    assert await requests(served, two, month="this") == 1


async def test_unknown_parameters_are_refused_with_the_known_ones(served: Edge) -> None:
    key = await served.issue("ci")
    for params in ({"colour": "red"}, {"group_by": "colour"}, {"month": "x" * 99}):
        answer = await served.ask("GET", "/v1/stats", key, params=params)
        assert answer.status_code == 400
        assert "group_by" in answer.json()["error"]["message"]
    twice = await served.ask("GET", "/v1/stats?month=this&month=last", key)
    assert twice.json()["error"]["param"] == "month"
