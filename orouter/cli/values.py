"""What people write on a command line: ``5k``, ``$100``, ``90d``, ``2027-01-31``, ``never``."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

_COUNT = re.compile(r"([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([kKmMgGbB]?)")
_MONEY = re.compile(r"\$?\s*([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([kKmM]?)(?:\s*USD)?")
_DURATION = re.compile(r"(?:[0-9]+[smhdwy])+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9}
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}


def count(text: str) -> int:
    """``5000``, ``5k``, ``1.5M``, ``2_000``: a whole number."""
    match = _COUNT.fullmatch(text.strip())
    number = _scaled(match) if match else Decimal("0.5")
    if number != number.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number such as 5000, 5k or 2M")
    return int(number)


def money(text: str) -> Decimal:
    """``$100``, ``12.50``, ``2k``: US dollars, exactly."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an amount such as $100 or 12.50")
    return _scaled(match)


def duration(text: str) -> timedelta:
    """``90d``, ``24h``, ``1h30m``; units are s, m, h, d, w and y (365 days)."""
    if not _DURATION.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a duration such as 90d, 24h or 1h30m")
    try:
        parts = re.findall(r"([0-9]+)([smhdwy])", text)
        return sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())
    except OverflowError:
        raise ValueError(f"{text!r} is too long") from None


def moment(text: str, zone: tzinfo) -> datetime:
    """A day (its beginning in ``zone``), an ISO 8601 time, or how long ago (``90d``); in UTC."""
    text = text.strip()
    if _DURATION.fullmatch(text):
        return _moved(-duration(text), text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 2027-01-31 or 90d") from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def expiry(text: str, zone: tzinfo) -> datetime | None:
    """``90d`` from now, ``2027-01-31`` (through that day in ``zone``), a time, or ``never``."""
    text = text.strip()
    if text == "never":
        return None
    if _DURATION.fullmatch(text):
        return _moved(duration(text), text)
    if _DAY.fullmatch(text):
        try:
            next_day = datetime.fromisoformat(text) + timedelta(days=1)
        except (ValueError, OverflowError):
            raise ValueError(f"{text!r} is not a day of the calendar") from None
        return next_day.replace(tzinfo=zone).astimezone(UTC)
    try:
        return moment(text, zone)
    except ValueError:
        raise ValueError(f"{text!r} is not an expiry such as 90d, 2027-01-31 or never") from None


def _scaled(match: re.Match[str]) -> Decimal:
    digits = match[1].replace(",", "").replace("_", "")
    return Decimal(digits) * _FACTORS[match[2].lower()]


def _moved(by: timedelta, text: str) -> datetime:
    try:
        return datetime.now(UTC) + by
    except OverflowError:
        raise ValueError(f"{text!r} is too long") from None
