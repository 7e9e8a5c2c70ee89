"""Retention in the background: once an hour one worker of all nodes has the turn.

What people left behind goes with it: sessions that are over, links that expired, old attempts.

A turn is won by moving its row's time on. It ends before the next one begins, finished or not, and
when its worker is told to stop; what is left is done in the next.
"""

import asyncio
import threading
import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col

from orouter.db.session import Database
from orouter.db.upsert import insert_missing
from orouter.errors import OrouterError
from orouter.logs import get_logger
from orouter.models.chore import Chore
from orouter.services import links, lockout, sessions
from orouter.services.retention import Purged, Retention
from orouter.settings.schema import Usage
from orouter.usage.store import table_of

EVERY_S = 3600.0
LONGEST_TURN_S = 3000.0
LOOK_S = 60.0
_NAME = "retention"

log = get_logger(__name__)


class _TurnOver(Exception):
    """The time is up, or the worker stops."""


async def keep_tidy(
    database: Database, ages: Callable[[], Usage], *, look_s: float = LOOK_S
) -> None:
    """For ever: take the turn when it is due. Cancelling waits for the batch under way."""
    stopping = threading.Event()
    while True:
        await asyncio.sleep(look_s)
        turn = asyncio.ensure_future(asyncio.to_thread(take_turn, database, ages(), stopping))
        try:
            await asyncio.shield(turn)
        except asyncio.CancelledError:
            stopping.set()
            await asyncio.wait([turn])
            raise
        except OrouterError as error:
            log.warning("retention_postponed", reason=error.message)


def take_turn(
    database: Database,
    ages: Usage,
    stopping: threading.Event,
    *,
    clock: Callable[[], int] = time.time_ns,
) -> Purged | None:
    """Delete and blank what is old enough, if it is due and nobody else does; None if not.

    Raises DatabaseUnavailable.
    """
    now = clock() // 1000
    done_to = database.call(_won, now)
    if done_to is None:
        return None
    ends_at = time.monotonic() + LONGEST_TURN_S

    def pause(seconds: float) -> None:
        if stopping.wait(seconds) or time.monotonic() > ends_at:
            raise _TurnOver

    keeper = Retention(database, sleep=pause, blanked_to=done_to)
    purged = None
    try:
        purged = keeper.run(ages.retention_days, ages.request_log_days, now=now)
    except _TurnOver:
        log.info("retention_interrupted")
    database.call(_remember, keeper.blanked_to)
    for prune in (sessions.prune, lockout.prune, links.prune):
        database.call(prune)
    if purged is not None and any(purged):
        log.info("old_requests_purged", **purged._asdict())
    return purged


def _won(session: Session, now: int) -> str | None:
    """Where the last turn got to, if this one is ours."""
    insert_missing(session, table_of(Chore), [{"name": _NAME, "due_at": 0, "done_to": ""}])
    mine = sa.update(Chore).where(col(Chore.name) == _NAME, col(Chore.due_at) <= now)
    moved = session.connection().execute(mine.values(due_at=now + int(EVERY_S * 1_000_000)))
    chore = session.get_one(Chore, _NAME)
    return chore.done_to if moved.rowcount else None


def _remember(session: Session, done_to: str) -> None:
    session.connection().execute(
        sa.update(Chore).where(col(Chore.name) == _NAME).values(done_to=done_to)
    )
