from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orouter.dialects import openai_chat
from orouter.dialects.base import Recalled, Target
from orouter.errors import DatabaseUnavailable
from orouter.providers.base import Provider
from orouter.schemas.chat import ChatRequest
from orouter.services.continuations import LOOKED_UP, MISS_IS_FINAL_S, Continuations, Key
from orouter.upstream.endpoint import Candidate
from tests.upstream.scripted import ScriptedClient, endpoint

SIGNED = Recalled(call_id="call_1", details=({"type": "reasoning.encrypted", "data": "sig"},))


def asked_of(*, recalls: bool) -> list[Candidate]:
    place = endpoint("up", ScriptedClient())
    place.provider = Provider(type="anthropic", dialect=openai_chat, recalls=recalls)
    return [
        Candidate(
            endpoint=place, name="up/m", target=Target(provider="up", kind="compatible", model="m")
        )
    ]


def conversation(**of_message: Any) -> ChatRequest:
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"role": "assistant", "tool_calls": [call], **of_message}
    return msgspec.convert({"model": "up/m", "messages": [message]}, ChatRequest)


class Clock:
    """Seconds, as far as a test moves them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Elsewhere:
    """What other workers have kept, and how often it was asked for."""

    def __init__(self, kept: Mapping[Key, Recalled] | None = None, *, down: bool = False) -> None:
        self.kept = dict(kept or {})
        self.asked: list[Sequence[Key]] = []
        self._down = down

    async def load(self, keys: Sequence[Key]) -> Mapping[Key, Recalled]:
        self.asked.append(keys)
        if self._down:
            raise DatabaseUnavailable("away")
        return {key: self.kept[key] for key in keys if key in self.kept}


async def test_what_an_answer_carried_comes_back_with_its_call() -> None:
    memory = Continuations(Elsewhere().load)
    memory.remember("org_1", [SIGNED])
    found = await memory.recall("org_1", conversation(), asked_of(recalls=True))
    assert found == {"call_1": SIGNED}


async def test_another_worker_may_have_kept_it() -> None:
    elsewhere = Elsewhere({("org_1", "call_1"): SIGNED})
    memory = Continuations(elsewhere.load)
    for _ in range(2):
        found = await memory.recall("org_1", conversation(), asked_of(recalls=True))
        assert found == {"call_1": SIGNED}
    assert len(elsewhere.asked) == 1


def parallel(*ids: str) -> ChatRequest:
    function = {"name": "f", "arguments": "{}"}
    calls = [{"id": each, "type": "function", "function": function} for each in ids]
    return conversation(tool_calls=calls)


async def test_calls_beside_a_known_one_are_looked_up_once() -> None:
    elsewhere = Elsewhere({("org_1", "call_1"): SIGNED})
    memory = Continuations(elsewhere.load)
    for _ in range(3):
        found = await memory.recall("org_1", parallel("call_1", "call_2"), asked_of(recalls=True))
        assert found == {"call_1": SIGNED}
    assert elsewhere.asked == [[("org_1", "call_1"), ("org_1", "call_2")]]


async def test_what_another_node_writes_a_moment_later_is_found() -> None:
    elsewhere, clock = Elsewhere(), Clock()
    memory = Continuations(elsewhere.load, clock)
    assert await memory.recall("org_1", conversation(), asked_of(recalls=True)) == {}
    elsewhere.kept[("org_1", "call_1")] = SIGNED
    clock.now += MISS_IS_FINAL_S - 1
    found = await memory.recall("org_1", conversation(), asked_of(recalls=True))
    assert found == {"call_1": SIGNED}


async def test_what_stays_missing_is_not_asked_for_for_ever() -> None:
    elsewhere, clock = Elsewhere(), Clock()
    memory = Continuations(elsewhere.load, clock)
    for _ in range(10):
        await memory.recall("org_1", conversation(), asked_of(recalls=True))
        clock.now += MISS_IS_FINAL_S / 2
    assert len(elsewhere.asked) == 2
    memory.remember("org_1", [SIGNED])
    found = await memory.recall("org_1", conversation(), asked_of(recalls=True))
    assert found == {"call_1": SIGNED}


async def test_an_outage_is_no_miss() -> None:
    elsewhere, clock = Elsewhere(down=True), Clock()
    memory = Continuations(elsewhere.load, clock)
    for _ in range(3):
        await memory.recall("org_1", conversation(), asked_of(recalls=True))
        clock.now += MISS_IS_FINAL_S
    assert len(elsewhere.asked) == 3


async def test_only_the_newest_calls_are_looked_up() -> None:
    elsewhere = Elsewhere()
    memory = Continuations(elsewhere.load)
    many = [f"call_{n}" for n in range(LOOKED_UP + 5)]
    old = parallel("oldest").messages
    request = parallel(*many)
    request.messages = [*old, *request.messages]
    await memory.recall("org_1", request, asked_of(recalls=True))
    assert elsewhere.asked == [[("org_1", call_id) for call_id in many[:LOOKED_UP]]]


async def test_no_organization_gets_anothers_reasoning() -> None:
    memory = Continuations(Elsewhere().load)
    memory.remember("org_1", [SIGNED])
    assert await memory.recall("org_2", conversation(), asked_of(recalls=True)) == {}


async def test_nothing_is_looked_up_where_nobody_wants_it() -> None:
    elsewhere = Elsewhere()
    memory = Continuations(elsewhere.load)
    await memory.recall("org_1", conversation(), asked_of(recalls=False))
    kept_by_client = conversation(reasoning_details=[{"type": "reasoning.text"}])
    await memory.recall("org_1", kept_by_client, asked_of(recalls=True))
    assert elsewhere.asked == []


async def test_an_outage_only_costs_the_reasoning() -> None:
    memory = Continuations(Elsewhere(down=True).load)
    assert await memory.recall("org_1", conversation(), asked_of(recalls=True)) == {}


async def test_what_is_to_be_saved_is_handed_over_once() -> None:
    memory = Continuations(Elsewhere().load)
    memory.remember("org_1", [SIGNED])
    assert memory.to_save.is_set()
    assert memory.take_unsaved() == {("org_1", "call_1"): SIGNED}
    assert memory.take_unsaved() == {}
    assert not memory.to_save.is_set()
