"""OpenAI's values, built exactly: the completion, its chunks, usage and tool calls.

Shared by the dialects that translate (Anthropic, Google). Source: openai-openapi,
``CreateChatCompletionResponse``, ``CreateChatCompletionStreamResponse`` and ``CompletionUsage``;
``cost`` and the reasoning fields are OpenRouter's additions.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from orouter.dialects.base import Usage
from orouter.dialects.legacy import as_function_call

Finish = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]

DONE = b"data: [DONE]\n\n"

_CHARACTERS_PER_TOKEN = 4
_CONTENT = b',"delta":{"content":'
_encode = msgspec.json.Encoder().encode


def usage_object(usage: Usage, cost_usd: float | None = None) -> dict[str, Any]:
    """``CompletionUsage`` with ``cost`` in USD where it is known."""
    total = usage.total_tokens
    if total is None:
        total = usage.prompt_tokens + usage.completion_tokens
    value: dict[str, Any] = {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": total,
        "prompt_tokens_details": {
            "cached_tokens": usage.cached_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
            "audio_tokens": usage.audio_input_tokens,
        },
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens,
            "audio_tokens": usage.audio_output_tokens,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
    if usage.image_output_tokens:
        value["completion_tokens_details"]["image_tokens"] = usage.image_output_tokens
    if usage.web_searches:
        value["server_tool_use"] = {"web_search_requests": usage.web_searches}
    if cost_usd is not None:
        value["cost"] = cost_usd
    return value


def tool_call(call_id: str, name: str, arguments: str) -> dict[str, Any]:
    """A whole call of a message; ``arguments`` is JSON text."""
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def call_opening(position: int, call_id: str, name: str, arguments: str = "") -> dict[str, Any]:
    """The delta that begins call number ``position`` of a stream."""
    return {"tool_calls": [{"index": position, **tool_call(call_id, name, arguments)}]}


def call_arguments(position: int, fragment: str) -> dict[str, Any]:
    """The delta that continues the arguments of call number ``position``."""
    return {"tool_calls": [{"index": position, "function": {"arguments": fragment}}]}


def url_citation(url: str, title: str, span: tuple[int, int], quote: str = "") -> dict[str, Any]:
    """An annotation; ``span`` is start and end in characters of the message's content."""
    cited: dict[str, Any] = {
        "url": url,
        "title": title,
        "start_index": span[0],
        "end_index": span[1],
    }
    if quote:
        cited["content"] = quote
    return {"type": "url_citation", "url_citation": cited}


def choice(message: dict[str, Any], finish: Finish, index: int = 0) -> dict[str, Any]:
    """One choice of a whole completion; set its ``logprobs`` where the provider has them."""
    whole = {"role": "assistant", "content": None, "refusal": None, **message}
    return {"index": index, "message": whole, "logprobs": None, "finish_reason": finish}


def completion(
    completion_id: str,
    model: str,
    created: int,
    choices: Sequence[dict[str, Any]],
    usage: Usage | None,
    *,
    functions: bool = False,
) -> dict[str, Any]:
    """A ``chat.completion``; ``usage.cost`` is added by the caller, who knows prices.

    ``functions``: the caller speaks the deprecated form and gets its calls so.
    """
    value: dict[str, Any] = {
        "id": completion_id,
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [by_function(one) for one in choices] if functions else list(choices),
    }
    if usage is not None:
        value["usage"] = usage_object(usage)
    return value


def by_function(said: dict[str, Any]) -> dict[str, Any]:
    """A whole choice for a caller of the deprecated ``functions``."""
    finish = finish_by_function(said["finish_reason"])
    return {**said, "message": as_function_call(said["message"]), "finish_reason": finish}


def finish_by_function(finish: str) -> str:
    """The finish reason that goes with ``function_call``."""
    return "function_call" if finish == "tool_calls" else finish


def estimated_tokens(characters: int) -> int:
    """A rough count for output whose usage never came: four characters a token."""
    return -(-characters // _CHARACTERS_PER_TOKEN)


class ChunkWriter:
    """Encodes one stream's ``chat.completion.chunk`` objects as server-sent events.

    Id, model and time are encoded once. The chunk with the role goes before the first delta of each
    choice. With ``include_usage`` every chunk but the last says ``"usage": null``, as OpenAI's do.
    With ``functions`` a call is given as the deprecated ``function_call``.
    """

    __slots__ = ("_bare", "_begun", "_blank", "_functions", "_head", "_include_usage", "_tail")

    def __init__(
        self,
        completion_id: str,
        model: str,
        created: int,
        *,
        include_usage: bool,
        functions: bool = False,
    ) -> None:
        envelope = {
            "id": completion_id,
            "object": "chat.completion.chunk",
            "created": created,
            "model": model,
        }
        self._head = b"data: " + _encode(envelope)[:-1] + b',"choices":[{"index":'
        self._bare = self._head.removesuffix(b'{"index":')
        self._include_usage = include_usage
        self._tail = b'],"usage":null}\n\n' if include_usage else b"]}\n\n"
        self._blank = b',"logprobs":null,"finish_reason":null}' + self._tail
        self._begun: set[int] = set()
        self._functions = functions

    def begin(self, index: int = 0, *, content: str | None = "") -> bytes:
        """The chunk with the role, once a choice; ``content`` is null before tool calls."""
        if index in self._begun:
            return b""
        self._begun.add(index)
        opening = {"role": "assistant", "content": content, "refusal": None}
        return self._chunk(opening, index, self._blank)

    def text(self, text: str, index: int = 0) -> bytes:
        """A piece of content, the delta that nearly all chunks are."""
        chunk = b"%s%d%s%s}%s" % (self._head, index, _CONTENT, _encode(text), self._blank)
        return chunk if index in self._begun else self.begin(index) + chunk

    def delta(
        self, delta: dict[str, Any], index: int = 0, logprobs: dict[str, Any] | None = None
    ) -> bytes:
        """Any piece of a message."""
        is_call = "tool_calls" in delta
        if is_call and self._functions:
            delta = as_function_call(delta)
        blank = self._blank
        if logprobs is not None:
            blank = b',"logprobs":' + _encode(logprobs) + b',"finish_reason":null}' + self._tail
        chunk = self._chunk(delta, index, blank)
        if index in self._begun:
            return chunk
        return self.begin(index, content=None if is_call else "") + chunk

    def finish(self, reason: Finish, index: int = 0) -> bytes:
        """The one chunk of a choice that carries its finish reason."""
        word = finish_by_function(reason) if self._functions else reason
        end = b',"logprobs":null,"finish_reason":"' + word.encode() + b'"}' + self._tail
        return self.begin(index) + self._chunk({}, index, end)

    def usage(self, usage: Usage | None, cost_usd: float | None) -> bytes:
        """The chunk with usage and no choices; nothing if it was not asked for or is not known."""
        if usage is None or not self._include_usage:
            return b""
        return self._bare + b'],"usage":' + _encode(usage_object(usage, cost_usd)) + b"}\n\n"

    def _chunk(self, delta: dict[str, Any], index: int, end: bytes) -> bytes:
        return b'%s%d,"delta":%s%s' % (self._head, index, _encode(delta), end)
