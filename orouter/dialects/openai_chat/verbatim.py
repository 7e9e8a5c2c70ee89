"""Completions that are exactly OpenAI's already: passed on as the bytes they came as.

Normalising a completion and encoding it again costs 20 us, a seventh of a request
(docs/performance.md); most answers of OpenAI itself need none of it. What is recognised here is
strict on purpose: anything else takes the long way round in ``response.py``.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from orouter.dialects.base import Answer, Usage

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
_USAGE = b'"usage":'


class _PromptDetails(Struct, frozen=True):
    cached_tokens: Count = 0
    audio_tokens: Count = 0
    cache_write_tokens: Count = 0


class _CompletionDetails(Struct, frozen=True):
    reasoning_tokens: Count = 0
    audio_tokens: Count = 0


class _Usage(Struct):
    prompt_tokens: Count
    completion_tokens: Count
    total_tokens: Count
    prompt_tokens_details: _PromptDetails = _PromptDetails()
    completion_tokens_details: _CompletionDetails = _CompletionDetails()
    cost: UnsetType = UNSET


class _Message(Struct):
    role: Literal["assistant"]
    content: str
    refusal: None
    tool_calls: UnsetType = UNSET
    function_call: UnsetType = UNSET


class _Choice(Struct):
    index: Count
    message: _Message
    logprobs: Any
    finish_reason: Literal["stop", "length", "content_filter"]


class _Completion(Struct):
    id: Annotated[str, Meta(min_length=1)]
    object: Literal["chat.completion"]
    created: Annotated[int, Meta(ge=1)]
    model: Annotated[str, Meta(min_length=1)]
    choices: Annotated[list[_Choice], Meta(min_length=1)]
    usage: _Usage
    error: UnsetType = UNSET


_decode = msgspec.json.Decoder(_Completion).decode


def verbatim(body: bytes) -> Answer | None:
    """The answer, if its bytes can go to the caller as they are but for ``usage.cost``."""
    try:
        completion = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    at = body.rfind(_USAGE)  # from behind, where it stands
    if at < 0 or body.find(_USAGE, 0, at) >= 0:
        return None
    fields = body.find(b"{", at) + 1
    usage = completion.usage
    prompt, answered = usage.prompt_tokens_details, usage.completion_tokens_details
    return Answer(
        completion={},
        verbatim=(body[:fields], body[fields:]),
        usage=Usage(
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            total_tokens=usage.total_tokens,
            cached_tokens=prompt.cached_tokens,
            cache_write_tokens=prompt.cache_write_tokens,
            reasoning_tokens=answered.reasoning_tokens,
            audio_input_tokens=prompt.audio_tokens,
            audio_output_tokens=answered.audio_tokens,
        ),
        finish=completion.choices[0].finish_reason,
    )


def with_cost(verbatim: tuple[bytes, bytes], cost_usd: float) -> bytes:
    """A verbatim completion with ``usage.cost`` as the first field of its usage."""
    before, fields = verbatim
    return b"".join((before, b'"cost":', msgspec.json.encode(cost_usd), b",", fields))
