"""Limits of organizations and keys, the counters they are held against, and who reserves on them.

Amounts are plain integers: requests, tokens, and nano-USD for cost. A counter row exists for every
organization and key that was used in a period, limited or not, so that a limit set in mid-period
finds what was really used. Clearing a limit empties its row, so that a poller notices.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Bounded
from sqlmodel import Field, SQLModel

from orouter.models.base import STRICT
from orouter.models.columns import BIG, ascii_text
from orouter.schemas.pages import PRINTABLE

Scope = Literal["org", "key"]
Period = Literal["month", "year"]

MOST = 9_000_000_000_000_000
"""The highest limit in requests and tokens: far from the end of 64 bits."""
MOST_USD = 9_000_000
"""The highest cost limit; counters of nano-USD may run over it a thousandfold."""


class Limit(SQLModel, table=True):
    """What a subject may use in each calendar month or year; None: as much as it wants."""

    __tablename__ = "limits"

    scope: str = Field(primary_key=True, sa_type=ascii_text(3))
    subject_id: str = Field(primary_key=True, sa_type=ascii_text(30))
    period: str = Field(primary_key=True, sa_type=ascii_text(5))
    requests: int | None = Field(default=None, sa_type=BIG)
    tokens: int | None = Field(default=None, sa_type=BIG)
    cost: int | None = Field(default=None, sa_type=BIG)
    version: int = Field(sa_type=BIG)


class LimitCounter(SQLModel, table=True):
    """What a subject used in one period, and what its requests in flight have reserved."""

    __tablename__ = "limit_counters"

    scope: str = Field(primary_key=True, sa_type=ascii_text(3))
    subject_id: str = Field(primary_key=True, sa_type=ascii_text(30))
    period_key: str = Field(primary_key=True, sa_type=ascii_text(7))
    used_requests: int = Field(default=0, sa_type=BIG)
    used_tokens: int = Field(default=0, sa_type=BIG)
    used_cost: int = Field(default=0, sa_type=BIG)
    reserved_requests: int = Field(default=0, sa_type=BIG)
    reserved_tokens: int = Field(default=0, sa_type=BIG)
    reserved_cost: int = Field(default=0, sa_type=BIG)
    warned: int = Field(default=0, sa_type=BIG)
    """Bits of the dimensions (requests 1, tokens 2, cost 4) whose nearing limit was logged."""


class OutstandingReservation(SQLModel, table=True):
    """What one worker has reserved on one counter: given back for it when it dies."""

    __tablename__ = "reservations"

    worker_id: str = Field(primary_key=True, sa_type=ascii_text(80))
    scope: str = Field(primary_key=True, sa_type=ascii_text(3))
    subject_id: str = Field(primary_key=True, sa_type=ascii_text(30))
    period_key: str = Field(primary_key=True, sa_type=ascii_text(7))
    requests: int = Field(default=0, sa_type=BIG)
    tokens: int = Field(default=0, sa_type=BIG)
    cost: int = Field(default=0, sa_type=BIG)
    batch: int = Field(default=0, sa_type=BIG)
    """The worker's last transaction on this row: tells whether a lost commit had happened."""


class AdmissionWorker(SQLModel, table=True):
    """A process that reserves. Others take it for dead when ``beat`` stands still."""

    __tablename__ = "admission_workers"

    id: str = Field(primary_key=True, sa_type=ascii_text(80))
    node: str = Field(sa_type=ascii_text(64))
    beat: int = Field(default=0, sa_type=BIG)


class LimitSet(SQLModel):
    """What is to change: a dimension that is left out stays, None takes its limit away."""

    model_config = STRICT

    period: Period = "month"
    requests: Annotated[int, Bounded(ge=0, le=MOST)] | None = None
    tokens: Annotated[int, Bounded(ge=0, le=MOST)] | None = None
    cost: Annotated[Decimal, Bounded(ge=0, le=MOST_USD, decimal_places=9)] | None = None
    """USD."""


class DimensionReport(SQLModel):
    """One of requests, tokens and cost (USD as decimal text). ``limit`` None: unlimited."""

    limit: int | str | None
    used: int | str
    reserved: int | str
    remaining: int | str | None
    percent: float | None
    """Of the limit, used; None without a limit."""
    projected: int | str
    """Used by the end of the period if it goes on as it did so far."""


class PeriodReport(SQLModel):
    """How a subject stands in the current month or year."""

    period: Period
    key: str
    starts_at: datetime
    resets_at: datetime
    requests: DimensionReport
    tokens: DimensionReport
    cost: DimensionReport


class LimitReport(SQLModel):
    """How an organization or key stands: the month, then the year, limited or not."""

    scope: Scope
    subject_id: str
    name: str
    limited: bool
    periods: list[PeriodReport]


class LimitListing(BaseModel):
    """Which limits to list: those of which ``at_least`` percent are used, the fullest first."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    page: int = Bounded(default=1, ge=1, le=1_000_000)
    page_size: int = Bounded(default=50, ge=1, le=200)
    sort: Literal["percent", "-percent", "name", "-name"] = "-percent"
    search: str = Bounded(default="", max_length=100, pattern=PRINTABLE)
    """In the name."""
    at_least: float = Bounded(default=0, ge=0, le=1000)
    scope: Scope | None = None
    period: Period | None = None
    org: str | None = Bounded(default=None, max_length=100)
    """Of this organization and its keys: an id, or the exact name."""


class LimitStanding(PeriodReport):
    """How an organization or key stands in a period that it has limits for."""

    scope: Scope
    id: str
    name: str
    org_id: str
    org_name: str
    percent: float
    """Of the fullest of the three."""
