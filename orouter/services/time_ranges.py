"""Stretches of time as people write them: ``last``, ``2026-10``, ``90d``, a date, a moment."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orouter.errors import InvalidRequest
from orouter.usage.periods import Span, micros, moment, period_keys, span
from orouter.usage.rollups import first_instant

_AGO = re.compile(r"(\d{1,5})(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def month_span(text: str, zone: ZoneInfo, at: int) -> Span:
    """The calendar month ``this``, ``last`` or ``2026-10``; ``at`` is now."""
    this = period_keys(at, zone).month
    if text == "last":
        return span(period_keys(span(this, zone).start - 1, zone).month, zone)
    return _period(this if text == "this" else text, r"\d{4}-(0[1-9]|1[0-2])", zone, "month")


def year_span(text: str, zone: ZoneInfo, at: int) -> Span:
    """The calendar year ``this``, ``last`` or ``2026``."""
    this = int(period_keys(at, zone).year)
    named = {"this": f"{this:04}", "last": f"{this - 1:04}"}
    return _period(named.get(text, text), r"\d{4}", zone, "year")


def day_span(text: str, zone: ZoneInfo, at: int) -> Span:
    """The day ``today``, ``yesterday`` or ``2026-10-31``."""
    today = moment(at).astimezone(zone).date()
    named = {"today": today, "this": today, "yesterday": today - timedelta(days=1)}
    named["last"] = named["yesterday"]
    return _days(named.get(text) or _date(text, "day"), 1, zone)


def week_span(text: str, zone: ZoneInfo, at: int) -> Span:
    """The ISO week ``this``, ``last`` or ``2026-W48``; it begins on a Monday."""
    today = moment(at).astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    named = {"this": monday, "last": monday - timedelta(days=7)}
    return _days(named.get(text) or _monday(text), 7, zone)


def custom_span(since: str, until: str, zone: ZoneInfo, at: int) -> Span:
    """From ``since`` to ``until``, either empty: the beginning of this month, now.

    Each is a moment (``2026-10-31T14:00``, in the zone unless it names one), a date, or a time ago
    (``90d``). A date as ``until`` includes that day.
    """
    start = (
        _instant(since, zone, at, "since").start if since else month_span("this", zone, at).start
    )
    end = _instant(until, zone, at, "until").end if until else at
    if end <= start:
        raise InvalidRequest("The range ends before it begins", param="until")
    return Span(start, end)


def _instant(text: str, zone: ZoneInfo, at: int, param: str) -> Span:
    if ago := _AGO.fullmatch(text):
        then = at - timedelta(**{_UNITS[ago[2]]: int(ago[1])}) // timedelta(microseconds=1)
        return Span(then, then)
    if "T" not in text and " " not in text:
        return _days(_date(text, param), 1, zone)
    try:
        parsed = datetime.fromisoformat(text)
        then = micros(parsed if parsed.tzinfo else parsed.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise _unreadable(text, param) from None
    return Span(then, then)


def _period(text: str, pattern: str, zone: ZoneInfo, param: str) -> Span:
    if not re.fullmatch(pattern, text, re.ASCII) or not "1970" <= text[:4] <= "9998":
        raise _unreadable(text, param)
    return span(text, zone)


def _days(first: date, count: int, zone: ZoneInfo) -> Span:
    return Span(first_instant(first, zone), first_instant(first + timedelta(days=count), zone))


def _monday(text: str) -> date:
    found = _WEEK.fullmatch(text)
    try:
        if found:
            return _in_range(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        pass
    raise _unreadable(text, "week")


def _date(text: str, param: str) -> date:
    try:
        return _in_range(date.fromisoformat(text))
    except ValueError:
        raise _unreadable(text, param) from None


def _in_range(day: date) -> date:
    if not 1970 <= day.year <= 9998:
        raise ValueError
    return day


def _unreadable(text: str, param: str) -> InvalidRequest:
    kind = "time" if param in ("since", "until") else param
    return InvalidRequest(
        f"{text[:40]!r} is not a {kind} we can read",
        param=param,
        hint="Write 2026-10-31, 2026-10-31T14:00, 2026-10, 2026-W44, 2026, 90d, this or last.",
    )


def chosen_span(said: Mapping[str, str], zone: ZoneInfo, at: int) -> Span:
    """The range that was said: ``since`` and ``until``, or one of day, week, month and year.

    Empty ones were not said; without any it is this month. Raises InvalidRequest.
    """
    since, until = said.get("since", ""), said.get("until", "")
    named = [name for name in _NAMED if said.get(name)]
    if len(named) + bool(since or until) > 1:
        raise InvalidRequest("Say one of day, week, month, year, or a range from and to.")
    if since or until:
        return custom_span(since, until, zone, at)
    name = named[0] if named else "month"
    return _NAMED[name](said.get(name) or "this", zone, at)


_NAMED = {"day": day_span, "week": week_span, "month": month_span, "year": year_span}
