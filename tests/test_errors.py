"""Errors that come back from an answer."""

import pytest

from orouter.errors import InvalidApiKey, LimitExceeded, ModelNotFound, UpstreamError, answered


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_api_key", InvalidApiKey),
        ("model_not_found", ModelNotFound),
        ("limit_exceeded", LimitExceeded),
        ("upstream_error", UpstreamError),
        ("never_heard", UpstreamError),
    ],
)
def test_errors_are_those_of_the_tree(code: str, kind: type[Exception]) -> None:
    found = answered({"error": {"code": code, "message": "why"}})
    assert type(found) is kind
    assert found.message == "why"


def test_what_is_no_error_of_ours_is_an_upstream_s() -> None:
    assert isinstance(answered(["proxy"]), UpstreamError)
