"""The text that Prometheus reads (exposition format 0.0.4)."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby

from orouter.telemetry.families import FAMILIES, SECONDS, Family
from orouter.telemetry.samples import Sample, Snapshot

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_BOUNDS = (*(f"{bound:g}" for bound in SECONDS), "+Inf")


def text(snapshot: Snapshot) -> str:
    """Every family that has samples, with its meaning and kind."""
    return "".join(f"{line}\n" for line in _lines(snapshot.samples))


def _lines(samples: Iterable[Sample]) -> Iterator[str]:
    for name, series in groupby(samples, key=lambda each: each.family):
        family = FAMILIES[name]
        yield f"# HELP {name} {family.meaning}"
        yield f"# TYPE {name} {family.kind}"
        for each in series:
            yield from _series(family, each)


def _series(family: Family, each: Sample) -> Iterator[str]:
    labels = [
        f'{name}="{value.translate(_ESCAPES)}"'
        for name, value in zip(family.labels, each.labels, strict=True)
    ]
    if family.kind != "histogram":
        yield f"{family.name}{_braced(labels)} {_number(each.value)}"
        return
    counts = list(accumulate(each.buckets))
    for bound, count in zip(_BOUNDS, counts, strict=True):
        within = [*labels, f'le="{bound}"']
        yield f"{family.name}_bucket{_braced(within)} {count}"
    yield f"{family.name}_sum{_braced(labels)} {_number(each.value)}"
    yield f"{family.name}_count{_braced(labels)} {counts[-1]}"


def _braced(labels: list[str]) -> str:
    return f"{{{','.join(labels)}}}" if labels else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
