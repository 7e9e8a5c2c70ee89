"""What HTTP callers may ask of statistics and of the request log."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from orouter.schemas.statistics import GroupBy, Measure

_WORD = r"^[!-~]*$"
_TIME = Field(default="", max_length=40, pattern=r"^[ -~]*$")


def _several(given: Any) -> Any:
    """One value stands for a list of it, nothing for none."""
    return [given] if isinstance(given, str) and given else given or []


_Id = Annotated[str, Field(max_length=30, pattern=_WORD)]
_Provider = Annotated[str, Field(max_length=64)]
_Model = Annotated[str, Field(max_length=200)]
_Ids = Annotated[list[_Id], BeforeValidator(_several), Field(max_length=100)]
_Providers = Annotated[list[_Provider], BeforeValidator(_several), Field(max_length=100)]
_Models = Annotated[list[_Model], BeforeValidator(_several), Field(max_length=100)]


class StatsAsked(BaseModel):
    """A range, groups and filters. ``org`` and ``key`` are ids; a filter can be repeated.

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
    org: _Ids = []
    key: _Ids = []
    provider: _Providers = []
    model: _Models = []
    durations: bool = True
    """Also latencies and times to the first token, which cost as much again."""


class ExportAsked(StatsAsked):
    """An export: ``detail`` gives a row for each request instead of sums."""

    format: Literal["csv", "json", "ndjson"] = "csv"
    detail: bool = False


class TopAsked(StatsAsked):
    """The groups with the most of something."""

    measure: Measure = "cost"
    limit: int = Field(default=10, ge=1, le=1000)


class RequestsWanted(BaseModel):
    """Which requests. ``created_after`` and ``created_before`` are times as in statistics.

    ``search`` is the id of a request, or the request id that its caller gave or was told.
    ``slower_than_ms`` is milliseconds, ``min_cost`` USD.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    created_after: str = _TIME
    created_before: str = _TIME
    tz: str = Field(default="", max_length=64, pattern=_WORD)
    org: _Ids = []
    key: _Ids = []
    provider: _Providers = []
    model: _Models = []
    status: int | None = Field(default=None, ge=100, le=599)
    errors: bool = False
    slower_than_ms: int | None = Field(default=None, ge=0)
    min_cost: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    search: str = Field(default="", max_length=64, pattern=r"^[ -~]*$")


class RequestsAsked(RequestsWanted):
    """A page of the request log, newest first. ``before`` (an id) goes deep at no cost.

    ``page`` counts from 1 and is for the first pages; ``after`` gives newer ones only.
    """

    page: int = Field(default=1, ge=1, le=1000)
    page_size: int = Field(default=50, ge=1, le=200)
    before: str = Field(default="", max_length=26, pattern=r"^[0-9A-Z]*$")
    after: str = Field(default="", max_length=26, pattern=r"^[0-9A-Z]*$")


class RequestsExported(RequestsWanted):
    """All of them, oldest first."""

    format: Literal["csv", "json", "ndjson"] = "csv"
