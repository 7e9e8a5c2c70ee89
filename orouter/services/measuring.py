"""The figures of one worker, published once a second, and those of its node when they are asked.

A thread adds up and writes: nothing of it is done while a request is served.
"""

import asyncio
import os
import platform
import resource
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from orouter import __version__
from orouter.errors import OrouterError
from orouter.logs import get_logger
from orouter.services.gateway import Gateway
from orouter.services.limit_usage import fullest
from orouter.services.tally import Tally
from orouter.settings.observing import Metrics
from orouter.telemetry import exposition
from orouter.telemetry import families as of
from orouter.telemetry.board import Board
from orouter.telemetry.samples import Sample, Snapshot, merged, sample
from orouter.usage.ingest import Ingested

log = get_logger(__name__)

COUNT_EVERY_S = 0.1
"""A request leaves 1 kB until it is counted."""
COUNTS_OF_A_PUBLICATION = 10
LIMITS_EVERY_S = 10.0
"""How old the usage of limits may be: it is asked of the database."""

Source = Callable[[], Iterable[Sample]]

_STARTED = time.time()


class Measuring:
    """``sources`` tell what the tally does not count."""

    def __init__(self, tally: Tally, board: Board, sources: Sequence[Source]) -> None:
        self._tally = tally
        self._board = board
        self._sources = (*sources, of_process)
        self._one_at_a_time = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="figures", daemon=True)

    def start(self) -> None:
        """Begin to publish."""
        self.publish()
        self._thread.start()

    def stop(self) -> None:
        """Publish once more; the figures stay behind for the other workers."""
        self._stopping.set()
        self._thread.join()
        self.publish()
        self._board.close()

    def publish(self) -> None:
        """Adds up, and shows it to the other workers."""
        with self._one_at_a_time:
            self._tally.count()
            samples = [*self._tally.samples()]
            for source in self._sources:
                samples += source()
            self._board.publish(merged([Snapshot(samples)]))

    def node(self) -> list[Snapshot]:
        """What all workers have counted, this one until now."""
        self.publish()
        with self._one_at_a_time:
            return self._board.gathered()

    def _run(self) -> None:
        counted = 0
        while not self._stopping.wait(COUNT_EVERY_S):
            counted += 1
            try:
                if counted % COUNTS_OF_A_PUBLICATION:
                    self._count()
                else:
                    self.publish()
            except Exception:
                log.exception("figures_not_published")

    def _count(self) -> None:
        with self._one_at_a_time:
            self._tally.count()


class LimitUsage:
    """The usage of limits, from the database, for as long as it is fresh."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._until = 0.0
        self._samples: list[Sample] = []

    async def samples(self) -> list[Sample]:
        """Those of the fullest organizations; the last known ones while the database is away."""
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + LIMITS_EVERY_S
            periods = self._gateway.calendar.keys(time.time_ns() // 1000)
            with suppress(OrouterError, TimeoutError):
                found = await self._gateway.database.run_readonly(fullest, periods)
                self._samples = [sample(of.LIMIT_USED, each.ratio, *each.labels) for each in found]
        return self._samples


class Figures(NamedTuple):
    """What ``/metrics`` is made of."""

    measuring: Measuring
    limits: LimitUsage

    async def text(self) -> str:
        """The figures of this node, and the limits of the installation."""
        snapshots = await asyncio.to_thread(self.measuring.node)
        return exposition.text(merged([*snapshots, Snapshot(await self.limits.samples())]))


@contextmanager
def begun(gateway: Gateway, section: Metrics) -> Iterator[Figures | None]:
    """Measures the gateway until the context ends; None if metrics are switched off."""
    if not section.enabled:
        yield None
        return

    def knows(model: str) -> bool:
        return gateway.plan.routes.catalogue.has(model)

    gateway.tally.knows = knows
    board = Board(Path(section.directory) if section.directory else None)
    loop = asyncio.get_running_loop()
    sources = (
        lambda: of_gateway(gateway),
        lambda: of_ingestion(gateway.ingested),
        lambda: [sample(of.TASKS, len(asyncio.all_tasks(loop)))],
    )
    measuring = Measuring(gateway.tally, board, sources)
    measuring.start()
    try:
        yield Figures(measuring, LimitUsage(gateway))
    finally:
        measuring.stop()


def of_gateway(gateway: Gateway) -> Iterator[Sample]:
    """The state of the data plane and its providers."""
    now = time.monotonic()
    yield sample(of.DATABASE_UP, gateway.healthy())
    yield sample(of.DRAINING, gateway.draining)
    for name, endpoint in gateway.plan.routes.endpoints.items():
        breakers = list(endpoint.breakers.values())
        yield sample(of.UPSTREAM_IN_FLIGHT, endpoint.in_flight, name)
        yield sample(of.BREAKERS_OPEN, sum(each.is_open for each in breakers), name)
        resting = len(endpoint.credentials) - endpoint.credentials.awake(now)
        yield sample(of.KEYS_RESTING, resting, name)


def of_ingestion(ingested: Ingested) -> Iterator[Sample]:
    """How the journal comes into the database."""
    yield sample(of.STORED, ingested.rows)
    yield sample(of.RETRIES, ingested.retries)
    yield sample(of.LAG, ingested.lag_s())
    for reason in ("corrupt", "refused", "unresolved"):
        yield sample(of.SET_ASIDE, getattr(ingested, reason), reason)


def of_process() -> Iterator[Sample]:
    """What the operating system says of this worker."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield sample(of.WORKERS, 1)
    yield sample(of.BUILD, 1, __version__, platform.python_version())
    yield sample(of.CPU, used.ru_utime + used.ru_stime)
    yield sample(of.STARTED, _STARTED)
    with suppress(OSError):  # where there is no /proc
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
        yield sample(of.MEMORY, pages * os.sysconf("SC_PAGE_SIZE"))
        yield sample(of.DESCRIPTORS, sum(1 for _ in Path("/proc/self/fd").iterdir()))
