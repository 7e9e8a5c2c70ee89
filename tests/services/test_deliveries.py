from typing import Any

import msgspec
import pytest

from orouter.dialects.base import Answer, Usage
from orouter.errors import (
    InvalidRequest,
    UpstreamAuthenticationError,
    UpstreamError,
    UpstreamUnavailable,
)
from orouter.services import chat
from orouter.services.accounting import Spent
from orouter.services.deliveries import fault_of, mint, refuse_encoded, written
from tests.services.serving_parts import call, gateway
from tests.upstream.scripted import Script, ScriptedAnswer, ScriptedClient


def test_only_what_is_the_providers_fault_is_asked_for_again() -> None:
    assert fault_of(UpstreamUnavailable("down")).retryable
    assert fault_of(UpstreamUnavailable("down")).failover
    refused = fault_of(UpstreamAuthenticationError("no"))
    assert (refused.retryable, refused.failover) == (False, True)
    theirs = fault_of(InvalidRequest("your mistake"))
    assert (theirs.retryable, theirs.failover) == (False, False)


def test_what_was_not_asked_for_packed_is_not_unpacked() -> None:
    bomb = ScriptedAnswer(Script(headers={"content-encoding": "gzip"}))
    with pytest.raises(UpstreamError, match="gzip"):
        refuse_encoded(bomb)
    assert bomb.closed
    refuse_encoded(ScriptedAnswer(Script(headers={"content-encoding": "identity"})))
    refuse_encoded(ScriptedAnswer(Script()))


async def answered(answer: Answer) -> tuple[dict[str, Any], Spent]:
    of = gateway(up=ScriptedClient())
    asked = call(of)
    await chat.complete(of, asked)
    body, spent = written(asked, answer)
    return msgspec.json.decode(body), spent


USED = Usage(prompt_tokens=1, completion_tokens=1)


async def test_cost_is_in_usd() -> None:
    completion, spent = await answered(Answer(completion={"usage": {"a": 1}}, usage=USED))
    assert completion["usage"] == {"a": 1, "cost": pytest.approx(90e-6)}
    assert (spent.cost, spent.source) == (90_000, "provider")


async def test_a_verbatim_answer_only_gains_its_cost() -> None:
    as_it_came = (b'{"id":"x","usage":{', b'"prompt_tokens":1}}')
    answer = Answer(completion={}, verbatim=as_it_came, usage=USED)
    completion, _ = await answered(answer)
    assert completion == {"id": "x", "usage": {"cost": 90e-6, "prompt_tokens": 1}}


async def test_without_figures_the_cost_is_an_estimate_that_is_not_shown() -> None:
    completion, spent = await answered(Answer(completion={"id": "x" * 40}, usage=None))
    assert completion == {"id": "x" * 40}
    assert spent.source == "estimated"
    assert spent.cost


def test_minted_ids_differ() -> None:
    assert mint("call_").startswith("call_")
    assert mint("call_") != mint("call_")
