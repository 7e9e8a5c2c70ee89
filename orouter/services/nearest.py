"""What was likely meant by a name that nobody has."""

import difflib
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

MOST_NAMES = 5000
"""Among more names a guess is not worth reading them all."""


def hint(ref: str, names: Iterable[str], otherwise: str) -> str:
    """``Did you mean …?`` with the nearest name; ``otherwise`` if none is near."""
    near = difflib.get_close_matches(ref, names, 1)
    return f"Did you mean {near[0]}?" if near else otherwise


def hint_of(
    session: Session, query: SelectOfScalar[Any], name: Any, ref: str, otherwise: str
) -> str:
    """The same among the values of a column in the rows of a query."""
    names = query.with_only_columns(col(name)).distinct().limit(MOST_NAMES)
    return hint(ref, session.connection().scalars(names), otherwise)
