"""Pages of a query: sorted by a column the caller may name, searched without wildcards."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, func, select
from sqlmodel.sql.expression import SelectOfScalar

from orouter.errors import InvalidRequest
from orouter.schemas.pages import Listing

T = TypeVar("T")

Columns = Mapping[str, sa.SQLColumnExpression[Any]]
"""The words a caller may sort by. ``id`` and ``created_at`` must be among them."""


def page_of(
    session: Session, query: SelectOfScalar[T], listing: Listing, columns: Columns
) -> tuple[Sequence[T], int]:
    """Return the page's rows and the number of rows on all pages.

    Raises InvalidRequest if ``listing.sort`` is not one of ``columns``.
    """
    order = sort_order(listing.sort, columns)
    created_at = columns["created_at"]
    if listing.created_after:
        query = query.where(created_at >= listing.created_after)
    if listing.created_before:
        query = query.where(created_at < listing.created_before)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    first = (listing.page - 1) * listing.page_size
    rows = session.exec(query.order_by(*order).limit(listing.page_size).offset(first))
    return rows.all(), total


def sort_order(sort: str, columns: Columns) -> list[sa.SQLColumnExpression[Any]]:
    """Return ORDER BY for ``name`` or ``-name``."""
    name = sort.removeprefix("-")
    if name not in columns:
        raise InvalidRequest(
            f"Cannot sort by {name!r}: use one of {', '.join(columns)}, -name descends.",
            param="sort",
        )
    # The id puts rows of equal value into one order, so that no page repeats or drops one.
    chosen = [columns[name]] if name == "id" else [columns[name], columns["id"]]
    return [column.desc() if sort.startswith("-") else column.asc() for column in chosen]


def contains(text: str, *columns: sa.SQLColumnExpression[str]) -> sa.ColumnElement[bool]:
    """Whether one of the columns holds ``text``; case counts for non-ASCII letters on SQLite."""
    return sa.or_(*(column.icontains(text, autoescape=True) for column in columns))
