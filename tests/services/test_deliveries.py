import pytest

from orouter.errors import (
    InvalidRequest,
    UpstreamAuthenticationError,
    UpstreamError,
    UpstreamUnavailable,
)
from orouter.services.deliveries import add_cost, fault_of, mint, refuse_encoded
from tests.upstream.scripted import Script, ScriptedAnswer


def test_only_what_is_the_providers_fault_is_asked_for_again() -> None:
    assert fault_of(UpstreamUnavailable("down")).retryable
    assert fault_of(UpstreamUnavailable("down")).failover
    refused = fault_of(UpstreamAuthenticationError("no"))
    assert (refused.retryable, refused.failover) == (False, True)
    theirs = fault_of(InvalidRequest("your mistake"))
    assert (theirs.retryable, theirs.failover) == (False, False)


def test_what_was_not_asked_for_packed_is_not_unpacked() -> None:
    bomb = ScriptedAnswer(Script(headers={"content-encoding": "gzip"}))
    with pytest.raises(UpstreamError, match="gzip"):
        refuse_encoded(bomb)
    assert bomb.closed
    refuse_encoded(ScriptedAnswer(Script(headers={"content-encoding": "identity"})))
    refuse_encoded(ScriptedAnswer(Script()))


def test_cost_is_in_usd_and_left_out_where_unknown() -> None:
    completion = {"usage": {"prompt_tokens": 1}}
    add_cost(completion, 1_500_000)
    assert completion["usage"] == {"prompt_tokens": 1, "cost": 0.0015}
    unpriced = {"usage": {"prompt_tokens": 1}}
    add_cost(unpriced, None)
    assert "cost" not in unpriced["usage"]
    without: dict[str, object] = {}
    add_cost(without, 5)
    assert without == {}


def test_minted_ids_differ() -> None:
    assert mint("call_").startswith("call_")
    assert mint("call_") != mint("call_")
