"""The state of one series, and what the workers' series are together."""

from bisect import bisect_left
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from orouter.telemetry.families import FAMILIES, SECONDS, Family


class Sample(Struct, array_like=True):
    """``buckets``: how many fell into each, for a histogram, of which ``value`` is the sum."""

    family: str
    labels: tuple[str, ...]
    value: float
    buckets: list[int] = []


class Histogram:
    """Observations in seconds."""

    __slots__ = ("buckets", "total")

    def __init__(self) -> None:
        self.buckets = [0] * (len(SECONDS) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """One more."""
        self.buckets[bisect_left(SECONDS, seconds)] += 1
        self.total += seconds

    def sample(self, family: Family, *labels: str) -> Sample:
        """What was observed until now."""
        return Sample(family.name, labels, self.total, self.buckets)


def sample(family: Family, value: float, *labels: str) -> Sample:
    """One series of a counter or gauge."""
    return Sample(family.name, labels, float(value))


class Snapshot(Struct):
    """All samples of one worker; of a dead one only what counts on."""

    samples: list[Sample]

    def departed(self) -> "Snapshot":
        """What is left of it when its worker has died: gauges mean nothing any more."""
        return Snapshot([each for each in self.samples if FAMILIES[each.family].kind != "gauge"])


def merged(snapshots: Iterable[Snapshot]) -> Snapshot:
    """The samples of a node: counters and histograms added up, gauges as their family says."""
    found: dict[tuple[str, tuple[str, ...]], Sample] = {}
    for snapshot in snapshots:
        for each in snapshot.samples:
            key = each.family, each.labels
            known = found.get(key)
            found[key] = each if known is None else _together(known, each)
    return Snapshot([found[key] for key in sorted(found)])


def _together(one: Sample, other: Sample) -> Sample:
    merge = {"sum": one.value + other.value, "max": max(one.value, other.value)}
    value = merge.get(FAMILIES[one.family].merge, min(one.value, other.value))
    buckets = [a + b for a, b in zip(one.buckets, other.buckets, strict=True)]
    return Sample(one.family, one.labels, value, buckets)


encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Snapshot)


def decode(data: bytes) -> Snapshot:
    """A published snapshot, without series that this version does not know."""
    snapshot = _decoder.decode(data)
    snapshot.samples = [each for each in snapshot.samples if each.family in FAMILIES]
    return snapshot
