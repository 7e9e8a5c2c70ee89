"""One request's account: written down before it is sent and settled before its last byte leaves."""

import time
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from orouter.dialects.base import Recalled, Usage
from orouter.errors import OrouterError
from orouter.logs import redact
from orouter.providers.prices import cost
from orouter.schemas.chat import ChatRequest
from orouter.services.gateway import Gateway
from orouter.services.key_ring import Caller
from orouter.upstream.attempts import Attempts
from orouter.upstream.endpoint import Candidate
from orouter.usage import estimates
from orouter.usage.admission import UNLIMITED, Reservation
from orouter.usage.estimates import BALANCED_OUTPUT
from orouter.usage.limit_table import Demand
from orouter.usage.periods import PeriodKeys
from orouter.usage.records import Intent, Settlement

CLIENT_GONE_STATUS = 499
"""nginx's number for a caller that closed its connection; nobody is sent it."""
BYTES_PER_TOKEN = 4
LONGEST_ERROR = 500
OK = 200

_encode = msgspec.json.Encoder().encode


class Arrival(Struct, frozen=True):
    """A request as it came: its ids, when (microseconds), and ``perf_counter_ns`` at that moment.

    ``id`` is fresh; ``request_id`` may be the caller's.
    """

    id: str
    request_id: str
    at_us: int
    began: int


class Call(Struct, kw_only=True, eq=False):
    """A chat request on its way; ``began`` is ``perf_counter_ns`` at its arrival."""

    id: str
    request_id: str
    at_us: int
    began: int
    caller: Caller
    request: ChatRequest
    prompt_bytes: int
    attempts: Attempts
    periods: PeriodKeys
    model: str = ""
    ttft_us: int | None = None
    candidates: Sequence[Candidate] = ()
    recalled: Mapping[str, Recalled] = {}
    reservation: Reservation = UNLIMITED
    journalled: bool = False
    settlement: Settlement | None = None


class Spent(Struct, frozen=True):
    """What a request used; ``source`` says who counted, as in Settlement.

    ``cost`` is in nano-USD, None where the price is not known.
    """

    usage: Usage
    cost: int | None
    source: str = "provider"


def estimate(call: Call) -> Spent:
    """What the request may come to, at the most that is likely."""
    first, request = call.candidates[0], call.request
    most = first.max_output or first.target.capabilities.max_output or BALANCED_OUTPUT
    expected = estimates.estimate(len(request.source), request.output_limit, most)
    if request.n and request.n > 1:
        every = expected.completion_tokens * request.n
        expected = msgspec.structs.replace(expected, completion_tokens=every)
    return Spent(expected, cost(first.price, expected), "estimated")


def demand(call: Call, expected: Spent, *, strict: bool = False) -> Demand:
    """What to reserve for it on the limits of its organization and key."""
    return Demand(
        org_id=call.caller.org_id,
        key_id=call.caller.key_id,
        tokens=expected.usage.prompt_tokens + expected.usage.completion_tokens,
        cost=expected.cost,
        month=call.periods.month,
        year=call.periods.year,
        strict=strict,
    )


def intend(gateway: Gateway, call: Call, expected: Spent) -> None:
    """Writes down what may be spent. Raises Overloaded if it cannot be written."""
    gateway.recorder.intend(_intent(call, expected))
    call.journalled = True


# For a call with more than 15 keyword arguments Python makes a dictionary first, which would be a
# twentieth of a request's steps: what most requests lack is added to those that have it.


def _intent(call: Call, expected: Spent) -> Intent:
    first, reserved = call.candidates[0], call.reservation
    intent = Intent(
        id=call.id,
        at=call.at_us,
        request_id=call.request_id,
        org_id=call.caller.org_id,
        key_id=call.caller.key_id,
        model=call.model,
        provider=first.endpoint.name,
        estimated_prompt_tokens=expected.usage.prompt_tokens,
        estimated_completion_tokens=expected.usage.completion_tokens,
        estimated_cost=expected.cost,
        month=call.periods.month,
        year=call.periods.year,
        stream=bool(call.request.stream),
    )
    if reserved.limited:
        _tell(intent, reserved)
    return intent


def _tell(record: Intent | Settlement, reserved: Reservation) -> None:
    """What a record tells of a reservation."""
    record.limited, record.worker, record.holds = True, reserved.worker_id, reserved.holds
    record.reserved_tokens, record.reserved_cost = reserved.tokens, reserved.cost


NOTHING = Spent(Usage(), 0, "none")


class Outcome(Struct, frozen=True, kw_only=True):
    """How a request ended; nothing was used where ``spent`` is None."""

    status: int = 200
    code: str = ""
    spent: Spent | None = None
    finish: str = ""
    error: str = ""


def settle(gateway: Gateway, call: Call, spent: Spent, finish: str | None) -> None:
    """The request was served."""
    _write_down(gateway, call, Outcome(spent=spent, finish=finish or ""))


def settle_repeated(gateway: Gateway, call: Call) -> None:
    """The request had the answer of an earlier one: nobody was asked, and nothing was used."""
    _write_down(gateway, call, Outcome(spent=Spent(Usage(), 0, "cache")))


def settle_gone(gateway: Gateway, call: Call, spent: Spent | None) -> None:
    """The caller left: what was delivered until then is billed."""
    code = "client_disconnected"
    _write_down(gateway, call, Outcome(status=CLIENT_GONE_STATUS, code=code, spent=spent))


def settle_failed(
    gateway: Gateway, call: Call, error: OrouterError, spent: Spent | None = None
) -> None:
    """The request failed; what was delivered or a provider reports is billed all the same."""
    said = redact(error.message)[:LONGEST_ERROR]
    ended = Outcome(status=error.status, code=error.code, spent=spent, error=said)
    _write_down(gateway, call, ended)


def counted(call: Call, usage: Usage | None, delivered_tokens: int) -> Spent | None:
    """The provider's figures; without them an estimate of what was delivered, if anything was."""
    if usage is not None:
        return Spent(usage, price_of(call, usage))
    if not delivered_tokens:
        return None
    prompt = estimated_prompt_tokens(call)
    estimated = Usage(prompt_tokens=prompt, completion_tokens=delivered_tokens)
    return Spent(estimated, price_of(call, estimated), "estimated")


def _write_down(gateway: Gateway, call: Call, outcome: Outcome) -> None:
    """Exactly once, and synchronously: an await would be lost in a task that is cancelled."""
    if call.settlement is None:
        call.settlement = _settlement(call, outcome)
        gateway.recorder.settle(call.settlement)


def _settlement(call: Call, outcome: Outcome) -> Settlement:
    served, tries = call.attempts.served_by, call.attempts.tries
    last = tries[-1] if tries else None
    spent = outcome.spent or NOTHING
    settled = Settlement(
        id=call.id,
        at=call.at_us,
        request_id=call.request_id,
        org_id=call.caller.org_id,
        key_id=call.caller.key_id,
        model=served.name if served else call.model,
        provider=served.endpoint.name if served else last.provider if last else "",
        upstream_model=served.target.model if served else last.model if last else "",
        month=call.periods.month,
        year=call.periods.year,
        finish=outcome.finish,
        prompt_tokens=spent.usage.prompt_tokens,
        completion_tokens=spent.usage.completion_tokens,
        cost=spent.cost,
        latency=(time.perf_counter_ns() - call.began) // 1000,
    )
    settled.source, settled.attempts = spent.source, len(tries)
    settled.counted = served is not None
    if call.request.stream:
        settled.stream, settled.ttft = True, call.ttft_us
    failed = outcome.status != OK
    if failed:
        settled.status = outcome.status
        settled.code, settled.error = outcome.code, outcome.error
    # Where there is more to tell than one that succeeded.
    if tries and (failed or len(tries) > 1):
        settled.tries = _encode(tries).decode()
    if call.journalled and call.reservation.limited:
        _tell(settled, call.reservation)
    _count_kinds(settled, spent.usage)
    return settled


def _count_kinds(settled: Settlement, usage: Usage) -> None:
    """Tokens that are part of others."""
    if usage.cached_tokens or usage.cache_write_tokens or usage.reasoning_tokens:
        settled.cached_tokens = usage.cached_tokens
        settled.cache_write_tokens = usage.cache_write_tokens
        settled.reasoning_tokens = usage.reasoning_tokens


def price_of(call: Call, usage: Usage) -> int | None:
    """What the usage costs at whoever served, in nano-USD; None where the price is not known."""
    served = call.attempts.served_by
    return cost(served.price if served else None, usage)


def estimated_prompt_tokens(call: Call) -> int:
    """From the size of the request, for what no provider counted."""
    return call.prompt_bytes // BYTES_PER_TOKEN
