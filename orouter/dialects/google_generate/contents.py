"""The conversation as ``systemInstruction`` parts and ``contents``.

Gemini knows the roles user and model only; results of tools are user content.
Source: google-genai ``Content`` and ``Part``.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from orouter.dialects.base import Target
from orouter.dialects.google_generate import signatures
from orouter.dialects.google_generate.calls import Call, function_call
from orouter.dialects.google_generate.media import media_part
from orouter.dialects.google_generate.results import results, text_of
from orouter.schemas.chat import Content, Message, ToolCall


class Turns(NamedTuple):
    """``system`` and the parts of each content are Gemini parts."""

    system: list[dict[str, Any]]
    contents: list[dict[str, Any]]


def turns(messages: Sequence[Message], target: Target) -> Turns:
    """Raises InvalidRequest where a message cannot be said to Gemini."""
    system: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    calls: dict[str, Call] = {}
    for role, run in groupby(enumerate(messages), key=_side):
        if role == "system":
            said_first = (part for _, message in run for part in _parts(message.content))
            system += [part for part in said_first if "text" in part]
        elif role == "model":
            for at, message in run:
                _remember(at, message.tool_calls or (), calls)
                _extend(contents, role, _model_parts(message, target))
        elif role == "tool":
            _extend(contents, "user", results(list(run), calls, target))
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


def _remember(at: int, made: Sequence[ToolCall], calls: dict[str, Call]) -> None:
    for position, call in enumerate(made):
        if call.id and call.function:
            calls[call.id] = Call((at, position), call.function.name)


def _model_parts(message: Message, target: Target) -> list[dict[str, Any]]:
    signed = signatures.of_message(message, target.recalled)
    parts = [_signed({"text": ""}, signature) for signature in signed.texts[:-1]]
    text = text_of(message.content, "") or message.refusal or ""
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
        _signed(function_call(call.function, call.id), signed.get(call.id or ""))
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
