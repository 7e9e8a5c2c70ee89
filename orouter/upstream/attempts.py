"""Sending a request until somebody serves it: retries, fail-over, resting keys, one deadline.

At most ``max_retries`` retries in all (3: 4 calls), each after a pause drawn from 0.25 s · 2ⁿ with
full jitter, 8 s at most, or after what the provider asked for. A candidate that cannot serve the
request hands it to the next one, after one retry if that leaves a call for each of the others.
Nothing is repeated once the caller has seen a byte: by then
``Attempts.serve`` has returned.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from orouter.dialects.base import Fault, WireRequest
from orouter.errors import OrouterError, UpstreamError, UpstreamTimeout, UpstreamUnavailable
from orouter.upstream.client import ConnectFailed, HttpAnswer, HttpCall
from orouter.upstream.credentials import BAD_KEY_REST_S, TIRED_REST_S, Credential
from orouter.upstream.endpoint import Candidate

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 8.0
ERROR_BODY_LIMIT = 1 << 20


def full_jitter(n: int) -> float:
    """Seconds before retry number ``n``, from 0."""
    longest = min(FIRST_PAUSE_S * 2**n, LONGEST_PAUSE_S)
    return random.uniform(0, longest)  # noqa: S311 - spreads load, guards nothing


class Refused(Exception):
    """A provider's failure on the way from ``Delivery.receive`` to the retry policy."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.error.message)
        self.fault = fault


class Delivery(Protocol[T_co]):
    """What is sent to a candidate and what is made of its answer."""

    def encode(self, candidate: Candidate, /) -> WireRequest:
        """Raises InvalidRequest or UnsupportedParameter if this candidate cannot be asked that."""
        ...

    async def receive(self, candidate: Candidate, answer: HttpAnswer, /) -> T_co:
        """Reads a 2xx answer. Raises Refused where it holds a failure."""
        ...


class Try(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt, for the record; ``ms`` until its answer or failure."""

    provider: str
    model: str
    status: int
    ms: int
    code: str = ""
    key: str = ""


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """``pause_s`` draws a pause for the n-th retry; tests pass their own."""

    max_retries: int = 3
    deadline_s: float = 60.0
    """To the first byte, over all attempts at one model; a provider's longer timeout extends it."""
    pause_s: Callable[[int], float] = full_jitter


class Trace(Protocol):
    """Who follows the attempts, if anybody does."""

    def begins(self, candidate: Candidate, /) -> Mapping[str, str]:
        """An attempt; returns headers to be sent with it."""
        ...

    def ended(self, attempt: Try, /) -> None: ...

    def finish(self, settled: Any, /) -> None:
        """The request has its settlement."""
        ...


class Attempts(Struct, eq=False):
    """The attempts at one request; ``tries`` is their record, ``served_by`` who served it."""

    policy: RetryPolicy
    tries: list[Try] = []
    served_by: Candidate | None = None
    trace: Trace | None = None
    _deadline: float = 0.0
    _retries: int = 0

    async def serve(self, candidates: Sequence[Candidate], delivery: Delivery[T]) -> T:
        """The first answer that is one. Raises the error that the caller shall see."""
        fault: Fault | None = None
        unable: OrouterError | None = None
        for n, candidate in enumerate(candidates):
            others = len(candidates) - n - 1
            try:
                wire = delivery.encode(candidate)
            except OrouterError as e:
                unable = unable or e
                continue
            # A provider that hangs uses up its own time, not that of the one after it.
            patience = max(self.policy.deadline_s, candidate.endpoint.answer_timeout_s)
            self._deadline = monotonic() + patience
            try:
                return await self._serve_at(candidate, wire, delivery, others)
            except Refused as e:
                fault = e.fault
                if not (fault.failover or fault.retryable):
                    break
        if fault is None:
            raise unable or UpstreamUnavailable("No provider is configured for this model.")
        raise self._verdict(fault)

    async def _serve_at(
        self, candidate: Candidate, wire: WireRequest, delivery: Delivery[T], others: int
    ) -> T:
        """One candidate with its retries, ``others`` after it. Raises Refused: its last fault."""
        endpoint = candidate.endpoint
        endpoint.in_flight += 1
        retrying = False
        try:
            while True:
                try:
                    answer = await self._call(candidate, wire, delivery, last=not others)
                except Refused as e:
                    pause = self._pause(candidate, e.fault, others, retrying)
                    if pause is None or not (retrying or endpoint.may_retry()):
                        raise
                    if not retrying:
                        retrying = True
                        endpoint.retries_in_flight += 1
                    await asyncio.sleep(pause)
                else:
                    self.served_by = candidate
                    return answer
        finally:
            endpoint.in_flight -= 1
            endpoint.retries_in_flight -= retrying

    def _pause(
        self, candidate: Candidate, fault: Fault, others: int, retried: bool
    ) -> float | None:
        """Seconds before the next try at this candidate, or None if there is to be none."""
        keys = candidate.endpoint.credentials
        another_key = fault.credential != "good" and len(keys) > 1 and keys.awake(monotonic()) > 0
        calls_left = self.policy.max_retries + 1 - len(self.tries) - others
        if calls_left <= 0 or not (fault.retryable or another_key):
            return None
        if others and retried and not another_key:
            return None
        pause = 0.0 if another_key else self.policy.pause_s(self._retries)
        if fault.retry_after_s is not None and not another_key:
            pause = max(pause, fault.retry_after_s)
        if monotonic() + pause >= self._deadline:
            return None
        self._retries += 1
        return pause

    async def _call(
        self, candidate: Candidate, wire: WireRequest, delivery: Delivery[T], *, last: bool
    ) -> T:
        """One exchange, with its record and what it says about key and breaker."""
        endpoint, began = candidate.endpoint, monotonic()
        credential = endpoint.credentials.pick(began)
        breaker = endpoint.breaker(credential, candidate.target.model)
        if not breaker.allows(began, last):
            raise Refused(_resting(candidate, breaker.waits_s(began)))
        try:
            answer = await endpoint.client.send(self._http_call(candidate, wire, credential, began))
            try:
                if not 200 <= answer.status < 300:
                    raise Refused(await _read_fault(candidate, answer))  # noqa: TRY301 - closes it
                received = await delivery.receive(candidate, answer)
            except BaseException:
                # Whatever ends the reading early also ends the provider's work.
                answer.close()
                raise
        except Refused as e:
            self._failed(candidate, credential, e.fault, began)
            raise
        except UpstreamError as e:
            fault = _transport_fault(candidate, e)
            self._failed(candidate, credential, fault, began)
            raise Refused(fault) from e
        now = monotonic()
        breaker.succeeded(now)
        self.tries.append(
            Try(
                provider=endpoint.name,
                model=candidate.target.model,
                status=answer.status,
                ms=_ms(began, now),
                key=credential.label,
            )
        )
        if self.trace is not None:
            self.trace.ended(self.tries[-1])
        return received

    def _http_call(
        self, candidate: Candidate, wire: WireRequest, credential: Credential, now: float
    ) -> HttpCall:
        endpoint = candidate.endpoint
        left = self._deadline - now
        timeout = endpoint.answer_timeout_s
        headers = endpoint.headers_with(credential, wire.headers)
        if self.trace is not None:
            headers = {**headers, **self.trace.begins(candidate)}
        return HttpCall(
            url=endpoint.base_url + wire.path,
            headers=headers,
            body=wire.body,
            connect_timeout_s=endpoint.connect_timeout_s,
            # Rounded up on a first try, so that the client can reuse one timeout value for all
            # calls.
            answer_timeout_s=timeout if left > timeout * 0.99 else max(left, 0.05),
        )

    def _failed(
        self, candidate: Candidate, credential: Credential, fault: Fault, began: float
    ) -> None:
        now = monotonic()
        endpoint = candidate.endpoint
        self.tries.append(
            Try(
                provider=endpoint.name,
                model=candidate.target.model,
                status=fault.error.status,
                code=fault.error.code,
                ms=_ms(began, now),
                key=credential.label,
            )
        )
        if self.trace is not None:
            self.trace.ended(self.tries[-1])
        if fault.credential == "bad":
            endpoint.credentials.rest(credential, now + BAD_KEY_REST_S)
        elif fault.credential == "tired":
            endpoint.credentials.rest(credential, now + (fault.retry_after_s or TIRED_REST_S))
        elif fault.error.status >= 500:
            endpoint.breaker(credential, candidate.target.model).failed(now)
        else:
            endpoint.breaker(credential, candidate.target.model).succeeded(now)

    def _verdict(self, fault: Fault) -> OrouterError:
        """What the caller is told.

        The last cause, and what was tried if it was more than one thing.
        """
        error = fault.error
        if fault.retry_after_s is not None and "retry-after" not in error.headers:
            error.headers["retry-after"] = str(max(1, round(fault.retry_after_s)))
        if len({(t.provider, t.model) for t in self.tries}) > 1:
            tried = ", ".join(f"{t.provider}/{t.model} ({t.code or t.status})" for t in self.tries)
            return UpstreamUnavailable(
                "None of the models could serve the request. "
                f"Tried: {tried}. Last cause: {error.message}",
                headers=error.headers,
            )
        return error


def _ms(began: float, now: float) -> int:
    return round((now - began) * 1000)


async def _read_fault(candidate: Candidate, answer: HttpAnswer) -> Fault:
    body = b""
    try:
        body = await answer.read(ERROR_BODY_LIMIT)
    except UpstreamError:
        # The status alone says enough.
        answer.close()
    return candidate.endpoint.provider.dialect.decode_error(answer.status, answer.headers, body)


def _transport_fault(candidate: Candidate, error: UpstreamError) -> Fault:
    """A connection's failure in terms of what may be done.

    Only what was surely not served is repeated.
    """
    name = candidate.endpoint.name
    if isinstance(error, ConnectFailed):
        told: OrouterError = UpstreamUnavailable(
            f"The provider '{name}' could not be reached: {error.message}. "
            "Try again, or use another model."
        )
        return Fault(error=told, retryable=True, failover=True)
    if isinstance(error, UpstreamTimeout):
        told = UpstreamTimeout(f"The provider '{name}' did not answer in time ({error.message}).")
        return Fault(error=told, retryable=False, failover=True)
    told = UpstreamError(f"The provider '{name}' failed: {error.message}.")
    return Fault(error=told, retryable=True, failover=True)


def _resting(candidate: Candidate, wait_s: float) -> Fault:
    seconds = max(1, round(wait_s))
    error = UpstreamUnavailable(
        f"The provider '{candidate.endpoint.name}' has failed repeatedly for "
        f"'{candidate.target.model}' and is left alone for {seconds} s. "
        "Try again then, or use another model.",
        headers={"retry-after": str(seconds)},
    )
    return Fault(error=error, failover=True)
