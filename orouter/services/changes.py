"""How a mutation becomes known: one counter, raised in the mutation's own transaction.

Raising it locks its row until the commit, so mutations commit in the order of their numbers, and
whoever sees the value v has every change up to v. For the same reason a mutation raises it first:
what it reads afterwards cannot change under its hands.

The upper bits count how often everything changed at once, by the restore of a backup: versions of
different generations say nothing about each other.
"""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.models import ChangeCounter

GENERATION = 1 << 32


def bump(session: Session) -> int:
    """Raise the counter and return its new value, the ``version`` of the rows about to change."""
    session.exec(
        sa.update(ChangeCounter)
        .where(col(ChangeCounter.id) == 1)
        .values(value=col(ChangeCounter.value) + 1)
        .execution_options(synchronize_session=False)
    )
    return current(session)


def current(session: Session) -> int:
    """Return the counter's value."""
    return session.exec(select(ChangeCounter.value).where(col(ChangeCounter.id) == 1)).one()


def everything(session: Session, seen: int) -> None:
    """Begin a new generation, above the counter's value and ``seen``: nothing holds any more."""
    newest = max(current(session), seen)
    session.exec(
        sa.update(ChangeCounter)
        .where(col(ChangeCounter.id) == 1)
        .values(value=(newest // GENERATION + 1) * GENERATION)
        .execution_options(synchronize_session=False)
    )


def comparable(older: int, newer: int) -> bool:
    """Whether what changed between the two values is what has a version between them."""
    return older <= newer and older // GENERATION == newer // GENERATION
