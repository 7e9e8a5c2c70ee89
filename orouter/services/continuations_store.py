"""The part of ``services.continuations`` that outlives a worker: a table shared by all nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.db.upsert import insert_missing
from orouter.dialects.base import Recalled
from orouter.models.continuation import CALL_ID_LENGTH, Continuation
from orouter.services.continuations import Key

KEPT_US = 48 * 3600 * 1_000_000
"""Two days: a tool loop that rests longer goes on without its reasoning."""

_TABLE: sa.Table = Continuation.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
_decode = msgspec.json.Decoder(tuple[dict[str, Any], ...]).decode


def load(session: Session, keys: Sequence[Key]) -> Mapping[Key, Recalled]:
    """What is kept for these tool calls; unknown ones are left out."""
    found: dict[Key, Recalled] = {}
    for org_id in {key[0] for key in keys}:
        calls = [call for org, call in keys if org == org_id and _fits(call)]
        query = select(Continuation).where(
            col(Continuation.org_id) == org_id, col(Continuation.call_id).in_(calls)
        )
        for row in session.exec(query):
            details = _decode(row.details)
            found[org_id, row.call_id] = Recalled(call_id=row.call_id, details=details)
    return found


def save(session: Session, kept: Mapping[Key, Recalled], now_us: int) -> None:
    """Keeps them; what is there already stays as it is."""
    rows = [
        {
            "org_id": org_id,
            "call_id": call_id,
            "details": msgspec.json.encode(recalled.details).decode(),
            "created_at": now_us,
        }
        for (org_id, call_id), recalled in sorted(kept.items())
        if _fits(call_id)
    ]
    insert_missing(session, _TABLE, rows)


def forget(session: Session, now_us: int) -> None:
    """Deletes what nobody will come back for."""
    old = sa.delete(_TABLE).where(_TABLE.c.created_at < now_us - KEPT_US)
    session.connection().execute(old)


def _fits(call_id: str) -> bool:
    return len(call_id) <= CALL_ID_LENGTH and call_id.isascii()
