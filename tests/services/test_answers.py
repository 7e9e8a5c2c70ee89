"""Which requests are answered by an earlier answer, and what is written down of that."""

from typing import Any

import msgspec
import pytest

from orouter.errors import ModelNotFound
from orouter.services import answers
from orouter.services.answer_stores import AnswerCache, MemoryStore
from orouter.services.gateway import Gateway
from tests.services.serving_parts import CALLER, call, gateway, recorded
from tests.upstream.scripted import Script, ScriptedClient

COLD = {"temperature": 0}
ELSEWHERE = msgspec.structs.replace(CALLER, org_id="org_2", org_name="elsewhere")


class Cached:
    """A gateway with a cache; each answer says whether it was a hit."""

    def __init__(self, *organizations: str, client: ScriptedClient | None = None) -> None:
        self.client = client or ScriptedClient()
        self.gateway: Gateway = gateway(up=self.client)
        self.cache = AnswerCache(MemoryStore(1 << 20, 60), frozenset(organizations))

    async def ask(self, caller: Any = CALLER, **fields: Any) -> str:
        made = call(self.gateway, caller, **fields)
        self.body, marker = await answers.complete(self.gateway, self.cache, made)
        return marker


async def test_the_second_time_nobody_is_asked() -> None:
    cached = Cached()
    assert [await cached.ask(**COLD) for _ in range(3)] == ["miss", "hit", "hit"]
    assert len(cached.client.calls) == 1
    answer = msgspec.json.decode(cached.body)
    assert answer["choices"][0]["message"]["content"] == "hello"
    assert answer["usage"]["cost"] == 0
    first, second, _ = recorded(cached.gateway).settled
    assert first.cost
    assert (second.source, second.cost, second.status, second.code) == ("cache", 0, 200, "")
    assert (second.counted, second.attempts, second.prompt_tokens) == (False, 0, 0)
    assert second.model == first.model
    assert len(recorded(cached.gateway).intents) == 1


async def test_never_another_organizations_answer() -> None:
    cached = Cached()
    await cached.ask(**COLD)
    assert await cached.ask(ELSEWHERE, **COLD) == "miss"
    assert await cached.ask(ELSEWHERE, **COLD) == "hit"


@pytest.mark.parametrize(
    "changed",
    [
        {"messages": [{"role": "user", "content": "hi!"}]},
        {"model": "up/gpt-4o"},
        {"seed": 1},
        {"max_tokens": 5},
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
    ],
)
async def test_whatever_changes_the_answer_is_another_request(changed: dict[str, Any]) -> None:
    cached = Cached()
    await cached.ask(**COLD)
    assert await cached.ask(**COLD, **changed) == "miss"


async def test_what_does_not_is_the_same() -> None:
    cached = Cached()
    await cached.ask(**COLD)
    assert await cached.ask(user="somebody", stream=False, temperature=0.0) == "hit"


@pytest.mark.parametrize("fields", [{}, {"temperature": 0.1}, {"temperature": 1}])
async def test_what_is_left_to_chance_is_not_repeated(fields: dict[str, Any]) -> None:
    cached = Cached()
    assert [await cached.ask(**fields) for _ in range(2)] == ["bypass"] * 2


async def test_only_for_the_organizations_named() -> None:
    cached = Cached("acme")
    assert await cached.ask(**COLD) == "miss"
    assert await cached.ask(ELSEWHERE, **COLD) == "bypass"


async def test_a_failure_is_not_kept_and_is_told_as_ever() -> None:
    broken = ScriptedClient(Script(400, (b"{}",)), Script())
    cached = Cached(client=broken)
    with pytest.raises(Exception, match=r".+"):
        await cached.ask(**COLD)
    assert await cached.ask(**COLD) == "miss"
    with pytest.raises(ModelNotFound):
        await cached.ask(**COLD, model="nobody/knows")
