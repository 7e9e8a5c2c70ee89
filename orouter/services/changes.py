"""How a mutation becomes known: one counter, raised in the mutation's own transaction.

Raising it locks its row until the commit, so mutations commit in the order of their numbers, and
whoever sees the value v has every change up to v. For the same reason a mutation raises it first:
what it reads afterwards cannot change under its hands.
"""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.models import ChangeCounter


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
