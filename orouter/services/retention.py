"""Retention: old requests go, a small batch at a time; the statistics built from them stay.

After ``request_log_days`` what a request's log entry says beyond its figures is blanked; after
``retention_days`` the row goes. Nothing is loaded, no batch holds locks for long.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from orouter.db.session import Database
from orouter.models.usage_record import UsageRecord
from orouter.services.request_log import first_id
from orouter.usage.store import RECORDS, SEGMENTS

BATCH = 1000
PAUSE_SECONDS = 0.05
_DAY = 86_400_000_000
_DETAILS = ("error", "tries")


class Purged(NamedTuple):
    """How many requests were deleted, and how many lost their log entry's details."""

    deleted: int
    blanked: int


class Retention:
    """Applies the two ages. ``blanked_to`` is how far it got, so that later runs do little.

    ``sleep`` is called between batches; what it raises ends the work there.
    """

    def __init__(
        self,
        database: Database,
        *,
        sleep: Callable[[float], object] = time.sleep,
        blanked_to: str = "",
    ) -> None:
        self.blanked_to = blanked_to
        self._database = database
        self._sleep = sleep

    def run(self, retention_days: int, request_log_days: int, *, now: int) -> Purged:
        """Delete and blank what is older than that many days before ``now`` (microseconds)."""
        deleted = self.delete(first_id(now - retention_days * _DAY))
        blanked = self.blank(first_id(now - request_log_days * _DAY))
        self._database.call(_forget_segments, now - retention_days * _DAY)
        return Purged(deleted, blanked)

    def delete(self, before: str) -> int:
        """Delete the rows whose id is below ``before``."""
        deleted = 0
        while ids := self._database.call(_batch, "", before):
            deleted += self._database.call(_delete, ids[-1])
            self._sleep(PAUSE_SECONDS)
        return deleted

    def blank(self, before: str) -> int:
        """Blank the details of rows whose id is below ``before``."""
        blanked = 0
        while ids := self._database.call(_batch, self.blanked_to, before):
            blanked += self._database.call(_blank, ids)
            self.blanked_to = ids[-1]
            self._sleep(PAUSE_SECONDS)
        return blanked


def count(session: Session, before: str) -> int:
    """How many rows `Retention.delete` would delete."""
    query = sa.select(sa.func.count()).select_from(UsageRecord).where(RECORDS.c.id < before)
    return session.connection().scalar(query) or 0


def _batch(session: Session, after: str, before: str) -> list[str]:
    ids = sa.select(RECORDS.c.id).where(RECORDS.c.id > after, RECORDS.c.id < before)
    return list(session.connection().scalars(ids.order_by(RECORDS.c.id).limit(BATCH)))


def _delete(session: Session, last: str) -> int:
    return session.connection().execute(sa.delete(RECORDS).where(RECORDS.c.id <= last)).rowcount


def _blank(session: Session, ids: list[str]) -> int:
    written = sa.or_(*(RECORDS.c[name] != "" for name in _DETAILS))
    within = RECORDS.c.id.between(ids[0], ids[-1])
    emptied = dict.fromkeys(_DETAILS, "")
    statement = sa.update(RECORDS).where(within, written).values(emptied)
    return session.connection().execute(statement).rowcount


def _forget_segments(session: Session, before: int) -> None:
    """Positions of segments that were removed without them, by hand or in a crash."""
    session.connection().execute(sa.delete(SEGMENTS).where(SEGMENTS.c.updated_at < before))
