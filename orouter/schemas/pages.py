"""Lists: what a caller may ask of one, and how a page of it is answered."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from orouter.schemas.moments import Moment

T = TypeVar("T")

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""A pattern for text without control characters."""


class Listing(BaseModel):
    """Which page of a list, in which order. ``sort=-name`` descends; ``search`` finds inside.

    ``created_after`` is included, ``created_before`` is not.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=200)
    sort: str = Field(default="-created_at", max_length=50, pattern=PRINTABLE)
    search: str = Field(default="", max_length=100, pattern=PRINTABLE)
    created_after: Moment | None = None
    created_before: Moment | None = None


def whole(items: list[T]) -> "Page[T]":
    """A list that is never so long that it needs pages."""
    return Page(items=items, total=len(items), page=1, page_size=max(len(items), 1))


class Page(BaseModel, Generic[T]):
    """One page; ``total`` counts the items of all pages."""

    items: list[T]
    total: int
    page: int
    page_size: int
