"""The routes of ``/v1``, answered before FastAPI's own machinery.

``DataPlane`` finds them by a dictionary instead of by patterns; ``api/openapi.py`` describes them.
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from orouter.api import chat, generation, models, own_key, own_stats
from orouter.api.exchange import ClientGone, Exchange, Headers, internal
from orouter.departures import Departures
from orouter.errors import MethodNotAllowed, OrouterError, Overloaded, PermissionDenied
from orouter.logs import AccessLog, AccessRecord, get_logger
from orouter.services.gateway import Gateway
from orouter.usage.records import Settlement

Handler = Callable[[Gateway, Exchange], Awaitable[None]]

log = get_logger(__name__)


class Route(Struct, frozen=True):
    """A path of the data plane; one that ends in ``/`` stands for everything below it."""

    method: str
    path: str
    handler: Handler


ROUTES = (
    Route("POST", "/v1/chat/completions", chat.completions),
    Route("GET", "/v1/models", models.list_models),
    Route("GET", models.PREFIX, models.show_model),
    Route("GET", "/v1/key", own_key.show),
    Route("GET", "/v1/generation", generation.show),
    Route("GET", "/v1/stats", own_stats.show),
)

_EXACT = {route.path: route for route in ROUTES if not route.path.endswith("/")}
_BELOW = tuple(route for route in ROUTES if route.path.endswith("/"))
_ALLOWED: Headers = [
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, x-request-id"),
    (b"access-control-max-age", b"600"),
]
_EXPOSED = (
    b"access-control-expose-headers",
    b"x-request-id, x-generation-id, x-orouter-provider, x-orouter-attempts, retry-after",
)


EXACT_PATHS = {path.encode(): route for path, route in _EXACT.items()}
"""By the bytes of a request's target: what ``api/protocol.py`` answers without ASGI."""


def find(path: str) -> Route | None:
    """The route that answers this path, whatever the method."""
    route = _EXACT.get(path)
    if route is None:
        return next(
            (r for r in _BELOW if path.startswith(r.path) and len(path) > len(r.path)), None
        )
    return route


class DataPlane:
    """Answers the routes above. ``gateway`` is None until the worker has started."""

    def __init__(self, access: AccessLog) -> None:
        self.gateway: Gateway | None = None
        self.access = access
        self.departures = Departures()

    async def serve(self, route: Route, exchange: Exchange) -> None:
        """One request, with exactly one answer and one line in the access log."""
        gateway = self.gateway
        if gateway is not None:
            gateway.tally.in_flight += 1
        try:
            if gateway is None:
                raise _starting()  # noqa: TRY301 - answered as every error
            if b"origin" in exchange.head.headers and await _cross_origin(gateway, exchange):
                return
            if exchange.head.method != route.method:
                raise wrong_method(route.path, route.method)  # noqa: TRY301 - answered as every error
            await route.handler(gateway, exchange)
        except ClientGone:
            exchange.status = 499
        except Exception as error:  # noqa: BLE001 - logged and answered there
            await self.failed(exchange, error)
        finally:
            if gateway is not None:
                gateway.tally.in_flight -= 1
            self._write(exchange)

    async def failed(self, exchange: Exchange, error: Exception) -> None:
        """Answers with the error, or with what may be said of it, unless an answer has begun."""
        if not isinstance(error, OrouterError):
            told = {"request_id": exchange.request_id, "path": exchange.head.path}
            log.error("request_failed", exc_info=error, **told)
            error = internal(error)
        if error.status >= 500:
            log.warning(
                "request_refused",
                request_id=exchange.request_id,
                status=error.status,
                code=error.code,
                error=error.message,
            )
        if not exchange.started:
            await exchange.fail(
                error, show_detail=bool(self.gateway and self.gateway.plan.show_detail)
            )

    def finish(self, record: AccessRecord, settled: Settlement | None = None) -> None:
        """What becomes of every request: its line, and its part in the figures."""
        self.access.write(record)
        if self.gateway is not None:
            self.gateway.tally.finish(record, settled)

    def _write(self, exchange: Exchange) -> None:
        call = exchange.call
        settled = call.settlement if call is not None else None
        if call is not None and call.attempts.trace is not None and settled is not None:
            call.attempts.trace.finish(settled)
        self.finish(exchange.access_record(settled), settled)


def _starting() -> Overloaded:
    return Overloaded("This node is starting. Try again in a second.", headers={"retry-after": "1"})


def wrong_method(path: str, *methods: str) -> MethodNotAllowed:
    """What is told whoever asks with another method; the first of ``methods`` is the usual one."""
    return MethodNotAllowed(f"Use {methods[0]} for {path}.", headers={"allow": ", ".join(methods)})


async def _cross_origin(gateway: Gateway, exchange: Exchange) -> bool:
    """Lets the configured origins in; True if this was a preflight and is answered."""
    origin = exchange.head.headers[b"origin"]
    known = origin in gateway.plan.cors_origins or b"*" in gateway.plan.cors_origins
    if known:
        exchange.answer_headers += [
            (b"access-control-allow-origin", origin),
            (b"vary", b"Origin"),
            _EXPOSED,
        ]
    if exchange.head.method != "OPTIONS":
        return False
    if not known:
        raise PermissionDenied("This origin is not one of server.cors_origins.")
    exchange.answer_headers += _ALLOWED
    await exchange.empty()
    return True
