"""Results of tools as function responses.

All results of one step stand together, each with the function's name, which OpenAI's tool message
does not carry. Source: google-genai ``FunctionResponse``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orouter.dialects.base import Target
from orouter.dialects.google_generate.calls import Call, json_object, with_id
from orouter.dialects.google_generate.media import media_part
from orouter.errors import InvalidRequest
from orouter.schemas.chat import Content, Message

_MEDIA_INSIDE = ("image/", "application/pdf", "text/plain")


class _Result(NamedTuple):
    call: Call
    response: dict[str, Any]
    media: list[dict[str, Any]]


def results(
    run: Sequence[tuple[int, Message]], calls: dict[str, Call], target: Target
) -> list[dict[str, Any]]:
    """The parts for one step's tool messages, numbered by their place in the conversation.

    Raises InvalidRequest for a result whose call is unknown.
    """
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


def _result(at: int, message: Message, calls: dict[str, Call], target: Target) -> _Result:
    call = calls.get(message.tool_call_id or "")
    if call is None:
        if not message.name:
            raise InvalidRequest(
                f"messages[{at}] answers the tool call {message.tool_call_id!r}, "
                "which no assistant message before it made.",
                param=f"messages[{at}].tool_call_id",
            )
        call = Call((at, 0), message.name)
    response = {"name": call.name, "response": _response(text_of(message.content, "\n"))}
    inside, beside = _result_media(message.content, target)
    if inside:
        response["parts"] = inside
    return _Result(call, with_id(response, message.tool_call_id), beside)


def _response(text: str) -> Any:
    given = json_object(text)
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
    return target.capabilities.media_in_results and mime.startswith(_MEDIA_INSIDE)


def text_of(content: Content, separator: str) -> str:
    """All text of a content."""
    if content is None or isinstance(content, str):
        return content or ""
    return separator.join(filter(None, (part.text or part.refusal for part in content)))
