"""Calendar months and years in the reporting zone: their names, and when they begin and end.

A period is named by its key, ``2026-11`` or ``2026``; instants are microseconds since the epoch
(UTC). A period begins at the zone's first instant of its first day, also where daylight saving
skips or repeats that midnight, and ends where the next one begins.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

PeriodName = Literal["month", "year"]
PERIODS: tuple[PeriodName, ...] = ("month", "year")


class PeriodKeys(NamedTuple):
    """The month and the year that an instant belongs to."""

    month: str
    year: str

    def of(self, period: PeriodName) -> str:
        """The key of the month or of the year."""
        return self.month if period == "month" else self.year


class Span(NamedTuple):
    """A half-open stretch of time: ``start`` belongs to it, ``end`` to the next one."""

    start: int
    end: int


def micros(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime, without the rounding of floats."""
    return (moment - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    """The UTC datetime of microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=at)


def period_keys(at: int, zone: ZoneInfo) -> PeriodKeys:
    """The keys of the month and year that ``at`` falls into, on the zone's calendar."""
    local = moment(at).astimezone(zone)
    return PeriodKeys(f"{local.year:04}-{local.month:02}", f"{local.year:04}")


def span(key: str, zone: ZoneInfo) -> Span:
    """When the period of that key begins and ends.

    Raises ValueError for a key that is neither ``YYYY-MM`` nor ``YYYY``.
    """
    year, month = _parts(key)
    if month is None:
        return Span(_first_instant(year, 1, zone), _first_instant(year + 1, 1, zone))
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return Span(_first_instant(year, month, zone), _first_instant(*after, zone))


def period_of(key: str) -> PeriodName:
    """Whether a key names a month or a year."""
    return "month" if "-" in key else "year"


def months_of(key: str) -> list[str]:
    """The month keys that make up a period: itself for a month, twelve for a year."""
    year, month = _parts(key)
    return [key] if month is not None else [f"{year:04}-{n:02}" for n in range(1, 13)]


class Calendar:
    """`period_keys` for the hot path: remembers the current month, so that most calls compare."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._keys = PeriodKeys("", "")
        self._span = Span(0, 0)

    def keys(self, at: int) -> PeriodKeys:
        """The month and year of ``at``."""
        if not self._span.start <= at < self._span.end:
            self._keys = period_keys(at, self.zone)
            self._span = span(self._keys.month, self.zone)
        return self._keys


def _parts(key: str) -> tuple[int, int | None]:
    year, dash, month = key.partition("-")
    if len(year) != 4 or not year.isdecimal() or (dash and not month.isdecimal()):
        raise ValueError(f"{key!r} is not a period; write 2026-11 or 2026")
    return int(year), int(month) if dash else None


def _first_instant(year: int, month: int, zone: ZoneInfo) -> int:
    # A midnight skipped by daylight saving resolves to the transition itself, one that happens
    # twice to its first occurrence (fold=0): in both cases the first instant of that day.
    return micros(datetime(year, month, 1, tzinfo=zone))
