"""Usage rollups: sums of requests per bucket of time and per who, where and what.

They are kept twice: by key, and over all keys of an organization, so that what is asked about
models or organizations costs the same however many keys there are.

``start`` is when the bucket begins on the reporting zone's calendar, in microseconds since the
epoch. The histograms count requests by latency and by time to the first byte: column ``n`` those up
to ``BOUNDS[n]`` microseconds, the last one all others.
"""

from typing import Any, Literal

import sqlalchemy as sa
from sqlmodel import SQLModel

from orouter.models.columns import BIG, ascii_text, text
from orouter.models.usage_record import TEXT_WIDTHS

Grain = Literal["hour", "day", "month", "year"]
GRAINS: tuple[Grain, ...] = ("hour", "day", "month", "year")

BOUNDS = tuple(
    ms * 1000
    for ms in (10, 50, 100, 250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 120_000)
)
COUNTERS = (
    "requests",
    "errors",
    "counted",
    "streams",
    "unpriced",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "cost",
    "latency_sum",
    "ttft_sum",
)
LATENCY = tuple(f"latency_{n}" for n in range(len(BOUNDS) + 1))
TTFT = tuple(f"ttft_{n}" for n in range(len(BOUNDS) + 1))
DIMENSIONS = ("grain", "start", "org_id", "key_id", "provider", "model", "status")
ORG_DIMENSIONS = ("grain", "start", "org_id", "provider", "model", "status")
MEASURES = COUNTERS + LATENCY + TTFT
"""The columns that add up."""


def _dimension(name: str) -> sa.Column[Any]:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "grain": ascii_text(5),
        "start": BIG,
        "org_id": ascii_text(30),
        "key_id": ascii_text(30),
        "provider": text(TEXT_WIDTHS["provider"]),
        "model": text(TEXT_WIDTHS["model"]),
        "status": sa.Integer(),
    }
    return sa.Column(name, kinds[name], primary_key=True, autoincrement=False)


def _rollups(name: str, dimensions: tuple[str, ...], *indexes: sa.Index) -> sa.Table:
    return sa.Table(
        name,
        SQLModel.metadata,
        *(_dimension(each) for each in dimensions),
        *(sa.Column(each, BIG, nullable=False) for each in MEASURES),
        *indexes,
    )


USAGE_ROLLUPS = _rollups(
    "usage_rollups",
    DIMENSIONS,
    sa.Index(None, "org_id", "grain", "start"),
    sa.Index(None, "key_id", "grain", "start"),
)
ORG_ROLLUPS = _rollups("org_rollups", ORG_DIMENSIONS, sa.Index(None, "org_id", "grain", "start"))
"""The same sums without keys."""
