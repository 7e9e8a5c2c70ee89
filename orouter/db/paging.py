"""Pages of a query: sorted by a column the caller may name, searched without wildcards."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from orouter.errors import InvalidRequest
from orouter.schemas.pages import Listing

Columns = Mapping[str, sa.ColumnElement[Any]]
"""The words a caller may sort by. ``id`` is needed too: it puts equal rows into one order."""


def page_of(
    session: Session, query: sa.Select[*tuple[Any, ...]], listing: Listing, columns: Columns
) -> tuple[Sequence[sa.Row[Any]], int]:
    """Return the page's rows and the number of rows on all pages.

    Raises InvalidRequest if ``listing.sort`` is not one of ``columns``.
    """
    order = sort_order(listing.sort, columns)
    total = session.connection().scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = session.connection().execute(
        query.order_by(*order)
        .limit(listing.page_size)
        .offset((listing.page - 1) * listing.page_size)
    )
    return rows.all(), total or 0


def sort_order(sort: str, columns: Columns) -> list[sa.ColumnElement[Any]]:
    """Return ORDER BY for ``name`` or ``-name``."""
    name = sort.removeprefix("-")
    if name not in columns:
        raise InvalidRequest(
            f"Cannot sort by {name!r}: use one of {', '.join(columns)}, with - in front to descend",
            param="sort",
        )
    chosen = [columns[name]] if name == "id" else [columns[name], columns["id"]]
    return [column.desc() if sort.startswith("-") else column.asc() for column in chosen]


def contains(text: str, *columns: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether one of the columns holds ``text``; case counts for non-ASCII letters on SQLite."""
    return sa.or_(*(column.icontains(text, autoescape=True) for column in columns))
