"""A chat completion from an authenticated request to its last byte.

The story: route, admit, write down the intent, send (with retries and fall-backs), decode, settle,
answer. Whatever happens, one settlement is written; it is written synchronously, because nothing
can be awaited in a task that is being cancelled.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

import msgspec

from orouter.errors import OrouterError, ServiceError, UpstreamTimeout
from orouter.logs import get_logger
from orouter.logs.redaction import redact_short
from orouter.schemas.chat import ChatRequest
from orouter.services import accounting, key_ring, upper_bounds
from orouter.services.accounting import NOTHING, Arrival, Call, Spent
from orouter.services.deliveries import Live, Streamed, Whole, written
from orouter.services.gateway import Gateway
from orouter.services.key_ring import Caller
from orouter.upstream.attempts import Attempts
from orouter.upstream.attempts import Delivery as Sends

T = TypeVar("T")

DONE = b"data: [DONE]\n\n"
_encode = msgspec.json.Encoder().encode
log = get_logger(__name__)


def begin(gateway: Gateway, caller: Caller, request: ChatRequest, arrival: Arrival) -> Call:
    """The call's account. Raises PermissionDenied for a key that may only read."""
    key_ring.require(caller, "write")
    return Call(
        id=arrival.id,
        request_id=arrival.request_id,
        at_us=arrival.at_us,
        began=arrival.began,
        caller=caller,
        request=request,
        prompt_bytes=len(request.source),
        attempts=Attempts(gateway.plan.retries),
        periods=gateway.calendar.keys(arrival.at_us),
        # Unknown names are recorded too, and callers paste keys where a name belongs.
        model=redact_short(request.model),
    )


async def complete(gateway: Gateway, call: Call) -> bytes:
    """The whole completion as JSON. Raises the error that the caller shall see."""
    try:
        answer = await _serve(gateway, call, Whole(call))
        gateway.continuations.remember(call.caller.org_id, answer.recalled)
        body, spent = written(call, answer)
        accounting.settle(gateway, call, spent, answer.finish)
    except BaseException as e:
        _settle_ended(gateway, call, e)
        raise
    return body


async def stream(gateway: Gateway, call: Call) -> AsyncGenerator[bytes, None]:
    """Opens the stream: returns the blocks of events to relay once the first one is there.

    Raises the error that the caller shall see, while it can still be told with a status.
    """
    try:
        live = await _serve(gateway, call, Streamed(call))
        call.request.forget()
    except BaseException as e:
        _settle_ended(gateway, call, e)
        raise
    return _relay(gateway, call, live)


def _settle_ended(gateway: Gateway, call: Call, error: BaseException) -> None:
    """Whatever ends a request before its first byte is settled too."""
    if isinstance(error, OrouterError):
        accounting.settle_failed(gateway, call, error)
    elif isinstance(error, asyncio.CancelledError):
        accounting.settle_gone(gateway, call, None)
    elif isinstance(error, Exception):
        accounting.settle_failed(gateway, call, ServiceError(type(error).__name__))


async def _serve(gateway: Gateway, call: Call, delivery: "Sends[T]") -> T:
    call.candidates = gateway.plan.routes.candidates(call.request)
    call.model = call.candidates[0].name
    call.recalled = await gateway.continuations.recall(
        call.caller.org_id, call.request, call.candidates
    )
    await _admit(gateway, call)
    try:
        # A provider that sends a byte now and then is in time for every single read.
        with gateway.patience.within(gateway.plan.total_s):
            return await call.attempts.serve(call.candidates, delivery)
    except TimeoutError as e:
        raise UpstreamTimeout(
            f"No provider answered within {gateway.plan.total_s:g} s. Try again, or ask for less."
        ) from e


async def _admit(gateway: Gateway, call: Call) -> None:
    """Reserves on the limits that there are, and writes down what may be spent."""
    expected = accounting.estimate(call)
    if gateway.admission.limits.concerns(call.caller.org_id, call.caller.key_id):
        if strict := gateway.plan.strict_estimates:
            expected = upper_bounds.bind(call)
        demand = accounting.demand(call, expected, strict=strict)
        call.reservation = await gateway.admission.reserve(demand)
    try:
        accounting.intend(gateway, call, expected)
    except BaseException:
        gateway.admission.release(call.caller.org_id, call.reservation)
        raise


async def _relay(gateway: Gateway, call: Call, live: Live) -> AsyncGenerator[bytes, None]:
    """The stream's blocks; the last one is held back until the settlement is written."""
    decoder = live.decoder

    def spent() -> Spent | None:
        return accounting.counted(call, decoder.usage, decoder.delivered_tokens)

    try:
        while events := await live.ahead():
            yield events
            del events  # perhaps many, and the next ones may be long in coming
        gateway.continuations.remember(call.caller.org_id, decoder.recalled)
        accounting.settle(gateway, call, spent() or NOTHING, decoder.finish)
        yield live.held
        await live.let_go()
    except OrouterError as e:
        accounting.settle_failed(gateway, call, e, spent())
        yield live.held + error_event(e, call.request_id)
    except (asyncio.CancelledError, GeneratorExit):
        accounting.settle_gone(gateway, call, spent())
        raise
    except Exception as e:
        log.exception("stream_failed", request_id=call.request_id)
        failure = ServiceError(f"The stream failed on our side ({type(e).__name__}).")
        accounting.settle_failed(gateway, call, failure, spent())
        yield error_event(failure, call.request_id)
    finally:
        live.answer.close()


def error_event(error: OrouterError, request_id: str) -> bytes:
    """How a failure is told after the first byte: one event, then the end."""
    return b"data: " + _encode(error.body(request_id)) + b"\n\n" + DONE
