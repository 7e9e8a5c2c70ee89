"""Usage beside the rows of a list."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class FullestLimit(BaseModel):
    """The limit of an organization or key of which the most is used."""

    period: Literal["month", "year"]
    dimension: Literal["requests", "tokens", "cost"]
    percent: float


class MonthUsage(BaseModel):
    """What was used in the current month, as limits count it: requests that were answered."""

    month: str
    requests: int
    tokens: int
    cost_usd: str | None
    """None where nothing has a known price."""
    unpriced: int
    """Requests whose price is not known: the cost leaves them out."""
    last_used_at: datetime | None
    limit: FullestLimit | None
    """None: unlimited."""


class OrganizationUsage(MonthUsage):
    """The same of an organization, with its keys."""

    keys_active: int
    keys_total: int
    """Without deleted ones."""
