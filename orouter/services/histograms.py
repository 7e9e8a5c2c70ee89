"""Percentiles from the rollups' histograms."""

from collections.abc import Sequence

from orouter.models.usage_rollup import BOUNDS
from orouter.schemas.statistics import Distribution


def distribution(counts: Sequence[int], total: int) -> Distribution | None:
    """Mean and percentiles in milliseconds of ``counts`` per bucket that sum up to ``total`` us.

    A percentile lies within its bucket, in proportion to its rank; one in the open last bucket is
    that bucket's lower bound. None without any request.
    """
    number = sum(counts)
    if not number:
        return None
    return Distribution(
        mean=round(total / number / 1000, 1),
        p50=_percentile(counts, number * 0.50),
        p95=_percentile(counts, number * 0.95),
        p99=_percentile(counts, number * 0.99),
    )


def _percentile(counts: Sequence[int], rank: float) -> float:
    below = 0
    for bucket, upper in enumerate(BOUNDS):
        if below + counts[bucket] >= rank:
            lower = BOUNDS[bucket - 1] if bucket else 0
            part = (rank - below) / counts[bucket]
            return round((lower + (upper - lower) * part) / 1000, 1)
        below += counts[bucket]
    return BOUNDS[-1] / 1000
