"""Reading a chat request once, strictly: whatever passes here is safe to translate and to forward.

Refused with InvalidRequest and the reason: malformed JSON, NaN and infinities, invalid UTF-8, lone
surrogates, duplicate keys, nesting over 64 levels, wrong types, and messages that no provider could
understand. Unknown fields pass.
"""

import json
from typing import Any

import msgspec

from orouter.errors import InvalidRequest
from orouter.schemas.chat import ChatRequest, Message

MAX_DEPTH = 64
SMALL = 4096
_encode = msgspec.json.Encoder().encode
_ESCAPED_COLON = b"\\u003"
_PART_FIELDS = {
    "text": "text",
    "refusal": "refusal",
    "image_url": "image_url",
    "input_audio": "input_audio",
    "file": "file",
    "video_url": "video_url",
}


def read_chat(body: bytes) -> ChatRequest:
    """The request in ``body``, validated. Raises InvalidRequest, naming the field at fault."""
    try:
        request = _decoded(body)
    except msgspec.ValidationError as e:
        raise _wrong_type(str(e)) from e
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise InvalidRequest(f"The request body is not valid JSON: {_reason(e)}.") from e
    request.source = body
    for index, message in enumerate(request.messages):
        _check_message(message, index)
    if request.tool_choice == "required" and not request.tools:
        raise InvalidRequest(
            "'tool_choice' is 'required' but there are no 'tools'.", param="tool_choice"
        )
    return request


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, RecursionError):
        return f"it is nested more than {MAX_DEPTH} levels deep"
    text = str(error)
    return (
        "it is empty or ends too early"
        if "truncated" in text
        else text.removeprefix("JSON is malformed: ")
    )


def _wrong_type(text: str) -> InvalidRequest:
    """From msgspec's words: ``Expected `int`, got `str` - at `$.max_tokens```."""
    what, _, where = text.partition(" - at ")
    param = where.strip("`").removeprefix("$").removeprefix(".") or None
    if param is None and "missing required field" in what:
        param = what.rpartition("field ")[2].strip("`")
    place = f" for '{param}'" if param else ""
    return InvalidRequest(f"Invalid value{place}: {what.replace('`', chr(39))}.", param=param)


def _decoded(body: bytes) -> ChatRequest:
    """The typed request and the plain value that it is made of."""
    decoded = _checked(body)
    request = msgspec.convert(decoded, ChatRequest)
    request.decoded = decoded
    return request


def _checked(body: bytes) -> Any:
    """The decoded body, not too deep and without duplicate keys, which decoders pass over.

    Whose text is the one that its value has when written has no key twice: so it is with what the
    SDKs send. Writing a long one costs more than looking at it.
    """
    value = msgspec.json.decode(body)
    if type(value) is not dict:
        return value  # and is refused for that
    if len(body) >= SMALL or not _is_flat(value, body) or _encode(value) != body:
        _look_through(body, value)
    return value


def _is_flat(value: dict[str, Any], body: bytes) -> bool:
    """Whether it surely has no more levels than it may.

    Most are nothing but texts, numbers and messages of texts. Of others the brackets are counted,
    which takes longer.
    """
    for each in value.values():
        if type(each) is dict or (type(each) is list and not all(map(_is_text, each))):
            return body.count(b"{") + body.count(b"[") <= MAX_DEPTH
    return True


def _is_text(message: Any) -> bool:
    if type(message) is not dict:
        return False
    for each in message.values():  # noqa: SIM110 - `all` takes twice as long
        if type(each) is not str:
            return False
    return True


def _look_through(body: bytes, value: dict[str, Any]) -> None:
    """Each key of the text brings a colon, and so do its strings.

    If the text has more of them than the decoded value, or if one may be written as an escape, the
    slow reader looks for the pair.
    """
    keys, colons, depth = _measure(value)
    if depth > MAX_DEPTH:
        raise InvalidRequest(f"The request body is nested more than {MAX_DEPTH} levels deep.")
    if body.count(b":") != keys + colons or (colons and _ESCAPED_COLON in body):
        json.loads(body, object_pairs_hook=_without_duplicates)


def _measure(value: Any) -> tuple[int, int, int]:
    """How many object keys there are, colons in other strings, and levels of containers."""
    keys = colons = depth = 0
    level = [value]
    while level:
        below: list[Any] = []
        for item in level:
            inner = item
            if type(item) is dict:
                keys += len(item)
                inner = item.values()
            for each in inner:
                kind = type(each)
                if kind is str:
                    colons += each.count(":")
                elif kind is dict or kind is list:
                    below.append(each)
        depth += 1
        level = below
    return keys, colons, depth


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidRequest(
            f"The key '{twice[:64]}' appears twice in one object.", param=twice[:64]
        )
    return found


def _check_message(message: Message, index: int) -> None:
    if message.content is None and message.role in ("system", "developer", "user", "tool"):
        raise _required(f"messages[{index}].content", f"role '{message.role}'")
    if message.role == "tool" and not message.tool_call_id:
        raise _required(f"messages[{index}].tool_call_id", "role 'tool'")
    if type(message.content) is list:
        for place, part in enumerate(message.content):
            field = _PART_FIELDS.get(part.type)
            if field is not None and getattr(part, field) is None:
                where = f"messages[{index}].content[{place}].{field}"
                raise _required(where, f"a part of type '{part.type}'")


def _required(where: str, what: str) -> InvalidRequest:
    return InvalidRequest(f"'{where}' is required for {what}.", param=where)
