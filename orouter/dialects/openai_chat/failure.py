"""Errors in OpenAI's shape and in those that its imitators have.

Shapes: OpenAI ``{"error": {message, type, param, code}}``; OpenRouter ``{"error": {code: int,
message, metadata: {raw, error_type, reasons}}}``; Mistral and FastAPI ``{"detail": …}`` or
``{"message": …}``; a plain string under ``error``; HTML from a proxy.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orouter.dialects import faults
from orouter.dialects.base import Fault
from orouter.dialects.readings import parse
from orouter.errors import OrouterError, UpstreamError

MAX_CAUSES = 3
# A provider's word for these is a status of its own; a 200 or a stream has none to offer.
STATUS_OF_TYPE: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "server_error": 500,
    "too_many_prompt_tokens": 400,
}


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault of an answer with an error status."""
    value = parse(body)
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return faults.fault_for(status, faults.excerpt(body), headers=headers)
    return fault_of(value, status, headers)


def fault_of(
    body: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> Fault:
    """The fault of an error object; with a status under 400 its own code or type decides."""
    error = body.get("error")
    details = error if isinstance(error, dict) else body
    if status < faults.FIRST_ERROR:
        status = _status_in(details)
    param = details.get("param")
    return faults.fault_for(
        status,
        _message(error, details),
        signals=tuple(_signals(details)),
        headers=headers,
        param=param if isinstance(param, str) else None,
    )


def broken_off(choice: Mapping[str, Any]) -> OrouterError:
    """The error of a choice whose finish reason is ``error`` (OpenRouter)."""
    if isinstance(choice.get("error"), dict):
        return fault_of(choice, 200).error
    return UpstreamError("The provider broke the answer off with an error that it did not explain.")


def _status_in(details: Mapping[str, Any]) -> int:
    for name in ("status_code", "code", "status"):
        code = details.get(name)
        if isinstance(code, int) and faults.FIRST_ERROR <= code < faults.LAST_ERROR:
            return code
    return STATUS_OF_TYPE.get(str(details.get("type")), 502)


def _message(error: Any, details: Mapping[str, Any]) -> str:
    if isinstance(error, str):
        return error
    message = next(
        (text for name in ("message", "detail", "msg") if (text := _text(details.get(name)))), ""
    )
    metadata = details.get("metadata")
    cause = _text(metadata.get("raw")) if isinstance(metadata, dict) else ""
    if cause and cause not in message:
        return f"{message}: {cause}" if message else cause
    return message or _text(dict(details))


def _text(value: Any) -> str:
    """A readable form of what stands where a message should."""
    if isinstance(value, str):
        inner = parse(value.encode(errors="replace")) if value[:1] in "{[" else None
        return (_text(inner) if isinstance(inner, dict | list) and inner else "") or value
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value[:MAX_CAUSES])
    if isinstance(value, dict):
        inner = value.get("message") or value.get("msg") or value.get("detail")
        nested = value.get("error")
        where = value.get("loc")
        place = ".".join(str(step) for step in where) + ": " if isinstance(where, list) else ""
        found = _text(inner) or _text(nested)
        return place + found if found else faults.compact(value)
    return "" if value is None else str(value)


def _signals(details: Mapping[str, Any]) -> Iterator[str]:
    metadata = details.get("metadata")
    if isinstance(metadata, dict):
        if metadata.get("reasons") or metadata.get("flagged_input"):
            yield "content_policy_violation"
        yield str(metadata.get("error_type"))
    yield str(details.get("code"))
    yield str(details.get("type"))
