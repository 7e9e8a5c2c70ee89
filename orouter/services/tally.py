"""Counting what was served, away from the requests themselves.

A request leaves its access record and its settlement behind, which costs an append; whoever
publishes the figures (``services/measuring.py``) adds them up once a second.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator

import msgspec

from orouter.logs import AccessRecord
from orouter.telemetry import families as of
from orouter.telemetry.samples import Histogram, Sample, sample
from orouter.usage.records import Settlement

NANO = 1_000_000_000
OTHER = "other"
MOST_FOUND = 4096
MOST_UNLISTED = 100
"""Models that the catalogue does not know and that answered; more of them are ``other``."""

PLACES = frozenset(
    {
        *("/v1/chat/completions", "/v1/models", "/v1/key", "/v1/generation", "/v1/stats"),
        *("/health", "/health/ready", "/metrics", "/openapi.json", "/docs"),
    }
)
BELOW = ("/v1/models/", "/api/v1/", "/admin/")
_CLASSES = {n: f"{n}xx" for n in range(1, 6)}
_YES_NO = ("false", "true")


class _Cell:
    """What is counted of one provider, model, class of status, and stream or not."""

    __slots__ = (
        *("cached", "cost", "duration", "first", "input", "output"),
        *("plain_calls", "requests", "unpriced"),
    )

    def __init__(self) -> None:
        self.requests = self.input = self.output = self.cached = self.cost = self.unpriced = 0
        self.plain_calls = 0
        self.duration = Histogram()
        self.first = Histogram()

    def add(self, settled: Settlement, latency_us: int) -> None:
        self.requests += 1
        self.duration.observe(latency_us / 1e6)
        if settled.ttft is not None:
            self.first.observe(settled.ttft / 1e6)
        self.input += settled.prompt_tokens
        self.output += settled.completion_tokens
        self.cached += settled.cached_tokens
        if settled.cost is not None:
            self.cost += settled.cost
        elif settled.prompt_tokens:
            self.unpriced += 1
        if settled.attempts and not settled.tries:
            self.plain_calls += 1


class _Try(msgspec.Struct):
    """What is counted of an attempt; as ``upstream.attempts.Try`` writes it down."""

    provider: str
    code: str = ""


_tries = msgspec.json.Decoder(list[_Try]).decode


class Tally:
    """``finish`` and ``warned`` belong to the event loop; the rest to whoever publishes."""

    def __init__(self, *, enabled: bool = False) -> None:
        self.enabled = enabled
        self.in_flight = 0
        self.knows: Callable[[str], bool] = lambda _: False
        """Whether the catalogue has a model of that name."""
        self._finished: deque[tuple[AccessRecord, Settlement | None]] = deque()
        self._cells: dict[tuple[str, str, int, bool], _Cell] = {}
        self._found: dict[tuple[str, str, int, bool], _Cell] = {}
        """The same cells by the names that callers said; forgotten now and then."""
        self._unlisted: set[str] = set()
        self._http: Counter[tuple[str, int]] = Counter()
        self._errors: Counter[str] = Counter()
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._warnings: Counter[tuple[str, str]] = Counter()
        self._cache: Counter[str] = Counter()

    def finish(self, record: AccessRecord, settlement: Settlement | None) -> None:
        """A request was answered; the record is complete."""
        if self.enabled:
            self._finished.append((record, settlement))

    def warned(self, scope: str, dimension: str) -> None:
        """A limit is nearly used up."""
        self._warnings[scope, dimension] += 1

    def asked_cache(self, result: str) -> None:
        """A caller wanted an earlier answer: ``hit``, ``miss`` or ``bypass``."""
        self._cache[result] += 1

    def count(self) -> None:
        """Adds up what has finished."""
        finished = self._finished
        while finished:
            record, settled = finished.popleft()
            self._http[_place(record.path), record.status // 100] += 1
            if record.code:
                self._errors[record.code] += 1
            if settled is not None:
                self._add(settled, record.latency_us)

    def samples(self) -> Iterator[Sample]:
        """Everything counted until now."""
        for (place, status), count in self._http.items():
            yield sample(of.HTTP, count, place, _CLASSES.get(status, OTHER))
        for code, count in self._errors.items():
            yield sample(of.ERRORS, count, code)
        for provider_outcome, count in self._attempts.items():
            yield sample(of.ATTEMPTS, count, *provider_outcome)
        for scope_dimension, count in list(self._warnings.items()):
            yield sample(of.LIMIT_WARNINGS, count, *scope_dimension)
        for result, count in list(self._cache.items()):
            yield sample(of.CACHE, count, result)
        yield sample(of.SETTLED, sum(cell.requests for cell in self._cells.values()))
        yield sample(of.IN_FLIGHT, self.in_flight)
        for key, cell in self._cells.items():
            yield from _of_cell(key, cell)

    def _add(self, settled: Settlement, latency_us: int) -> None:
        key = settled.provider, settled.model, settled.status // 100, settled.stream
        cell = self._found.get(key)
        if cell is None:
            cell = self._cell(settled)
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[key] = cell
        cell.add(settled, latency_us)
        if settled.tries:
            for each in _tries(settled.tries):
                self._attempts[each.provider, each.code or "ok"] += 1

    def _cell(self, settled: Settlement) -> _Cell:
        model = self._model(settled)
        key = settled.provider, model, settled.status // 100, settled.stream
        return self._cells.setdefault(key, _Cell())

    def _model(self, settled: Settlement) -> str:
        """The name as a label: callers may ask for anything."""
        model = settled.model
        if self.knows(model) or model in self._unlisted:
            return model
        if settled.counted and settled.status == 200 and len(self._unlisted) < MOST_UNLISTED:
            self._unlisted.add(model)
            return model
        return OTHER


def _place(path: str) -> str:
    """The path as a label."""
    if path in PLACES:
        return path
    return next((below for below in BELOW if path.startswith(below)), OTHER)


def _of_cell(key: tuple[str, str, int, bool], cell: _Cell) -> Iterator[Sample]:
    provider, model, status, stream = key
    names, streams = (provider, model), _YES_NO[stream]
    yield sample(of.REQUESTS, cell.requests, *names, _CLASSES.get(status, OTHER), streams)
    yield cell.duration.sample(of.DURATION, *names, streams)
    if stream:
        yield cell.first.sample(of.FIRST_TOKEN, *names)
    for kind, count in (("input", cell.input), ("output", cell.output), ("cached", cell.cached)):
        yield sample(of.TOKENS, count, *names, kind)
    yield sample(of.COST, cell.cost / NANO, *names)
    if cell.plain_calls:
        yield sample(of.ATTEMPTS, cell.plain_calls, provider, "ok")
    if cell.unpriced:
        yield sample(of.UNPRICED, cell.unpriced, *names)
