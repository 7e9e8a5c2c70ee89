"""What HTTP callers may ask of statistics and of the request log."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from orouter.schemas.statistics import GroupBy, Measure

_WORD = r"^[!-~]*$"
_TIME = Field(default="", max_length=40, pattern=r"^[ -~]*$")


class StatsAsked(BaseModel):
    """A range, groups and filters. ``org`` and ``key`` are ids.

    The range is ``from`` to ``to`` (a date, a moment, or a time ago such as ``90d``), or one of
    ``day``, ``week``, ``month``, ``year`` (``this``, ``last``, or its name); else this month.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, populate_by_name=True)

    since: str = Field(default="", alias="from", max_length=40, pattern=r"^[ -~]*$")
    until: str = Field(default="", alias="to", max_length=40, pattern=r"^[ -~]*$")
    day: str = _TIME
    week: str = _TIME
    month: str = _TIME
    year: str = _TIME
    tz: str = Field(default="", max_length=64, pattern=_WORD)
    group_by: list[GroupBy] = Field(default=[], max_length=6)
    org: str = Field(default="", max_length=30, pattern=_WORD)
    key: str = Field(default="", max_length=30, pattern=_WORD)
    provider: str = Field(default="", max_length=64)
    model: str = Field(default="", max_length=200)


class ExportAsked(StatsAsked):
    """An export: ``detail`` gives a row for each request instead of sums."""

    format: Literal["csv", "json", "ndjson"] = "csv"
    detail: bool = False


class TopAsked(StatsAsked):
    """The groups with the most of something."""

    measure: Measure = "cost"
    limit: int = Field(default=10, ge=1, le=1000)


class RequestsAsked(BaseModel):
    """A page of the request log, newest first. ``before`` (an id) goes deep at no cost.

    ``slower_than_ms`` is milliseconds; ``created_after`` and ``created_before`` are times as in
    statistics. ``page`` counts from 1 and is for the first pages; ``after`` gives newer ones only.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    page: int = Field(default=1, ge=1, le=1000)
    page_size: int = Field(default=50, ge=1, le=200)
    before: str = Field(default="", max_length=26, pattern=r"^[0-9A-Z]*$")
    after: str = Field(default="", max_length=26, pattern=r"^[0-9A-Z]*$")
    created_after: str = _TIME
    created_before: str = _TIME
    tz: str = Field(default="", max_length=64, pattern=_WORD)
    org: str = Field(default="", max_length=30, pattern=_WORD)
    key: str = Field(default="", max_length=30, pattern=_WORD)
    provider: str = Field(default="", max_length=64)
    model: str = Field(default="", max_length=200)
    status: int | None = Field(default=None, ge=100, le=599)
    errors: bool = False
    slower_than_ms: int | None = Field(default=None, ge=0)
