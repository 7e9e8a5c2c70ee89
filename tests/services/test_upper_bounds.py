from typing import Any

import msgspec
import pytest

from orouter.dialects.base import Recalled, Usage
from orouter.providers.prices import Price, Rates, most
from orouter.services import upper_bounds
from orouter.services.accounting import Call
from orouter.usage.estimates import BALANCED_OUTPUT
from tests.services.serving_parts import call, gateway
from tests.upstream.scripted import ScriptedClient


def routed(**body: Any) -> Call:
    """A call that knows who could serve it."""
    of = gateway(up=ScriptedClient())
    asked = call(of, **body)
    asked.candidates = of.plan.routes.candidates(asked.request)
    return asked


def test_a_byte_is_a_token_and_each_choice_may_be_as_long_as_asked() -> None:
    asked = routed(max_tokens=100, n=3)
    spent = upper_bounds.bind(asked)
    assert spent.usage.prompt_tokens == len(asked.request.source) + upper_bounds.OF_PROVIDER
    assert spent.usage.completion_tokens == 300
    assert spent.cost == most(asked.candidates[0].price, spent.usage)
    assert asked.request.fields()["max_tokens"] == 100


def test_an_answer_without_bound_is_bound_to_what_was_reserved() -> None:
    asked = routed(max_completion_tokens=None)
    shortest = asked.candidates[0]
    asked.candidates = [*asked.candidates, msgspec.structs.replace(shortest, max_output=50)]
    assert upper_bounds.bind(asked).usage.completion_tokens == 50
    body = asked.request.fields()
    assert (body["max_tokens"], asked.request.output_limit) == (50, 50)
    assert "max_completion_tokens" not in body


def test_a_model_of_unknown_length_writes_no_more_than_is_usual() -> None:
    asked = routed()
    [first] = asked.candidates
    can = msgspec.structs.replace(first.target.capabilities, max_output=None)
    target = msgspec.structs.replace(first.target, capabilities=can)
    asked.candidates = [msgspec.structs.replace(first, max_output=None, target=target)]
    assert upper_bounds.bind(asked).usage.completion_tokens == BALANCED_OUTPUT


@pytest.mark.parametrize(
    "body",
    [
        {
            "messages": [
                {"role": "user", "content": [{"type": "image_url", "image_url": "http://x"}]}
            ]
        },
        {"web_search_options": {}},
        {"tools": [{"type": "web_search_20250305"}]},
    ],
)
def test_what_has_no_size_here_is_as_much_as_the_model_reads(body: dict[str, Any]) -> None:
    asked = routed(**body)
    [first] = asked.candidates
    assert first.context
    assert upper_bounds.bind(asked).usage.prompt_tokens == first.context
    asked.candidates = [msgspec.structs.replace(first, context=None)]
    assert upper_bounds.bind(asked).usage.prompt_tokens == upper_bounds.UNKNOWN_CONTEXT


def test_room_to_think_and_what_is_put_back_are_reserved_too() -> None:
    plain = upper_bounds.bind(routed(max_tokens=10)).usage
    asked = routed(max_tokens=10, reasoning={"max_tokens": 5000})
    asked.recalled = {"call_1": Recalled(call_id="call_1", details=({"text": "x" * 900},))}
    usage = upper_bounds.bind(asked).usage
    assert usage.completion_tokens == 10 + 5000
    assert usage.prompt_tokens > plain.prompt_tokens + 900
    low = upper_bounds.bind(routed(max_tokens=10, reasoning_effort="low")).usage
    assert low.completion_tokens == 10 + upper_bounds.LEAST_THINKING


def test_the_dearest_of_the_candidates_is_reserved() -> None:
    asked = routed(max_tokens=1000)
    [first] = asked.candidates
    dear = Price(base=Rates(input=10**12, output=10**12))
    dearer = [msgspec.structs.replace(first, price=price) for price in (None, dear)]
    asked.candidates = [*asked.candidates, *dearer]
    spent = upper_bounds.bind(asked)
    assert spent.cost == most(dear, spent.usage)
    asked.candidates = [msgspec.structs.replace(first, price=None)]
    assert upper_bounds.bind(asked).cost is None


def test_usage_of_any_kind_costs_no_more() -> None:
    rates = Rates(input=3, output=15, cached=1, cache_write=4, cache_write_1h=6, audio_output=40)
    bound = Usage(prompt_tokens=10**6, completion_tokens=10**6)
    assert most(Price(base=rates, request=7), bound) == 6 + 40 + 7
