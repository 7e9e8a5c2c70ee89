import asyncio

import pytest

from orouter.dialects.base import Usage
from orouter.errors import UpstreamError
from orouter.services import accounting, chat
from orouter.services.accounting import Call, Spent
from orouter.services.gateway import Gateway
from tests.services.serving_parts import call, gateway, recorded
from tests.upstream.scripted import ScriptedClient


async def served_call(of: Gateway) -> Call:
    asked = call(of)
    await chat.complete(of, asked)
    return asked


async def test_a_request_is_settled_once_whatever_follows() -> None:
    of = gateway(up=ScriptedClient())
    asked = await served_call(of)
    accounting.settle_failed(of, asked, UpstreamError("too late"))
    accounting.settle_gone(of, asked, None)
    assert [each.status for each in recorded(of).settled] == [200]


async def test_the_intent_holds_an_upper_estimate() -> None:
    of = gateway(up=ScriptedClient())
    asked = call(of, max_tokens=100, n=3)
    await chat.complete(of, asked)
    [intent] = recorded(of).intents
    assert intent.estimated_completion_tokens == 300
    assert intent.estimated_prompt_tokens >= len("hi")
    assert intent.estimated_cost is not None
    assert intent.estimated_cost >= (recorded(of).settled[0].cost or 0)


async def test_demand_is_the_estimate_in_the_calls_periods() -> None:
    of = gateway(up=ScriptedClient())
    asked = await served_call(of)
    expected = Usage(prompt_tokens=10, completion_tokens=20)
    priced = Spent(expected, accounting.price_of(asked, expected))
    demand = accounting.demand(asked, priced)
    assert (demand.tokens, demand.cost) == (30, 10 * 30_000 + 20 * 60_000)
    assert (demand.month, demand.year) == ("2026-11", "2026")
    assert (demand.org_id, demand.key_id) == ("org_1", "key_1")


async def test_who_counted_is_said() -> None:
    asked = await served_call(gateway(up=ScriptedClient()))
    known = Usage(prompt_tokens=1, completion_tokens=2)
    assert accounting.counted(asked, known, 9) == Spent(known, 150_000, "provider")
    estimated = accounting.counted(asked, None, 9)
    assert estimated is not None
    assert (estimated.source, estimated.usage.completion_tokens) == ("estimated", 9)
    assert accounting.counted(asked, None, 0) is None


async def test_a_failure_costs_nothing_unless_something_was_used() -> None:
    of = gateway(up=ScriptedClient())
    asked = call(of)
    accounting.settle_failed(of, asked, UpstreamError("x" * 900))
    [settled] = recorded(of).settled
    assert (settled.cost, settled.source, settled.status) == (0, "none", 502)
    assert len(settled.error) == accounting.LONGEST_ERROR


async def test_a_settlement_names_no_reservation_that_was_given_back() -> None:
    of = gateway(up=ScriptedClient())
    asked = call(of)
    recorded(of).refusal = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await chat.complete(of, asked)
    [settled] = recorded(of).settled
    assert (settled.limited, settled.holds) == (False, ())
