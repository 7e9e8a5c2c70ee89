"""What a provider's failure means, said once for every dialect.

A dialect takes its provider's error body apart (where the message stands, which words are machine
readable) and asks ``fault_for``. The tables below decide: first the machine-readable words, then
the few causes that providers only put into prose, then the HTTP status. Sources: openai-openapi
``Error``, Anthropic's error types, google.rpc.Code, OpenRouter's ``ApiErrorType``; the retry
headers are those that the OpenAI and Anthropic SDKs obey.
"""

import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from html import unescape
from math import ceil
from typing import Literal, NamedTuple

import msgspec

from orouter import errors
from orouter.dialects.base import Fault
from orouter.logs import redact_known

EXCERPT_CHARS = 300
MAX_MESSAGE_CHARS = 4000
FIRST_ERROR, LAST_ERROR = 400, 600


class Outcome(NamedTuple):
    """What a kind of failure is to the caller, and what may be done about it (see ``Fault``)."""

    error: type[errors.OrouterError]
    retryable: bool = False
    failover: bool = False
    credential: Literal["good", "bad", "tired"] = "good"


INVALID = Outcome(errors.InvalidRequest)
UNSUPPORTED = Outcome(errors.UnsupportedParameter)
TOO_LONG = Outcome(errors.ContextLengthExceeded)
AUTHENTICATION = Outcome(errors.UpstreamAuthenticationError, failover=True, credential="bad")
QUOTA = Outcome(errors.UpstreamQuotaExceeded, failover=True, credential="tired")
FORBIDDEN = Outcome(errors.PermissionDenied, failover=True)
MODERATED = Outcome(errors.ContentPolicyViolation)
NO_MODEL = Outcome(errors.ModelNotFound, failover=True)
TIMEOUT = Outcome(errors.UpstreamTimeout, retryable=True, failover=True)
CONFLICT = Outcome(errors.Conflict, retryable=True)
TOO_LARGE = Outcome(errors.BodyTooLarge)
RATE_LIMITED = Outcome(
    errors.UpstreamRateLimited, retryable=True, failover=True, credential="tired"
)
BROKEN = Outcome(errors.UpstreamError, retryable=True, failover=True)
UNAVAILABLE = Outcome(errors.UpstreamUnavailable, retryable=True, failover=True)

BY_STATUS: Mapping[int, Outcome] = {
    400: INVALID,
    401: AUTHENTICATION,
    402: QUOTA,
    403: FORBIDDEN,
    404: NO_MODEL,
    408: TIMEOUT,
    409: CONFLICT,
    413: TOO_LARGE,
    422: INVALID,
    429: RATE_LIMITED,
    500: BROKEN,
    502: UNAVAILABLE,
    503: UNAVAILABLE,
    504: TIMEOUT,
    524: TIMEOUT,
    529: UNAVAILABLE,
}

BY_SIGNAL: Mapping[str, Outcome] = {
    # OpenAI codes
    "context_length_exceeded": TOO_LONG,
    "too_many_prompt_tokens": TOO_LONG,  # Perplexity
    "string_above_max_length": TOO_LONG,
    "insufficient_quota": QUOTA,
    "billing_hard_limit_reached": QUOTA,
    "billing_not_active": QUOTA,
    "invalid_api_key": AUTHENTICATION,
    "model_not_found": NO_MODEL,
    "content_policy_violation": MODERATED,
    "content_filter": MODERATED,
    "unsupported_parameter": UNSUPPORTED,
    "unsupported_value": UNSUPPORTED,
    # Anthropic types and details
    "authentication_error": AUTHENTICATION,
    "billing_error": QUOTA,
    "enforced_spend_limit_reached": QUOTA,
    "overloaded_error": UNAVAILABLE,
    "request_too_large": TOO_LARGE,
    # google.rpc reasons
    "API_KEY_INVALID": AUTHENTICATION,
    "UNAUTHENTICATED": AUTHENTICATION,
    "DEADLINE_EXCEEDED": TIMEOUT,
    # OpenRouter error types
    "authentication": AUTHENTICATION,
    "payment_required": QUOTA,
    "max_tokens_exceeded": INVALID,
    "token_limit_exceeded": TOO_LONG,
    "provider_overloaded": UNAVAILABLE,
    "provider_unavailable": UNAVAILABLE,
    "payload_too_large": TOO_LARGE,
}

_TOO_LONG = re.compile(
    r"prompt is too long"
    r"|input token count .{0,80}exceeds the maximum"
    r"|maximum context length"
    r"|exceeds? (?:the |this model's )?(?:maximum |available )?context (?:length|window|size)",
    re.IGNORECASE,
)
_PROSE = (
    (frozenset({400, 413, 422}), _TOO_LONG, TOO_LONG),
    (frozenset({400}), re.compile(r"credit balance is too low", re.IGNORECASE), QUOTA),
    (
        frozenset({400}),
        re.compile(r"API key (?:not valid|expired)", re.IGNORECASE),
        AUTHENTICATION,
    ),
)

_SECRETS = (
    re.compile(r"(?i)\b(bearer\s+)[\w.~+/*-]{4,}=*"),
    re.compile(r"(?i)([?&](?:api[-_]?)?key=)[^&\s\"']+"),
    re.compile(r"(?i)(api[-_ ]?key(?: provided)?[\"']?\s*[:=]\s*[\"']?)[\w.*-]{6,}"),
    re.compile(r"(?<![\w-])((?:sk|pk|rk|gsk|ork|xai|hf|csk|nvapi|pplx|tgp)[-_])[\w.*-]{4,}"),
    re.compile(r"(?<![\w-])(AIza|AQ\.|ya29\.|eyJ)[\w.*-]{12,}"),
)
# Whole words that are keys: masked ones (abcd****wxyz) and 32 hexadecimal digits.
_BARE_SECRETS = re.compile(r"[\w.-]+\*{4,}[\w.-]*|(?<![\w-])[0-9a-f]{32}(?![\w-])")
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"\s+")


def scrub(text: str) -> str:
    """The text without configured secrets and what looks like a key, at a bounded length."""
    text = redact_known(text[: 2 * MAX_MESSAGE_CHARS])[:MAX_MESSAGE_CHARS]
    for pattern in _SECRETS:
        text = pattern.sub(r"\1[redacted]", text)
    return _BARE_SECRETS.sub("[redacted]", text)


def excerpt(body: bytes) -> str:
    """The readable beginning of a body that is not JSON, such as a proxy's HTML page."""
    text = body[:20_000].decode("utf-8", "replace")
    plain = _BLANKS.sub(" ", unescape(_TAGS.sub(" ", text))).strip()
    return scrub(plain)[:EXCERPT_CHARS] or "an empty body"


def compact(value: object) -> str:
    """A JSON value as one bounded line, for messages that are no text."""
    return msgspec.json.encode(value).decode()[:EXCERPT_CHARS]


def unreadable(body: bytes) -> errors.UpstreamError:
    """The error for a 200 whose body is no answer."""
    return errors.UpstreamError(f"The provider's answer could not be read: {excerpt(body)}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by ``retry-after-ms`` or ``retry-after`` (lower-case names); None if absent.

    A date is taken relative to the answer's own ``date`` header, so that no clock is needed.
    """
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _seconds(value)
    return seconds if seconds is not None else _until(value, headers.get("date"))


def _seconds(value: str | None) -> float | None:
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e9 else None


def _until(value: str | None, now: str | None) -> float | None:
    try:
        then, start = (
            parsedate_to_datetime(value or ""),
            parsedate_to_datetime(now or ""),
        )
        return max(0.0, (then - start).total_seconds())
    except (TypeError, ValueError):
        return None


def outcome_of(status: int, message: str, signals: Iterable[str] = ()) -> Outcome:
    """The outcome by machine-readable words, then by prose, then by status."""
    for signal in signals:
        if signal in BY_SIGNAL:
            return BY_SIGNAL[signal]
    for statuses, pattern, outcome in _PROSE:
        if status in statuses and pattern.search(message):
            return outcome
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= 500:
        return UNAVAILABLE
    return INVALID if status >= FIRST_ERROR else BROKEN


def fault_for(
    status: int,
    message: str,
    *,
    signals: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
    param: str | None = None,
    retry_after_s: float | None = None,
) -> Fault:
    """The fault of a provider's error.

    ``signals`` are the body's machine-readable words (codes, types, reasons), most telling first;
    ``headers`` have lower-case names; ``retry_after_s`` is a delay that stood in the body.
    """
    headers = headers or {}
    outcome = outcome_of(status, message, signals)
    wait = retry_after(headers)
    wait = retry_after_s if wait is None else wait
    text = scrub(message) or f"The provider answered with status {status}."
    if outcome is AUTHENTICATION:
        text = f"The provider refused the API key that the gateway's operator configured: {text}"
    due = {"retry-after": str(ceil(wait))} if wait is not None and outcome.retryable else {}
    told = {"true": True, "false": False}.get(headers.get("x-should-retry", ""))
    return Fault(
        error=outcome.error(text, param=scrub(param) if param else None, headers=due),
        retryable=outcome.retryable if told is None else told,
        failover=outcome.failover,
        credential=outcome.credential,
        retry_after_s=wait,
    )
