"""Anthropic's errors: ``{"type": "error", "error": {"type", "message", "details"?}}``.

Source: platform.claude.com/docs/en/api/errors. In a stream an error has no HTTP status, so its type
stands for one.
"""

import re
from collections.abc import Mapping
from typing import Any

from orouter.dialects.base import Fault
from orouter.dialects.faults import excerpt, fault_for
from orouter.dialects.readings import parse

_STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_OVER_CONTEXT = re.compile(r"input length and `max_tokens` exceed context limit")


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault of an answer with an error status; the body may be anything, a proxy's page too."""
    value = parse(body)
    error = value.get("error") if isinstance(value, dict) else None
    if error is None:
        return fault_for(status, excerpt(body), headers=headers)
    return fault_of(error, status, headers)


def fault_of(
    error: Any, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Fault:
    """The fault of an ``error`` object; without a status it came in a stream or with a 200."""
    if not isinstance(error, dict):
        return fault_for(status or 500, str(error), headers=headers)
    kind, details = error.get("type"), error.get("details")
    message = str(error.get("message") or kind or error)
    words = [details.get("error_code") if isinstance(details, dict) else None, kind]
    if _OVER_CONTEXT.search(message):
        words.insert(0, "context_length_exceeded")
    signals = [word for word in words if isinstance(word, str)]
    return fault_for(
        status or _STATUS.get(str(kind), 500), message, signals=signals, headers=headers
    )
