"""``/health``, ``/health/ready`` and ``/metrics``: what every worker is asked all the time.

They are answered without FastAPI, so that a worker which nobody manages never loads it
(``orouter.app``); so are paths where nothing is, which scanners and mistaken clients ask for.
"""

from orouter.api import health, metrics
from orouter.api.data_plane import DataPlane, wrong_method
from orouter.api.exchange import Exchange
from orouter.errors import NotFound
from orouter.services.measuring import Figures

METHODS = ("GET", "HEAD")
PATHS = ("/health", "/health/ready", "/metrics")


class Operations:
    """Answers ``PATHS``, and 404 elsewhere. ``token`` is what ``/metrics`` asks for, if anything.

    ``figures`` is None where metrics are switched off.
    """

    def __init__(self, data_plane: DataPlane, token: str | None = None) -> None:
        self._data_plane = data_plane
        self._token = token
        self.figures: Figures | None = None

    async def serve(self, exchange: Exchange) -> None:
        """One request, with exactly one answer and one line in the access log."""
        try:
            await self._answer(exchange)
        except Exception as error:  # noqa: BLE001 - logged and answered there
            await self._data_plane.failed(exchange, error)
        finally:
            self._data_plane.finish(exchange.access_record())

    async def _answer(self, exchange: Exchange) -> None:
        if exchange.head.path not in PATHS:
            raise nothing_there()
        if exchange.head.method not in METHODS:
            raise wrong_method(exchange.head.path, *METHODS)
        if exchange.head.path == "/health":
            await health.alive(exchange)
        elif exchange.head.path == "/health/ready":
            await health.ready(self._data_plane.gateway, exchange)
        elif self.figures is None:
            raise NotFound("Metrics are switched off here.")
        else:
            await metrics.show(self.figures, self._token, exchange)


def nothing_there() -> NotFound:
    """What is told of a path that leads nowhere."""
    return NotFound("There is nothing at this path. See /docs for what there is.")
