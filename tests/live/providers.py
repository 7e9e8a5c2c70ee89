"""The four providers, each speaking its own wire format and as strict as the real one.

They share one mind (``think``), so that the same conversation can be held with each: asked about
the weather, it calls two tools at once, then a third, then answers. What a provider signed must
come back as it was given, in its place, or the request is refused with 400.

Sources: anthropic-sdk-python ``raw_message_stream_event.py``, google-genai ``types.py``, openai-
openapi ``CreateChatCompletionRequest``, OpenRouter's ``ChatStreamChunk``.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from anthropic.types.message_create_params import MessageCreateParamsBase

from orouter.dialects.openai_chat.fields import OPENAI_FIELDS, OPENAI_MESSAGE_FIELDS
from tests.live.upstream import Reply, Served, plain

JSON = dict[str, Any]

DEGREES = {"Rome": 30, "Oslo": 10}
ANSWER = "Rome 30, Oslo 10: on average 20 🌡"
BEFORE_THE_CUT = "as far as I"
BLOCK = 41
"""Bytes written at once: streams are cut anywhere, also inside a character."""
_numbers = itertools.count(1)


@dataclass
class Asked:
    """A request, read from any wire format; ``given`` are the results by their call's id."""

    text: str
    calls: list[str] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    images: int = 0
    wants_json: bool = False
    thinks: bool = False

    @property
    def results(self) -> list[Any]:
        """In the order of the calls."""
        return [self.given[call] for call in self.calls if call in self.given]


@dataclass
class Says:
    """An answer, before it is written in any wire format."""

    text: str = ""
    thought: str = ""
    calls: list[tuple[str, JSON]] = field(default_factory=list)
    breaks_off: bool = False


class Refusal(Exception):
    """The request is not what this provider takes."""


def think(asked: Asked) -> Says:
    """What any of the models says to this."""
    thought = "Let me see…" if asked.thinks else ""
    if "break off" in asked.text:
        return Says(BEFORE_THE_CUT, breaks_off=True)
    if asked.wants_json:
        return Says(json.dumps({"city": "Rome", "degrees": 30}), thought)
    if asked.images:
        return Says(f"{asked.images} image")
    if "weather" not in asked.text:
        return Says(f"You said: {asked.text}", thought)
    return _about_the_weather(asked.results, thought)


def _about_the_weather(results: list[Any], thought: str) -> Says:
    if not results:
        return Says("", thought, [("weather", {"city": city}) for city in DEGREES])
    if results[:2] != list(DEGREES.values()):
        raise Refusal(f"the results are {results}")
    if len(results) == 2:
        return Says("", thought, [("average", {"numbers": results})])
    return Says(ANSWER, thought)


class Provider:
    """A provider's server; ``path`` ends the addresses that it serves."""

    path: ClassVar[str]

    def __init__(self) -> None:
        self.signed: dict[str, Any] = {}
        """What came with each call, by the call's id (Google: name and arguments)."""

    async def __call__(self, served: Served) -> Reply:
        """The rule that answers in this provider's place."""
        try:
            says = think(self.read(served.body))
        except Refusal as refusal:
            return self.refusal(str(refusal))
        if not self.is_streamed(served):
            return self.overloaded() if says.breaks_off else plain(self.whole(says))
        text = "".join(self.events(says))
        block = text.encode()
        blocks = [block[n : n + BLOCK] for n in range(0, len(block), BLOCK)]
        return Reply(200, blocks, {"content-type": "text/event-stream"})

    def is_streamed(self, served: Served) -> bool:
        return bool(served.body.get("stream"))

    def read(self, body: JSON) -> Asked:
        """Raises Refusal as the real one answers 400."""
        raise NotImplementedError

    def whole(self, says: Says) -> JSON:
        raise NotImplementedError

    def events(self, says: Says) -> Iterator[str]:
        raise NotImplementedError

    def refusal(self, why: str) -> Reply:
        raise NotImplementedError

    def overloaded(self) -> Reply:
        raise NotImplementedError


def configured(url: str) -> JSON:
    """``providers`` of orouter.yaml, with all of them at one upstream's ``url``."""
    paths = {"openai": "/v1", "anthropic": "", "google": "/v1beta", "openrouter": "/or/v1"}
    return {
        name: {"type": name, "api_key": f"key-of-{name}", "base_url": url + path}
        for name, path in paths.items()
    }


def number(prefix: str) -> str:
    return f"{prefix}{next(_numbers):06d}"


def halves(text: str) -> tuple[str, str]:
    middle = len(text) // 2
    return text[:middle], text[middle:]


def value_of(text: Any) -> Any:
    """A tool's result as it was before it became a provider's text or object."""
    value = text["result"] if isinstance(text, dict) else text
    return json.loads(value)


class OpenAI(Provider):
    """``/v1/chat/completions``; refuses every field that it does not know."""

    path = "/v1/chat/completions"
    knows, knows_in_messages = OPENAI_FIELDS, OPENAI_MESSAGE_FIELDS

    def read(self, body: JSON) -> Asked:
        self._check(body)
        asked = Asked("", wants_json=bool(body.get("response_format")), thinks=self._thinks(body))
        for message in body["messages"]:
            content = message.get("content")
            if message["role"] == "user":
                parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
                asked.text = "".join(part.get("text", "") for part in parts)
                asked.images = sum(part["type"] == "image_url" for part in parts)
            if message["role"] == "tool":
                asked.given[message["tool_call_id"]] = value_of(content)
            if message.get("tool_calls"):
                asked.calls += [call["id"] for call in message["tool_calls"]]
                self._check_reasoning(message)
        return asked

    def _check(self, body: JSON) -> None:
        unknown = body.keys() - self.knows
        unknown |= {name for m in body["messages"] for name in m.keys() - self.knows_in_messages}
        if unknown:
            raise Refusal(f"Unrecognized request arguments supplied: {unknown}")

    def _thinks(self, _: JSON, /) -> bool:
        return False

    def _check_reasoning(self, message: JSON) -> None:
        """OpenAI's chat completions carry no reasoning."""

    def _message(self, says: Says) -> JSON:
        calls = [_openai_call(name, arguments) for name, arguments in says.calls]
        return {
            "role": "assistant",
            "content": says.text or None,
            "refusal": None,
            **({"tool_calls": calls} if calls else {}),
        }

    def whole(self, says: Says) -> JSON:
        finish = "tool_calls" if says.calls else "stop"
        message = self._message(says)
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
        envelope = self._envelope("chat.completion")
        return {**envelope, "choices": [choice], "usage": self._usage()}

    def events(self, says: Says) -> Iterator[str]:
        envelope = self._envelope("chat.completion.chunk")
        for delta in self._deltas(says):
            yield _data({**envelope, **_choice(delta), "usage": None, "obfuscation": "x7"})
        if says.breaks_off:
            yield _data({"error": {"message": "The server had an error", "type": "server_error"}})
            return
        yield _data({**envelope, **_choice({}, "tool_calls" if says.calls else "stop")})
        yield _data({**envelope, "choices": [], "usage": self._usage()}) + "data: [DONE]\n\n"

    def _deltas(self, says: Says) -> Iterator[JSON]:
        yield {"role": "assistant", "content": None if says.calls else "", "refusal": None}
        for half in halves(says.text):
            yield {"content": half}
        for index, call in enumerate(self._message(says).get("tool_calls", ())):
            function = {**call["function"], "arguments": ""}
            yield {"tool_calls": [{"index": index, **call, "function": function}]}
            for half in halves(call["function"]["arguments"]):
                yield {"tool_calls": [{"index": index, "function": {"arguments": half}}]}

    def refusal(self, why: str) -> Reply:
        error = {"message": why, "type": "invalid_request_error", "param": None, "code": None}
        return plain({"error": error}, 400)

    def overloaded(self) -> Reply:
        return plain({"error": {"message": "The server is overloaded", "code": "slow_down"}}, 503)

    def _envelope(self, kind: str) -> JSON:
        return {"id": number("chatcmpl-"), "object": kind, "created": 1_790_000_000, "model": "m-1"}

    def _usage(self) -> JSON:
        return {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60}


class OpenRouter(OpenAI):
    """Comments while it works, roles in every chunk, each finish reason twice, cost in usage."""

    path = "/or/v1/chat/completions"
    knows = OPENAI_FIELDS | {"reasoning", "models", "provider"}
    knows_in_messages = OPENAI_MESSAGE_FIELDS | {"reasoning", "reasoning_details"}

    def _thinks(self, asked: JSON, /) -> bool:
        return bool(asked.get("reasoning_effort") or asked.get("reasoning"))

    def _check_reasoning(self, message: JSON) -> None:
        for call in message["tool_calls"]:
            signed = self.signed.get(call["id"])
            if signed and message.get("reasoning_details") != signed:
                raise Refusal(f"reasoning_details of {call['id']} are missing or modified")

    def _message(self, says: Says) -> JSON:
        message = super()._message(says)
        if says.thought:
            signature = number("sig-or-")
            details = [_detail(text=says.thought, signature=signature)]
            message |= {"reasoning": says.thought, "reasoning_details": details}
            self.signed |= {call["id"]: details for call in message.get("tool_calls", ())}
        return message

    def _usage(self) -> JSON:
        return {**super()._usage(), "cost": 0.00125, "is_byok": False}

    def events(self, says: Says) -> Iterator[str]:
        envelope = {**self._envelope("chat.completion.chunk"), "provider": "Somebody"}
        yield ": OPENROUTER PROCESSING\n\n" * 2
        message = self._message(says)
        for delta in self._pieces(says, message):
            yield _data({**envelope, **_choice({"role": "assistant", "content": "", **delta})})
            yield ": OPENROUTER PROCESSING\n\n"
        last = {"role": "assistant", "content": ""}
        if says.breaks_off:
            error = {"code": 502, "message": "Provider disconnected"}
            yield _data({**envelope, "error": error, **_choice(last, "error")}) + "data: [DONE]\n\n"
            return
        finish = "tool_calls" if says.calls else "stop"
        yield _data({**envelope, **_choice(last, finish)})
        yield _data({**envelope, **_choice(last, finish), "usage": self._usage()})
        yield "data: [DONE]\n\n"

    def _pieces(self, says: Says, message: JSON) -> Iterator[JSON]:
        for detail in message.get("reasoning_details", ()):
            for half in halves(says.thought):
                yield {"reasoning": half, "reasoning_details": [_detail(text=half)]}
            yield {"reasoning_details": [_detail(text="", signature=detail["signature"])]}
        for half in halves(says.text):
            yield {"content": half}
        for index, call in enumerate(message.get("tool_calls", ())):
            yield {"tool_calls": [{"index": index, **call}]}


def _detail(**fields: str) -> JSON:
    return {"type": "reasoning.text", "format": "anthropic-claude-v1", "index": 0, **fields}


def _openai_call(name: str, arguments: JSON) -> JSON:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": number("call_"), "type": "function", "function": function}


def _choice(delta: JSON, finish: str | None = None) -> JSON:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {"choices": [choice]}


def _data(value: JSON) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n"


class Anthropic(Provider):
    """``/v1/messages``: named events, thinking signed, results together and at once."""

    path = "/v1/messages"
    # The SDK's types are of the newest version of the API, ours still takes sampling parameters.
    knows = MessageCreateParamsBase.__annotations__.keys() | {
        "stream",
        "temperature",
        "top_p",
        "top_k",
    }

    def read(self, body: JSON) -> Asked:
        unknown = body.keys() - self.knows
        if unknown or not body["max_tokens"]:
            raise Refusal(f"{unknown}: Extra inputs are not permitted")
        thinks = body.get("thinking", {}).get("type") in ("enabled", "adaptive")
        answers = [tool["name"] for tool in body.get("tools", ()) if "answer" in tool["name"]]
        schema = body.get("output_config", {}).get("format")
        asked = Asked("", wants_json=bool(schema or answers), thinks=thinks)
        self._wraps_answer = answers[0] if answers else ""
        before: list[JSON] = []
        for turn in body["messages"]:
            blocks = turn["content"]
            if turn["role"] == "assistant":
                self._check_thinking(blocks, thinks)
                asked.calls += [block["id"] for block in blocks if block["type"] == "tool_use"]
            else:
                _check_results(before, blocks)
                self._hear(blocks, asked)
            before = blocks
        return asked

    def _hear(self, blocks: list[JSON], asked: Asked) -> None:
        texts = [block["text"] for block in blocks if block["type"] == "text"]
        asked.text = "".join(texts) or asked.text
        asked.images += sum(block["type"] == "image" for block in blocks)
        for block in blocks:
            if block["type"] == "tool_result":
                asked.given[block["tool_use_id"]] = value_of(block["content"][0]["text"])

    def _check_thinking(self, blocks: list[JSON], thinks: bool) -> None:
        for block in blocks:
            signed = self.signed.get(block.get("id", ""))
            if signed and thinks and blocks[0] != signed:
                raise Refusal(
                    "Expected `thinking` or `redacted_thinking`, unmodified, before `tool_use`"
                )

    def _blocks(self, says: Says) -> list[JSON]:
        blocks: list[JSON] = []
        if says.thought:
            signature = number("sig-ant-")
            blocks.append({"type": "thinking", "thinking": says.thought, "signature": signature})
        if says.text and self._wraps_answer:
            call = {"id": number("toolu_"), "name": self._wraps_answer}
            return [*blocks, {"type": "tool_use", **call, "input": json.loads(says.text)}]
        if says.text:
            blocks.append({"type": "text", "text": says.text})
        for name, arguments in says.calls:
            call_id = number("toolu_")
            if says.thought:
                self.signed[call_id] = blocks[0]
            blocks.append({"type": "tool_use", "id": call_id, "name": name, "input": arguments})
        return blocks

    def whole(self, says: Says) -> JSON:
        stop = {"stop_reason": _stop_reason(says), "stop_sequence": None}
        return {**self._opening(), "content": self._blocks(says), **stop}

    def _opening(self) -> JSON:
        usage = {"input_tokens": 30, "cache_read_input_tokens": 10, "output_tokens": 20}
        named = {"id": number("msg_"), "type": "message", "role": "assistant", "model": "claude-1"}
        return {**named, "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}

    def events(self, says: Says) -> Iterator[str]:
        yield _event("message_start", message=self._opening())
        for index, block in enumerate(self._blocks(says)):
            yield from _block_events(index, block)
        if says.breaks_off:
            error = {"type": "overloaded_error", "message": "Overloaded"}
            yield _event("error", error=error)
            return
        delta = {"stop_reason": _stop_reason(says), "stop_sequence": None}
        yield _event("message_delta", delta=delta, usage={"output_tokens": 20})
        yield _event("message_stop")

    def refusal(self, why: str) -> Reply:
        error = {"type": "invalid_request_error", "message": why}
        return plain({"type": "error", "error": error}, 400)

    def overloaded(self) -> Reply:
        error = {"type": "overloaded_error", "message": "Overloaded"}
        return plain({"type": "error", "error": error}, 529)


def _check_results(before: list[JSON], blocks: list[JSON]) -> None:
    """All results at once after the calls, and before anything else."""
    called = {block["id"] for block in before if block["type"] == "tool_use"}
    given = [block.get("tool_use_id") for block in blocks[: len(called)]]
    if called != set(given) - {None}:
        raise Refusal("`tool_use` ids were found without `tool_result` blocks immediately after")


def _stop_reason(says: Says) -> str:
    return "tool_use" if says.calls else "end_turn"


def _event(kind: str, **fields: Any) -> str:
    value = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {value}\n\n"


_EMPTY = {"thinking": {"thinking": "", "signature": ""}, "text": {"text": ""}}


def _block_events(index: int, block: JSON) -> Iterator[str]:
    kind = block["type"]
    empty = {**block, **_EMPTY.get(kind, {"input": {}})}
    yield _event("content_block_start", index=index, content_block=empty)
    yield _event("ping")
    for delta in _deltas(block):
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _deltas(block: JSON) -> Iterator[JSON]:
    if block["type"] == "thinking":
        for half in halves(block["thinking"]):
            yield {"type": "thinking_delta", "thinking": half}
        yield {"type": "signature_delta", "signature": block["signature"]}
    elif block["type"] == "text":
        for half in halves(block["text"]):
            yield {"type": "text_delta", "text": half}
    else:
        for half in ("", *halves(json.dumps(block["input"]))):
            yield {"type": "input_json_delta", "partial_json": half}


class Gemini(Provider):
    """``:generateContent``: CRLF, no ``[DONE]``; from version 3 calls have ids and signatures."""

    path = ":generateContent"

    def __init__(self, *, signs: bool) -> None:
        super().__init__()
        self.signs = signs

    def is_streamed(self, served: Served) -> bool:
        return "streamGenerateContent?alt=sse" in served.path

    def read(self, body: JSON) -> Asked:
        config = body.get("generationConfig", {})
        asked = Asked("", wants_json=config.get("responseMimeType") == "application/json")
        asked.thinks = bool(config.get("thinkingConfig", {}).get("includeThoughts"))
        before: list[JSON] = []
        for content in body["contents"]:
            parts = content["parts"]
            if content["role"] == "model":
                self._check_signatures(parts)
            else:
                _check_responses(before, parts)
                self._hear(parts, asked)
            before = parts
        return asked

    def _hear(self, parts: list[JSON], asked: Asked) -> None:
        asked.text = "".join(part.get("text", "") for part in parts) or asked.text
        asked.images += sum("inlineData" in part for part in parts)
        for part in parts:
            if "functionResponse" in part:
                asked.calls.append(str(len(asked.calls)))
                asked.given[asked.calls[-1]] = value_of(part["functionResponse"]["response"])

    def _check_signatures(self, parts: list[JSON]) -> None:
        calls = [part for part in parts if "functionCall" in part]
        if not self.signs or not calls:
            return
        if calls[0].get("thoughtSignature") != self.signed[calls[0]["functionCall"].get("id", "")]:
            raise Refusal("Function call is missing a thought_signature in functionCall parts")

    def _parts(self, says: Says) -> list[JSON]:
        parts: list[JSON] = [{"text": says.thought, "thought": True}] if says.thought else []
        parts += [{"text": half} for half in halves(says.text) if half]
        for position, (name, arguments) in enumerate(says.calls):
            call: JSON = {"name": name, "args": arguments}
            part: JSON = {"functionCall": call}
            if self.signs:
                call["id"] = number("fc")
                if position == 0:
                    self.signed[call["id"]] = part["thoughtSignature"] = number("c2ln")
            parts.append(part)
        return parts

    def _answer(self, parts: list[JSON], finish: str | None = None) -> JSON:
        usage = {"promptTokenCount": 40, "candidatesTokenCount": 15, "thoughtsTokenCount": 5}
        candidate: JSON = {"content": {"role": "model", "parts": parts}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        return {
            "candidates": [candidate],
            "usageMetadata": {**usage, "totalTokenCount": 60},
            "modelVersion": "gemini-1",
            "responseId": "response-1",
        }

    def whole(self, says: Says) -> JSON:
        return self._answer(self._parts(says), "STOP")

    def events(self, says: Says) -> Iterator[str]:
        for part in self._parts(says):
            yield f"data: {json.dumps(self._answer([part]), ensure_ascii=False)}\r\n\r\n"
        if says.breaks_off:
            error = {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}
            yield f"data: {json.dumps({'error': error})}\r\n\r\n"
            return
        yield f"data: {json.dumps(self._answer([{'text': ''}], 'STOP'))}\r\n\r\n"

    def refusal(self, why: str) -> Reply:
        return plain({"error": {"code": 400, "message": why, "status": "INVALID_ARGUMENT"}}, 400)

    def overloaded(self) -> Reply:
        return plain({"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}}, 503)


def _check_responses(before: list[JSON], parts: list[JSON]) -> None:
    calls = [part["functionCall"] for part in before if "functionCall" in part]
    given = [part["functionResponse"] for part in parts if "functionResponse" in part]
    made = [(call["name"], call.get("id")) for call in calls]
    if made != [(response["name"], response.get("id")) for response in given]:
        raise Refusal("the function responses must match the function calls of the turn before")
