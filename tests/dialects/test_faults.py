"""What a provider's failure means to the caller, to the retry and to the operator's key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter import errors
from orouter.dialects import faults
from orouter.logs import keep_secret


@pytest.mark.parametrize(
    ("status", "error", "retryable", "failover", "credential"),
    [
        (400, errors.InvalidRequest, False, False, "good"),
        (401, errors.UpstreamAuthenticationError, False, True, "bad"),
        (402, errors.UpstreamQuotaExceeded, False, True, "tired"),
        (403, errors.PermissionDenied, False, True, "good"),
        (404, errors.ModelNotFound, False, True, "good"),
        (408, errors.UpstreamTimeout, True, True, "good"),
        (409, errors.Conflict, True, False, "good"),
        (413, errors.BodyTooLarge, False, False, "good"),
        (418, errors.InvalidRequest, False, False, "good"),
        (422, errors.InvalidRequest, False, False, "good"),
        (429, errors.UpstreamRateLimited, True, True, "tired"),
        (500, errors.UpstreamError, True, True, "good"),
        (503, errors.UpstreamUnavailable, True, True, "good"),
        (504, errors.UpstreamTimeout, True, True, "good"),
        (529, errors.UpstreamUnavailable, True, True, "good"),
        (599, errors.UpstreamUnavailable, True, True, "good"),
        (302, errors.UpstreamError, True, True, "good"),
    ],
)
def test_statuses(
    status: int, error: type, credential: str, *, retryable: bool, failover: bool
) -> None:
    fault = faults.fault_for(status, "the cause")
    assert type(fault.error) is error
    assert "the cause" in fault.error.message
    assert (fault.retryable, fault.failover, fault.credential) == (retryable, failover, credential)


@pytest.mark.parametrize(
    ("status", "signals", "error"),
    [
        (429, ["insufficient_quota"], errors.UpstreamQuotaExceeded),
        (429, ["enforced_spend_limit_reached"], errors.UpstreamQuotaExceeded),
        (400, ["API_KEY_INVALID"], errors.UpstreamAuthenticationError),
        (403, ["content_policy_violation"], errors.ContentPolicyViolation),
        (400, ["unsupported_value", "invalid_request_error"], errors.UnsupportedParameter),
        (400, ["", "None", "context_length_exceeded"], errors.ContextLengthExceeded),
        (200, ["overloaded_error"], errors.UpstreamUnavailable),
    ],
)
def test_words_say_more_than_the_status(status: int, signals: list[str], error: type) -> None:
    assert type(faults.fault_for(status, "m", signals=signals).error) is error


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("prompt is too long: 3333404 tokens > 200000 maximum", errors.ContextLengthExceeded),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1).",
            errors.ContextLengthExceeded,
        ),
        (
            "This endpoint's maximum context length is 4096 tokens.",
            errors.ContextLengthExceeded,
        ),
        ("Your credit balance is too low to access the API.", errors.UpstreamQuotaExceeded),
        (
            "API key not valid. Please pass a valid API key.",
            errors.UpstreamAuthenticationError,
        ),
        ("messages: maximum context is everything", errors.InvalidRequest),
    ],
)
def test_some_causes_stand_only_in_the_prose(message: str, error: type) -> None:
    assert type(faults.fault_for(400, message).error) is error


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "2.5"}, 2.5),
        (
            {
                "retry-after": "Mon, 23 Nov 2026 10:00:30 GMT",
                "date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            30.0,
        ),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert faults.retry_after(headers) == seconds


def test_a_delay_is_told_to_the_caller_in_whole_seconds() -> None:
    fault = faults.fault_for(429, "slow down", headers={"retry-after-ms": "1200"})
    assert fault.retry_after_s == 1.2
    assert fault.error.headers == {"retry-after": "2"}
    assert faults.fault_for(400, "m", headers={"retry-after": "9"}).error.headers == {}


def test_a_delay_from_the_body_counts_where_no_header_has_one() -> None:
    assert faults.fault_for(429, "m", retry_after_s=34.4).retry_after_s == 34.4


@pytest.mark.parametrize(("said", "expected"), [("true", True), ("false", False), ("", None)])
def test_x_should_retry_has_the_last_word(said: str, expected: bool | None) -> None:
    assert faults.fault_for(400, "m", headers={"x-should-retry": said}).retryable is bool(expected)
    if expected is False:
        assert not faults.fault_for(500, "m", headers={"x-should-retry": said}).retryable


SECRETS = [
    "Incorrect API key provided: {}. You can find it at https://platform.openai.com.",
    "bad header Authorization: Bearer {}",
    "GET https://example.com/v1?key={}&alt=sse failed",
    '{{"x-api-key": "{}"}}',
    "no user for {}",
]


def test_a_configured_secret_passes_in_no_shape() -> None:
    keep_secret("word-for-word")
    shown = faults.fault_for(400, "user word-for-word is unknown").error.message
    assert shown == "user *** is unknown"


KEYS = [
    "sk-proj-abcdefABCDEF0123456789",
    "sk-ant-api03-abc_def-0123456789",
    "sk-or-v1-" + "ab12" * 16,
    "AIzaSyA-abcdefghijklmnop_0123456789",
    "sk-ab***************wxyz",
    "gsk_abcdefghijkl0123",
]


@pytest.mark.parametrize("where", SECRETS)
@pytest.mark.parametrize("key", KEYS)
def test_no_fragment_of_a_key_passes(where: str, key: str) -> None:
    shown = faults.fault_for(401, where.format(key)).error.message
    assert key[-4:] not in shown
    assert "[redacted]" in shown


@pytest.mark.parametrize(
    "text",
    [
        "The model `gpt-5.2-proo` does not exist or you do not have access to it.",
        "Invalid 'messages[3]'. Content blocks are expected to be either text or image_url type.",
        "This model does not support effort level 'xhigh'. Supported levels: high, low.",
        "task-force and risk-free **bold** text",
    ],
)
def test_ordinary_messages_pass_unchanged(text: str) -> None:
    assert faults.scrub(text) == text


def test_a_page_of_html_becomes_a_short_text() -> None:
    page = b"<html><head><style>b{}</style><title>502 Bad&nbsp;Gateway</title></head><b>cf</b>"
    assert faults.excerpt(page) == "502 Bad Gateway cf"
    assert len(faults.excerpt(b"word " * 100_000)) <= faults.EXCERPT_CHARS
    assert faults.excerpt(b"") == "an empty body"


@given(st.binary(max_size=200))
def test_any_body_can_be_quoted(body: bytes) -> None:
    assert faults.unreadable(body).status == 502
