"""What Gemini's errors mean to the caller, the retry and the credential."""

import json

import pytest

from orouter import errors
from orouter.dialects.google_generate import decode_error

KEY = "AIzaSyA1234567890abcdefghijklmnopqrstuv"


def body(code, status, message, *details):
    error = {"code": code, "message": message, "status": status}
    return {"error": error | ({"details": list(details)} if details else {})}


INVALID_KEY = body(
    400,
    "INVALID_ARGUMENT",
    "API key not valid. Please pass a valid API key.",
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
)
TOO_LONG = "The input token count (9) exceeds the maximum number of tokens allowed (8)."
NO_MODEL = "models/gemini-0 is not found for API version v1beta, or is not supported."


@pytest.mark.parametrize(
    ("status", "told", "error", "retryable", "credential"),
    [
        (400, INVALID_KEY, errors.UpstreamAuthenticationError, False, "bad"),
        (401, body(401, "UNAUTHENTICATED", "x"), errors.UpstreamAuthenticationError, False, "bad"),
        (403, body(403, "PERMISSION_DENIED", "x"), errors.PermissionDenied, False, "good"),
        (404, body(404, "NOT_FOUND", NO_MODEL), errors.ModelNotFound, False, "good"),
        (400, body(400, "INVALID_ARGUMENT", "bad role"), errors.InvalidRequest, False, "good"),
        (
            400,
            body(400, "INVALID_ARGUMENT", TOO_LONG),
            errors.ContextLengthExceeded,
            False,
            "good",
        ),
        (429, body(429, "RESOURCE_EXHAUSTED", "x"), errors.UpstreamRateLimited, True, "tired"),
        (500, body(500, "INTERNAL", "x"), errors.UpstreamError, True, "good"),
        (503, body(503, "UNAVAILABLE", "x"), errors.UpstreamUnavailable, True, "good"),
        (504, body(504, "DEADLINE_EXCEEDED", "x"), errors.UpstreamTimeout, True, "good"),
    ],
)
@pytest.mark.parametrize("in_array", [False, True])
def test_an_error(status, told, error, retryable, credential, in_array) -> None:
    sent = json.dumps([told] if in_array else told).encode()
    fault = decode_error(status, {}, sent)
    assert type(fault.error) is error
    assert (fault.retryable, fault.credential) == (retryable, credential)
    assert told["error"]["message"] in fault.error.message


@pytest.mark.parametrize(
    ("message", "details", "seconds"),
    [
        ("Quota.", [{"@type": "…RetryInfo", "retryDelay": "34.4s"}], 34.4),
        ("Quota exceeded. Please retry in 48.9s.", [], 48.9),
        ("Quota exceeded. Please retry in 250ms.", [], 0.25),
        ("Quota.", [{"retryDelay": "soon"}, {"retryDelay": 7}, "x"], None),
        ("Quota.", [], None),
    ],
)
def test_the_delay_stands_in_details_or_message(message, details, seconds) -> None:
    told = body(429, "RESOURCE_EXHAUSTED", message, *details)
    assert decode_error(429, {}, json.dumps(told).encode()).retry_after_s == seconds


@pytest.mark.parametrize(
    "sent",
    [b"", b"<html><title>502</title>Bad Gateway</html>", b"[]", b"[7]", b'{"error": []}', b"\xff"],
)
def test_a_body_that_is_no_error_object(sent) -> None:
    fault = decode_error(502, {}, sent)
    assert type(fault.error) is errors.UpstreamUnavailable
    assert fault.retryable
    assert "<" not in fault.error.message


def test_an_error_that_is_only_text() -> None:
    assert decode_error(500, {}, b'{"error": "Oh."}').error.message == "Oh."


def test_no_key_passes_through() -> None:
    told = body(400, "INVALID_ARGUMENT", f"Bad key {KEY} at https://x/?key={KEY}")
    for sent in (json.dumps(told).encode(), KEY.encode()):
        assert KEY[4:12] not in decode_error(400, {}, sent).error.message
