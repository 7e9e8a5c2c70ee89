"""The conversation as ``systemInstruction`` parts and ``contents``.

Gemini knows the roles user and model only. Results of tools are user content: all results of one
step together, each with the function's name, which OpenAI's tool message does not carry.
Source: google-genai ``Content``, ``FunctionCall`` and ``FunctionResponse``.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from orouter.dialects.base import Target
from orouter.dialects.google_generate import signatures
from orouter.dialects.google_generate.media import media_part
from orouter.errors import InvalidRequest
from orouter.schemas.chat import Content, FunctionCall, Message, ToolCall

MINTED = "call_gemini"
"""Begins the ids of calls that Gemini gave none; such an id is never sent to Gemini."""

_RESULT_MEDIA = ("image/", "application/pdf", "text/plain")
_is_json = msgspec.json.Decoder(msgspec.Raw).decode


class Turns(NamedTuple):
    """``system`` and the parts of each content are Gemini parts."""

    system: list[dict[str, Any]]
    contents: list[dict[str, Any]]


class _Call(NamedTuple):
    order: tuple[int, int]
    """Message and position in it."""
    name: str


def turns(messages: Sequence[Message], target: Target) -> Turns:
    """Raises InvalidRequest where a message cannot be said to Gemini."""
    system: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    calls: dict[str, _Call] = {}
    for role, run in groupby(enumerate(messages), key=_side):
        if role == "system":
            said_first = (part for _, message in run for part in _parts(message.content))
            system += [part for part in said_first if "text" in part]
        elif role == "model":
            for at, message in run:
                _remember(at, message.tool_calls or (), calls)
                _extend(contents, role, _model_parts(message, target))
        elif role == "tool":
            _extend(contents, "user", _results(list(run), calls, target))
        else:
            for _, message in run:
                _extend(contents, role, _parts(message.content))
    if not contents or contents[0]["role"] == "model":
        # Gemini wants a first turn of the user, and takes it empty.
        contents.insert(0, {"role": "user", "parts": [{"text": ""}]})
    return Turns(system, contents)


_SIDES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "model",
    "tool": "tool",
    "function": "tool",
}


def _side(numbered: tuple[int, Message]) -> str:
    return _SIDES[numbered[1].role]


def _extend(contents: list[dict[str, Any]], role: str, parts: list[dict[str, Any]]) -> None:
    if not parts:
        return
    if contents and contents[-1]["role"] == role:
        contents[-1]["parts"] += parts
    else:
        contents.append({"role": role, "parts": parts})


def _parts(content: Content) -> list[dict[str, Any]]:
    if content is None or isinstance(content, str):
        return [{"text": content}] if content else []
    found = []
    for part in content:
        text = part.text or part.refusal
        media = None if text else media_part(part)
        if text:
            found.append({"text": text})
        elif media:
            found.append(media)
    return found


def _text(content: Content, separator: str) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return separator.join(filter(None, (part.text or part.refusal for part in content)))


def _remember(at: int, made: Sequence[ToolCall], calls: dict[str, _Call]) -> None:
    for position, call in enumerate(made):
        if call.id and call.function:
            calls[call.id] = _Call((at, position), call.function.name)


def _model_parts(message: Message, target: Target) -> list[dict[str, Any]]:
    signed = signatures.of_message(message, target.recalled)
    parts = [_signed({"text": ""}, signature) for signature in signed.texts[:-1]]
    text = _text(message.content, "") or message.refusal or ""
    if text or signed.texts:
        parts.append(_signed({"text": text}, signed.texts[-1] if signed.texts else None))
    for position, image in enumerate(message.images or []):
        shown = media_part(image)
        if shown:
            parts.append(_signed(shown, signed.named.get(signatures.image_name(position))))
    return parts + _call_parts(message.tool_calls or [], signed.named, target)


def _call_parts(
    calls: Sequence[ToolCall], signed: dict[str, str], target: Target
) -> list[dict[str, Any]]:
    parts = [
        _signed(_function_call(call.function, call.id), signed.get(call.id or ""))
        for call in calls
        if call.function
    ]
    if target.capabilities.signed_calls and parts:
        parts[0].setdefault("thoughtSignature", signatures.UNSIGNED)
    return parts


def _signed(part: dict[str, Any], signature: str | None) -> dict[str, Any]:
    if signature:
        part["thoughtSignature"] = signature
    return part


def _function_call(function: FunctionCall, call_id: str | None) -> dict[str, Any]:
    told = {"name": function.name, "args": _arguments(function.arguments)}
    return {"functionCall": _with_id(told, call_id)}


def _with_id(value: dict[str, Any], call_id: str | None) -> dict[str, Any]:
    if call_id and not call_id.startswith(MINTED):
        value["id"] = call_id
    return value


def _arguments(text: str) -> Any:
    given = _json_object(text)
    if given is not None:
        return given
    return {"arguments": text} if text.strip() else {}


def _json_object(text: str) -> msgspec.Raw | None:
    """The text as it is where it holds a JSON object."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return _is_json(text)
    except (msgspec.DecodeError, RecursionError):
        return None


class _Result(NamedTuple):
    call: _Call
    response: dict[str, Any]
    media: list[dict[str, Any]]


def _results(
    run: Sequence[tuple[int, Message]], calls: dict[str, _Call], target: Target
) -> list[dict[str, Any]]:
    given = [_result(at, message, calls, target) for at, message in run]
    ordered = _in_order(given) if len(given) > 1 else given
    responses = [{"functionResponse": result.response} for result in ordered]
    return responses + [part for result in given for part in result.media]


def _in_order(given: Sequence[_Result]) -> list[_Result]:
    """Results of one function in the order of its calls: without ids, Gemini pairs them by it."""
    waiting: dict[str, list[_Result]] = {}
    for result in sorted(given, key=_call_order, reverse=True):
        waiting.setdefault(result.call.name, []).append(result)
    return [waiting[result.call.name].pop() for result in given]


def _call_order(result: _Result) -> tuple[int, int]:
    return result.call.order


def _result(at: int, message: Message, calls: dict[str, _Call], target: Target) -> _Result:
    call = calls.get(message.tool_call_id or "")
    if call is None:
        if not message.name:
            raise InvalidRequest(
                f"messages[{at}] answers the tool call {message.tool_call_id!r}, "
                "which no assistant message before it made.",
                param=f"messages[{at}].tool_call_id",
            )
        call = _Call((at, 0), message.name)
    response = {"name": call.name, "response": _response(_text(message.content, "\n"))}
    inside, beside = _result_media(message.content, target)
    if inside:
        response["parts"] = inside
    return _Result(call, _with_id(response, message.tool_call_id), beside)


def _response(text: str) -> Any:
    given = _json_object(text)
    return {"result": text} if given is None else given


def _result_media(
    content: Content, target: Target
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Media inside the response, and beside it where a model or type does not go inside."""
    if content is None or isinstance(content, str):
        return [], []
    inside: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    for part in content:
        media = None if part.text else media_part(part)
        if media:
            (inside if _fits_inside(media, target) else beside).append(media)
    return inside, beside


def _fits_inside(media: dict[str, Any], target: Target) -> bool:
    mime = (media.get("inlineData") or media["fileData"]).get("mimeType", "")
    return target.capabilities.media_in_results and mime.startswith(_RESULT_MEDIA)
