import json
from typing import Any

import msgspec
import pytest
from openai.types.chat import ChatCompletion

from orouter.dialects.base import Capabilities, DecodeContext, Target
from orouter.dialects.openai_chat import decode_response
from orouter.dialects.openai_chat.verbatim import verbatim, with_cost

MESSAGE = {
    "role": "assistant",
    "content": 'the "usage": of words',
    "refusal": None,
    "annotations": [],
}
EXACT: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_741_569_952,
    "model": "gpt-4.1-2025-04-14",
    "choices": [{"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "stop"}],
    "usage": {
        "prompt_tokens": 19,
        "completion_tokens": 10,
        "total_tokens": 29,
        "prompt_tokens_details": {"cached_tokens": 5, "audio_tokens": 1, "cache_write_tokens": 2},
        "completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 4},
    },
    "service_tier": "default",
}


def body(**changes: Any) -> bytes:
    return json.dumps({**EXACT, **changes}).encode()


def choice(**changes: Any) -> list[dict[str, Any]]:
    return [{**EXACT["choices"][0], **changes}]


def context(kind: str = "openai") -> DecodeContext:
    target = Target(provider="p", kind=kind, model="m", capabilities=Capabilities())
    return DecodeContext(target=target, created=1, mint=lambda prefix: prefix + "x")


def test_an_exact_completion_passes_with_its_usage_read() -> None:
    answer = verbatim(body())
    assert answer is not None
    assert answer.verbatim is not None
    assert b"".join(answer.verbatim) == body()
    assert answer.finish == "stop"
    usage = answer.usage
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (19, 10, 29)
    assert (usage.cached_tokens, usage.cache_write_tokens, usage.reasoning_tokens) == (5, 2, 3)
    assert (usage.audio_input_tokens, usage.audio_output_tokens) == (1, 4)


def test_both_ways_tell_the_same() -> None:
    short = decode_response(body(), context())
    long = decode_response(body(), context("compatible"))
    assert short.verbatim is not None
    assert b"".join(short.verbatim) == body()
    assert long.verbatim is None
    assert (short.usage, short.finish) == (long.usage, long.finish)


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" , ", " : ")])
def test_the_cost_joins_the_usage_and_nothing_else_changes(separators: tuple[str, str]) -> None:
    raw = json.dumps(EXACT, separators=separators).encode()
    answer = verbatim(raw)
    if answer is None:
        assert b'"usage":' not in raw
        return
    assert answer.verbatim is not None
    priced = json.loads(with_cost(answer.verbatim, 0.000123))
    assert priced["usage"].pop("cost") == 0.000123
    assert priced == EXACT
    ChatCompletion.model_validate(json.loads(with_cost(answer.verbatim, 1.5)), strict=True)


OTHERWISE: dict[str, bytes] = {
    "tool calls": body(choices=choice(message={**MESSAGE, "tool_calls": []})),
    "a legacy call": body(choices=choice(message={**MESSAGE, "function_call": None})),
    "no content": body(choices=choice(message={**MESSAGE, "content": None})),
    "a refusal": body(choices=choice(message={**MESSAGE, "refusal": "no"})),
    "no refusal field": body(choices=choice(message={"role": "assistant", "content": "x"})),
    "no logprobs field": body(choices=[{"index": 0, "message": MESSAGE, "finish_reason": "stop"}]),
    "another finish": body(choices=choice(finish_reason="eos")),
    "no finish": body(choices=choice(finish_reason=None)),
    "no choices": body(choices=[]),
    "no id": body(id=None),
    "an empty id": body(id=""),
    "no time": body(created=None),
    "time as a fraction": body(created=1.5),
    "another object": body(object="list"),
    "no usage": body(usage=None),
    "a cost": body(usage={**EXACT["usage"], "cost": 1}),
    "a negative count": body(usage={**EXACT["usage"], "prompt_tokens": -5}),
    "a huge count": body(usage={**EXACT["usage"], "prompt_tokens": 10**30}),
    "a count as text": body(usage={**EXACT["usage"], "prompt_tokens": "many"}),
    "an error": body(error={"message": "no"}),
    "a second usage": body(x_groq={"usage": {}}),
    "no JSON": b"<html>",
    "broken UTF-8": body().replace(b"words", b"\xff"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_anything_else_takes_the_long_way(name: str) -> None:
    assert verbatim(OTHERWISE[name]) is None


def test_imitators_always_take_the_long_way() -> None:
    for kind in ("compatible", "openrouter", "demo"):
        assert decode_response(body(), context(kind)).verbatim is None
    functions = msgspec.structs.replace(context().target, functions=True)
    asked = msgspec.structs.replace(context(), target=functions)
    assert decode_response(body(), asked).verbatim is None
