"""Error bodies of OpenAI and its imitators."""

import json
from typing import Any

import pytest

from orouter import errors
from orouter.dialects.openai_chat import decode_error


def decode(status: int, value: Any) -> errors.OrouterError:
    return decode_error(status, {}, json.dumps(value).encode()).error


def openai(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    fields = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return {"error": fields}


@pytest.mark.parametrize(
    ("status", "body", "error", "cause"),
    [
        (400, openai("bad", param="messages[3]"), errors.InvalidRequest, "bad"),
        (400, openai("no", "unsupported_value", "temperature"), errors.UnsupportedParameter, "no"),
        (401, openai("no key", "invalid_api_key"), errors.UpstreamAuthenticationError, "no key"),
        (404, openai("no such", "model_not_found"), errors.ModelNotFound, "no such"),
        (429, openai("pay", "insufficient_quota"), errors.UpstreamQuotaExceeded, "pay"),
        (429, openai("slow", "rate_limit_exceeded"), errors.UpstreamRateLimited, "slow"),
        (401, {"detail": "Invalid API Key"}, errors.UpstreamAuthenticationError, "Invalid API Key"),
        (
            422,
            {"detail": [{"loc": ["body", "n"], "msg": "too big"}, {"msg": "and more"}]},
            errors.InvalidRequest,
            "body.n: too big; and more",
        ),
        (400, {"object": "error", "message": "vLLM's", "code": 400}, errors.InvalidRequest, "vLLM"),
        (500, {"error": "just words"}, errors.UpstreamError, "just words"),
        (400, {"error": {"message": "", "type": "t"}}, errors.InvalidRequest, '"type":"t"'),
        (400, [{"error": {"message": "in a list"}}], errors.InvalidRequest, "in a list"),
        (
            400,
            {"error": {"message": "The total is too long.", "type": "too_many_prompt_tokens"}},
            errors.ContextLengthExceeded,
            "too long",
        ),
    ],
)
def test_shapes(status: int, body: Any, error: type, cause: str) -> None:
    got = decode(status, body)
    assert type(got) is error
    assert cause in got.message


def test_the_parameter_at_fault_is_named() -> None:
    assert decode(400, openai("bad", param="messages[3]")).param == "messages[3]"


RAW = '{"error": {"message": "prompt is too long: 9 tokens > 8 maximum"}}'


def test_openrouters_cause_stands_in_the_metadata() -> None:
    metadata = {"raw": RAW, "provider_name": "Anthropic"}
    body = {"error": {"code": 400, "message": "Provider returned error", "metadata": metadata}}
    got = decode(400, body)
    assert type(got) is errors.ContextLengthExceeded
    assert got.message == "Provider returned error: prompt is too long: 9 tokens > 8 maximum"


def test_openrouters_error_types_and_moderation() -> None:
    overloaded = {"code": 400, "message": "m", "metadata": {"error_type": "provider_overloaded"}}
    flagged = {"code": 403, "message": "m", "metadata": {"reasons": ["violence"]}}
    assert type(decode(400, {"error": overloaded})) is errors.UpstreamUnavailable
    assert type(decode(403, {"error": flagged})) is errors.ContentPolicyViolation


def test_a_page_of_a_proxy_is_quoted() -> None:
    fault = decode_error(502, {"retry-after": "3"}, b"<html><h1>502 Bad Gateway</h1></html>")
    assert fault.error.message == "502 Bad Gateway"
    assert (fault.retryable, fault.retry_after_s) == (True, 3.0)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b"\xff", b'{"error": null}'])
def test_a_body_that_says_nothing_still_gives_an_error(body: bytes) -> None:
    assert decode_error(500, {}, body).error.message
