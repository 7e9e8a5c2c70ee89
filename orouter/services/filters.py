"""Filters that take one value or any of several."""

from typing import Any

import sqlalchemy as sa

from orouter.schemas.filters import Chosen


def matching(*filters: tuple[Any, Chosen]) -> list[sa.ColumnElement[bool]]:
    """The conditions of those filters (a column and what it may be) that are not empty."""
    return [_is(column, chosen) for column, chosen in filters if chosen]


def _is(column: Any, chosen: Chosen) -> sa.ColumnElement[bool]:
    values = values_of(chosen)
    # A single value lets a database go through an index in the order of what follows it.
    found: sa.ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def values_of(chosen: Chosen) -> tuple[str, ...]:
    """The values of a filter; none takes everything."""
    if isinstance(chosen, str):
        return (chosen,) if chosen else ()
    return chosen
