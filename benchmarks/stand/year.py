"""A year of requests of many keys and the sums that belong to them, as rows to load in bulk.

More of them by day than by night, one in a hundred failed, each key with three models of five. A
row is a tuple of groups of cells, the same objects again and again, so that writing one as text
costs little more than putting the groups' texts together.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orouter.ids import ulid
from orouter.models.usage_rollup import (
    DIMENSIONS,
    GRAINS,
    MEASURES,
    ORG_DIMENSIONS,
    ORG_ROLLUPS,
    USAGE_ROLLUPS,
    Grain,
)
from orouter.usage.periods import Span, period_keys
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets, summed
from orouter.usage.store import RECORDS

Cells = tuple[Any, ...]
Row = tuple[Cells, ...]
Owner = tuple[str, str]
"""The ids of an organization and of one of its keys."""

MODELS = (
    ("anthropic", "claude-sonnet-4-5"),
    ("google", "gemini-2.5-pro"),
    ("openai", "gpt-4o"),
    ("openai", "gpt-4o-mini"),
    ("openrouter", "deepseek-v3"),
)
MODELS_OF_A_KEY = 3
FAILED_OF = 100
DAY = 86_400_000_000
_BY_DAY = 0.6 * DAY / math.tau
"""How far the time of a request is moved: at noon there are four times as many as at midnight."""

_VARYING = ("id", "at", "month", "year", "org_id", "key_id")
_SAME = tuple(column.name for column in RECORDS.columns if column.name not in _VARYING)
COLUMNS: dict[sa.Table, tuple[str, ...]] = {
    RECORDS: (*_VARYING, *_SAME),
    USAGE_ROLLUPS: (*DIMENSIONS, *MEASURES),
    ORG_ROLLUPS: (*ORG_DIMENSIONS, *MEASURES),
}


def _kind(number: int) -> Settlement:
    """What requests of one model, well or badly ended, have in common."""
    model, failed = number // 2, number % 2
    provider, name = MODELS[model]
    same: dict[str, Any] = {"id": "", "at": 0, "org_id": "", "key_id": "", "request_id": "bench"}
    same |= {"model": f"{provider}/{name}", "provider": provider, "upstream_model": name}
    same |= {"stream": number % 4 < 2, "latency": 600_000 * (model + 1), "attempts": 1}
    if failed:
        return Settlement(**same, status=502, code="upstream_error", source="none", cost=0)
    used = {"prompt_tokens": 850 + 10 * model, "completion_tokens": 300, "ttft": 200_000}
    return Settlement(**same, **used, cost=5_125_000 * (model + 1), counted=True, finish="stop")


class Year:
    """The requests of owners within a span, on the calendar of ``buckets``."""

    def __init__(self, owners: Sequence[Owner], span: Span, buckets: Buckets) -> None:
        self.owners = sorted(owners)
        self._span = span
        self._buckets = buckets
        kinds = [_kind(number) for number in range(2 * len(MODELS))]
        self._kinds = [tuple(self._column(kind, name) for name in _SAME) for kind in kinds]
        self._whats = [(kind.provider, kind.model, kind.status) for kind in kinds]
        self._each = [next(iter(summed([kind], buckets).by_key.values())) for kind in kinds]
        self._known: dict[tuple[int, int], Cells] = {}

    def days(self, count: int) -> Iterator[dict[sa.Table, list[Row]]]:
        """Day by day what is to be loaded into each table, sums once they are complete."""
        day = _nothing()
        tallies = {grain: Counter[tuple[int, int]]() for grain in GRAINS}
        starts, ends = self._buckets.starts(self._span.start), 0
        for at, who, kind in self._requests(count):
            if at >= ends:
                now = self._buckets.starts(at)
                self._close(tallies, starts, now, day)
                if now[1] != starts[1]:
                    yield day
                    day = _nothing()
                starts, ends = now, now[0] + DAY // 24
                named = tuple(period_keys(at, self._buckets.zone))
            tallies["hour"][who, kind] += 1
            day[RECORDS].append(((ulid(at), at), named, self.owners[who], self._kinds[kind]))
        self._close(tallies, starts, (0, 0, 0, 0), day)
        yield day

    def _requests(self, count: int) -> Iterator[tuple[int, int, int]]:
        """When, which owner and which kind of request, in the order of time."""
        chance = random.Random(count).random  # noqa: S311 - the same database every time
        start, length = self._span.start, self._span.end - self._span.start
        choices = len(self.owners) * MODELS_OF_A_KEY * FAILED_OF
        for place in range(count):
            even = start + length * place // count
            at = even + int(_BY_DAY * math.sin(math.tau * (even % DAY) / DAY))
            who, rest = divmod(int(chance() * choices), MODELS_OF_A_KEY * FAILED_OF)
            model = (who + rest // FAILED_OF) % len(MODELS)
            yield at, who, 2 * model + (rest % FAILED_OF == 0)

    def _close(
        self,
        tallies: dict[Grain, Counter[tuple[int, int]]],
        starts: Sequence[int],
        now: Sequence[int],
        day: dict[sa.Table, list[Row]],
    ) -> None:
        """Write down the buckets that are over, and add each up into the next coarser one."""
        for place, grain in enumerate(GRAINS):
            if starts[place] == now[place]:
                return
            tally, tallies[grain] = tallies[grain], Counter()
            day[USAGE_ROLLUPS] += self._by_key((grain, starts[place]), tally)
            day[ORG_ROLLUPS] += self._by_org((grain, starts[place]), tally)
            if grain != GRAINS[-1]:
                tallies[GRAINS[place + 1]].update(tally)

    def _by_key(self, bucket: Cells, tally: Counter[tuple[int, int]]) -> Iterator[Row]:
        for (who, kind), number in sorted(tally.items()):
            yield bucket, self.owners[who], self._whats[kind], self._sums(kind, number)

    def _by_org(self, bucket: Cells, tally: Counter[tuple[int, int]]) -> Iterator[Row]:
        orgs = Counter[tuple[str, int]]()
        for (who, kind), number in tally.items():
            orgs[self.owners[who][0], kind] += number
        for (org, kind), number in sorted(orgs.items()):
            yield bucket, (org,), self._whats[kind], self._sums(kind, number)

    def _sums(self, kind: int, number: int) -> Cells:
        known = self._known.get((kind, number))
        if known is None:
            known = tuple(number * value for value in self._each[kind])
            self._known[kind, number] = known
        return known

    @staticmethod
    def _column(kind: Settlement, name: str) -> Any:
        return kind.code != "" if name == "failed" else msgspec.structs.asdict(kind)[name]


def _nothing() -> dict[sa.Table, list[Row]]:
    return {table: [] for table in COLUMNS}
