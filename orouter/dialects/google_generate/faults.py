"""Gemini's errors: ``{"error": {code, message, status, details}}``, in streams also in an array.

Source: google-genai ``errors.py``, google.rpc ``ErrorInfo`` and ``RetryInfo``. Gemini sends no
``retry-after`` header; the delay stands in a detail, or only in the message.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orouter.dialects.base import Fault
from orouter.dialects.faults import excerpt, fault_for
from orouter.dialects.readings import parse
from orouter.errors import OrouterError

_DELAY = re.compile(r"^\s*(\d+(?:\.\d+)?)s\s*$")
_RETRY_IN = re.compile(r"retry in (\d+(?:\.\d+)?)(ms|s)\b", re.IGNORECASE)


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault of an answer with an error status; the body may be anything."""
    error = _error_of(parse(body))
    if error is None:
        return fault_for(status, excerpt(body), headers=headers)
    return _fault(status, error, headers)


def broken_answer(error: object) -> OrouterError:
    """The error that stands in an answer which began as a success."""
    told = error if isinstance(error, dict) else {"message": str(error)}
    code = told.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 502
    return _fault(status, told, {}).error


def _error_of(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list) and value:
        value = value[0]
    error = value.get("error") if isinstance(value, dict) else None
    if isinstance(error, str):
        return {"message": error}
    return error if isinstance(error, dict) else None


def _fault(status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> Fault:
    message = error.get("message")
    text = message if isinstance(message, str) else ""
    details = error.get("details")
    told = [item for item in details if isinstance(item, dict)] if isinstance(details, list) else []
    return fault_for(
        status,
        text,
        signals=list(_signals(error, told)),
        headers=headers,
        retry_after_s=_delay(told, text),
    )


def _signals(error: Mapping[str, Any], details: list[dict[str, Any]]) -> Iterator[str]:
    for item in [*(detail.get("reason") for detail in details), error.get("status")]:
        if isinstance(item, str):
            yield item


def _delay(details: list[dict[str, Any]], message: str) -> float | None:
    """Seconds, from ``RetryInfo.retryDelay`` ("34.4s") or "Please retry in 48.9s."."""
    for detail in details:
        delay = _DELAY.match(str(detail.get("retryDelay") or ""))
        if delay:
            return float(delay[1])
    told = _RETRY_IN.search(message)
    if told is None:
        return None
    return float(told[1]) / (1000 if told[2].lower() == "ms" else 1)
