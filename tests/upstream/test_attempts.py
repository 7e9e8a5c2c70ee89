import asyncio
import time

import pytest

from orouter.dialects.base import Fault, WireRequest
from orouter.errors import (
    InvalidRequest,
    OrouterError,
    UnsupportedParameter,
    UpstreamAuthenticationError,
    UpstreamError,
    UpstreamRateLimited,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from orouter.upstream.attempts import Attempts, Refused, RetryPolicy, full_jitter
from orouter.upstream.client import (
    ConnectFailed,
    ConnectionCut,
    HttpAnswer,
    HttpCall,
    NoAnswer,
)
from orouter.upstream.endpoint import Candidate
from tests.upstream.scripted import COMPLETION, Script, ScriptedClient, candidate, no_pause

POLICY = RetryPolicy(max_retries=3, deadline_s=60.0, pause_s=no_pause)


class Echo:
    """Sends an empty object and gives the answer's bytes back."""

    def __init__(self, refuses: dict[str, OrouterError] | None = None) -> None:
        self._refuses = refuses or {}

    def encode(self, candidate: Candidate) -> WireRequest:
        if error := self._refuses.get(candidate.endpoint.name):
            raise error
        return WireRequest(path="/chat/completions", body=b"{}")

    async def receive(self, _: Candidate, answer: HttpAnswer) -> bytes:
        body = await answer.read(1 << 20)
        if body == b"error":
            raise Refused(Fault(error=UpstreamError("failed inside a 200"), retryable=True))
        return body


def error_body(message: str = "no", code: str | None = None) -> bytes:
    quoted = f'"{code}"' if code else "null"
    return b'{"error":{"message":"%s","type":"t","param":null,"code":%s}}' % (
        message.encode(),
        quoted.encode(),
    )


FAULTS = {
    "connection refused": (ConnectFailed("refused"), 4, UpstreamUnavailable),
    "no answer in time": (NoAnswer("nothing came"), 1, UpstreamTimeout),
    "cut inside the answer": (
        Script(blocks=(COMPLETION[:40], ConnectionCut("cut"))),
        4,
        UpstreamError,
    ),
    "error inside a 200": (Script(blocks=(b"error",)), 4, UpstreamError),
    "400": (Script(400, (error_body(),)), 1, InvalidRequest),
    "401": (Script(401, (error_body(),)), 1, UpstreamAuthenticationError),
    "404": (Script(404, (error_body(),)), 1, OrouterError),
    "408": (Script(408, (error_body(),)), 4, UpstreamTimeout),
    "422": (Script(422, (error_body(),)), 1, InvalidRequest),
    "429": (Script(429, (error_body(),)), 4, UpstreamRateLimited),
    "500": (Script(500, (error_body(),)), 4, UpstreamError),
    "502": (Script(502, (b"<html>bad gateway</html>",)), 4, UpstreamUnavailable),
    "503": (Script(503, (error_body(),)), 4, UpstreamUnavailable),
    "504": (Script(504, (error_body(),)), 4, UpstreamTimeout),
    "529": (Script(529, (error_body(),)), 4, UpstreamUnavailable),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_attempts_for_each_fault(name: str) -> None:
    fault, attempts, error = FAULTS[name]
    client = ScriptedClient(fault)
    sent = Attempts(POLICY)
    with pytest.raises(error):
        await sent.serve([candidate(client)], Echo())
    assert len(client.calls) == attempts
    assert len(sent.tries) == attempts
    assert all(answer.closed for answer in client.answers)


async def test_a_retry_that_succeeds_is_the_answer() -> None:
    client = ScriptedClient(ConnectFailed("refused"), Script(500, (error_body(),)), Script())
    sent = Attempts(POLICY)
    assert await sent.serve([candidate(client)], Echo()) == COMPLETION
    assert [t.status for t in sent.tries] == [503, 502, 200]
    assert sent.served_by is not None


async def test_the_next_candidate_serves_what_the_first_cannot() -> None:
    down, up = ScriptedClient(Script(401, (error_body(),))), ScriptedClient()
    sent = Attempts(POLICY)
    assert await sent.serve([candidate(down, "a"), candidate(up, "b")], Echo()) == COMPLETION
    assert sent.served_by is not None
    assert sent.served_by.name == "b/m"
    assert len(down.calls) == 1


@pytest.mark.parametrize(
    ("places", "calls"), [(1, [4]), (2, [2, 2]), (3, [2, 1, 1]), (4, [1, 1, 1, 1])]
)
async def test_all_calls_together_are_bounded(places: int, calls: list[int]) -> None:
    clients = [ScriptedClient(Script(503, (error_body(),))) for _ in range(places)]
    asked = [candidate(client, f"place-{n}") for n, client in enumerate(clients)]
    with pytest.raises(UpstreamUnavailable):
        await Attempts(POLICY).serve(asked, Echo())
    assert [len(client.calls) for client in clients] == calls


async def test_all_keys_of_a_place_are_tried_before_another_place() -> None:
    first, second = ScriptedClient(Script(401, (error_body(),))), ScriptedClient()
    asked = candidate(first, "a", keys=("sk-1", "sk-2"))
    assert await Attempts(POLICY).serve([asked, candidate(second, "b")], Echo()) == COMPLETION
    assert len({call.headers["authorization"] for call in first.calls}) == 2


async def test_a_callers_mistake_is_not_taken_elsewhere() -> None:
    first, second = ScriptedClient(Script(400, (error_body(),))), ScriptedClient()
    with pytest.raises(InvalidRequest):
        await Attempts(POLICY).serve([candidate(first, "a"), candidate(second, "b")], Echo())
    assert second.calls == []


async def test_a_candidate_that_cannot_be_asked_is_passed_over() -> None:
    client = ScriptedClient()
    echo = Echo({"a": UnsupportedParameter("n is 1 there")})
    answer = await Attempts(POLICY).serve(
        [candidate(ScriptedClient(), "a"), candidate(client, "b")], echo
    )
    assert answer == COMPLETION


async def test_the_refusal_of_all_candidates_is_the_first_ones() -> None:
    echo = Echo({"a": UnsupportedParameter("n is 1 there"), "b": InvalidRequest("no audio")})
    with pytest.raises(UnsupportedParameter):
        await Attempts(POLICY).serve(
            [candidate(ScriptedClient(), "a"), candidate(ScriptedClient(), "b")], echo
        )


async def test_when_everything_is_down_the_caller_learns_what_was_tried() -> None:
    policy = RetryPolicy(max_retries=0, pause_s=no_pause)
    clients = (
        ScriptedClient(ConnectFailed("refused")),
        ScriptedClient(Script(503, (error_body("busy"),))),
    )
    with pytest.raises(UpstreamUnavailable, match=r"a/m .*b/m .*busy"):
        await Attempts(policy).serve(
            [candidate(clients[0], "a"), candidate(clients[1], "b")], Echo()
        )


async def test_a_failing_key_is_rested_and_another_takes_over() -> None:
    client = ScriptedClient(Script(401, (error_body(),)), Script())
    asked = candidate(client, keys=("sk-upstream-1", "sk-upstream-2"))
    assert await Attempts(POLICY).serve([asked], Echo()) == COMPLETION
    used = [call.headers["authorization"] for call in client.calls]
    assert len(set(used)) == 2
    for _ in range(4):
        await Attempts(POLICY).serve([asked], Echo())
    assert {call.headers["authorization"] for call in client.calls[2:]} == {used[1]}


async def test_retry_after_is_waited_for_if_the_deadline_allows() -> None:
    client = ScriptedClient(Script(503, (error_body(),), {"retry-after": "0.2"}), Script())
    began = time.monotonic()
    await Attempts(POLICY).serve([candidate(client)], Echo())
    assert time.monotonic() - began >= 0.2


async def test_retry_after_beyond_the_deadline_is_told_instead() -> None:
    client = ScriptedClient(Script(429, (error_body(),), {"retry-after": "3600"}))
    with pytest.raises(UpstreamRateLimited) as caught:
        await Attempts(POLICY).serve([candidate(client)], Echo())
    assert len(client.calls) == 1
    assert caught.value.headers["retry-after"] == "3600"


async def test_the_deadline_bounds_all_attempts_together() -> None:
    client = ScriptedClient(Script(500, (error_body(),)))
    asked = candidate(client)
    asked.endpoint.answer_timeout_s = 0.3
    policy = RetryPolicy(max_retries=3, deadline_s=0.3, pause_s=lambda _: 0.2)
    began = time.monotonic()
    with pytest.raises(UpstreamError):
        await Attempts(policy).serve([asked], Echo())
    assert time.monotonic() - began < 0.55
    assert len(client.calls) == 2


async def test_a_provider_that_hangs_leaves_time_for_the_next() -> None:
    class Hanging(ScriptedClient):
        async def send(self, call: HttpCall) -> HttpAnswer:
            self.calls.append(call)
            await asyncio.sleep(call.answer_timeout_s)
            raise NoAnswer("nothing came")

    hung, up = candidate(Hanging(), "a"), candidate(ScriptedClient(), "b")
    hung.endpoint.answer_timeout_s = 0.1
    policy = RetryPolicy(deadline_s=0.1, pause_s=no_pause)
    assert await Attempts(policy).serve([hung, up], Echo()) == COMPLETION


async def test_an_open_breaker_spares_the_provider_and_says_so() -> None:
    down, up = ScriptedClient(Script(500, (error_body(),))), ScriptedClient()
    first = candidate(down, "a")
    for _ in range(2):
        with pytest.raises(UpstreamError):
            await Attempts(POLICY).serve([first], Echo())
    asked = len(down.calls)
    assert await Attempts(POLICY).serve([first, candidate(up, "b")], Echo()) == COMPLETION
    assert len(down.calls) == asked


async def test_a_storm_reaches_the_provider_only_within_the_budget() -> None:
    client = ScriptedClient(Script(500, (error_body(),)))
    asked = candidate(client)
    asked.endpoint.retries_in_flight = 3
    with pytest.raises(UpstreamError):
        await Attempts(POLICY).serve([asked], Echo())
    assert len(client.calls) == 1


async def test_the_operators_key_goes_upstream_and_nothing_is_left_in_flight() -> None:
    client = ScriptedClient()
    asked = candidate(client)
    await Attempts(POLICY).serve([asked], Echo())
    assert client.calls[0].headers["authorization"] == "Bearer sk-upstream-1"
    assert client.calls[0].url == "http://upstream.test/v1/chat/completions"
    assert (asked.endpoint.in_flight, asked.endpoint.retries_in_flight) == (0, 0)


async def test_without_a_candidate_nothing_is_sent() -> None:
    with pytest.raises(UpstreamUnavailable):
        await Attempts(POLICY).serve([], Echo())


def test_pauses_grow_up_to_a_bound_and_are_spread() -> None:
    assert all(0 <= full_jitter(0) <= 0.25 for _ in range(50))
    assert all(0 <= full_jitter(9) <= 8.0 for _ in range(50))
    assert len({full_jitter(3) for _ in range(10)}) > 1
