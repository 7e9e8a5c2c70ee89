"""Anthropic's errors, its proxies' pages, and what may be done about each."""

import json
from typing import Any

import pytest

from orouter import errors
from orouter.dialects.anthropic_messages import decode_error
from orouter.dialects.base import Fault


def fault(status: int, kind: str, message: str, **details: Any) -> Fault:
    error: dict[str, Any] = {"type": kind, "message": message}
    if details:
        error["details"] = details
    body = {"type": "error", "error": error, "request_id": "req_1"}
    return decode_error(status, {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "kind", "error", "code"),
    [
        (400, "invalid_request_error", errors.InvalidRequest, 400),
        (402, "billing_error", errors.UpstreamQuotaExceeded, 503),
        (403, "permission_error", errors.PermissionDenied, 403),
        (404, "not_found_error", errors.ModelNotFound, 404),
        (413, "request_too_large", errors.BodyTooLarge, 413),
        (429, "rate_limit_error", errors.UpstreamRateLimited, 429),
        (500, "api_error", errors.UpstreamError, 502),
        (504, "timeout_error", errors.UpstreamTimeout, 504),
        (529, "overloaded_error", errors.UpstreamUnavailable, 503),
    ],
)
def test_every_type(status: int, kind: str, error: type[errors.OrouterError], code: int) -> None:
    found = fault(status, kind, "the cause")
    assert type(found.error) is error
    assert found.error.status == code
    assert "the cause" in found.error.message
    assert found.retryable is (status in {429, 500, 504, 529})


def test_the_operators_key_is_not_the_callers() -> None:
    found = fault(401, "authentication_error", "invalid x-api-key sk-ant-api03-abcdefgh")
    assert type(found.error) is errors.UpstreamAuthenticationError
    assert (found.error.status, found.credential, found.failover) == (502, "bad", True)
    assert "operator" in found.error.message
    assert "invalid x-api-key" in found.error.message
    assert "abcdefgh" not in found.error.message


@pytest.mark.parametrize(
    "message",
    [
        "prompt is too long: 3333404 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 199000 + 32000 > 200000",
    ],
)
def test_too_long(message: str) -> None:
    found = fault(400, "invalid_request_error", message)
    assert type(found.error) is errors.ContextLengthExceeded
    assert found.error.message == message


@pytest.mark.parametrize(
    ("status", "kind", "message", "details"),
    [
        (429, "rate_limit_error", "Cap", {"error_code": "enforced_spend_limit_reached"}),
        (400, "invalid_request_error", "Your credit balance is too low to use the API.", {}),
    ],
)
def test_out_of_money_is_not_retried(
    status: int, kind: str, message: str, details: dict[str, str]
) -> None:
    found = fault(status, kind, message, **details)
    assert type(found.error) is errors.UpstreamQuotaExceeded
    assert (found.retryable, found.failover, found.credential) == (False, True, "tired")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "61"}, 61),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        (
            {
                "retry-after": "Mon, 23 Nov 2026 09:00:30 GMT",
                "date": "Mon, 23 Nov 2026 09:00:00 GMT",
            },
            30,
        ),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    body = b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}'
    assert decode_error(429, headers, body).retry_after_s == seconds


@pytest.mark.parametrize(("told", "retryable"), [("true", True), ("false", False)])
def test_the_provider_says_whether_to_retry(told: str, retryable: bool) -> None:
    found = decode_error(500, {"x-should-retry": told}, b'{"error":{"type":"api_error"}}')
    assert found.retryable is retryable


@pytest.mark.parametrize(
    ("status", "body", "error", "cause"),
    [
        (
            502,
            b"<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>",
            errors.UpstreamUnavailable,
            "cloudflare",
        ),
        (413, b"<html>413 Request Entity Too Large</html>", errors.BodyTooLarge, "Too Large"),
        (524, b"error code: 524", errors.UpstreamTimeout, "524"),
        (503, b"", errors.UpstreamUnavailable, "empty"),
        (500, b"[]", errors.UpstreamError, "[]"),
        (400, b'{"error":"just words"}', errors.InvalidRequest, "just words"),
        (400, b'{"error":{"message":null}}', errors.InvalidRequest, "message"),
        (418, b"\xff\xfe", errors.InvalidRequest, "\ufffd"),
    ],
)
def test_bodies_that_are_not_anthropics(
    status: int, body: bytes, error: type[errors.OrouterError], cause: str
) -> None:
    found = decode_error(status, {}, body)
    assert type(found.error) is error
    assert cause in found.error.message
