"""Statistics: what can be asked, and how the answer looks."""

from typing import Literal, get_args

from pydantic import BaseModel

GroupBy = Literal[
    "org",
    "key",
    "provider",
    "model",
    "status",
    "hour",
    "day",
    "week",
    "month",
    "year",
    "hour_of_day",
    "weekday",
]
GROUPS: tuple[GroupBy, ...] = get_args(GroupBy)
Measure = Literal[
    "cost",
    "requests",
    "errors",
    "tokens",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "reasoning_tokens",
]


class Distribution(BaseModel):
    """Milliseconds of requests that succeeded; percentiles are read from a histogram."""

    mean: float
    p50: float
    p95: float
    p99: float


class Figures(BaseModel):
    """Sums over requests. ``cost_usd`` is None where nothing has a known price.

    ``unpriced`` requests used something whose price is not known: the cost leaves them out.
    """

    requests: int = 0
    errors: int = 0
    streams: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: str | None = None
    unpriced: int = 0
    latency_ms: Distribution | None = None
    ttft_ms: Distribution | None = None


class StatsRow(Figures):
    """One group. Fields that were not grouped by are None.

    ``period`` is on the report's calendar: ``2026-11-23T14``, ``2026-11-23``, ``2026-W48``,
    ``2026-11`` or ``2026``; ``weekday`` counts from Monday, which is 1.
    """

    period: str | None = None
    hour_of_day: int | None = None
    weekday: int | None = None
    org_id: str | None = None
    org: str | None = None
    key_id: str | None = None
    key: str | None = None
    provider: str | None = None
    model: str | None = None
    status: int | None = None


class StatsReport(BaseModel):
    """The groups in a fixed order, and the sums over all of them.

    ``start`` is included, ``end`` is not; both are whole hours.
    """

    start: str
    end: str
    timezone: str
    group_by: list[GroupBy]
    rows: list[StatsRow]
    totals: Figures
