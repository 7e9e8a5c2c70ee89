"""Moments that come from outside."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_STRETCH = re.compile(r"(\d{1,5})([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with its zone, turned to UTC; one without a zone is refused."""


def _stretch(value: Any) -> Any:
    found = _STRETCH.fullmatch(value) if isinstance(value, str) else None
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else value


Stretch = Annotated[
    timedelta,
    BeforeValidator(_stretch),
    Field(gt=timedelta(), le=timedelta(days=36_500), examples=["7d"]),
]
"""A length of time: ``24h``, ``30d``, ``2w``, or as ISO 8601 has it."""
