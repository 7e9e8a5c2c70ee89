"""Function calls of the history. Source: google-genai ``FunctionCall``."""

from typing import Any, NamedTuple

import msgspec

from orouter.schemas.chat import FunctionCall

MINTED = "call_gemini"
"""Begins the ids of calls that Gemini gave none; such an id is never sent to Gemini."""

_raw = msgspec.json.Decoder(msgspec.Raw).decode


class Call(NamedTuple):
    """A call that a result may answer; ``order`` is its message and its position in it."""

    order: tuple[int, int]
    name: str


def function_call(function: FunctionCall, call_id: str | None) -> dict[str, Any]:
    """The part that makes a call again."""
    told = {"name": function.name, "args": _arguments(function.arguments)}
    return {"functionCall": with_id(told, call_id)}


def with_id(value: dict[str, Any], call_id: str | None) -> dict[str, Any]:
    """The call or response with its id, unless the id is ours."""
    if call_id and not call_id.startswith(MINTED):
        value["id"] = call_id
    return value


def _arguments(text: str) -> Any:
    given = json_object(text)
    if given is not None:
        return given
    return {"arguments": text} if text.strip() else {}


def json_object(text: str) -> msgspec.Raw | None:
    """The text as it is where it holds a JSON object."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return _raw(text)
    except (msgspec.DecodeError, RecursionError):
        return None
