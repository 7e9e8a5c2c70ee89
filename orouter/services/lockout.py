"""Guessing passwords is slow: attempts are counted by account and by address before they are tried.

Counting first means that a thousand attempts at once are no more guesses than one after another.
After `FREE` failures within `WINDOW` nothing is tried for a minute, and for twice as long after
each further failure.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.db.upsert import insert_missing
from orouter.errors import SignInLocked
from orouter.models.base import now
from orouter.models.login_attempt import LoginAttempt

FREE = 5
WINDOW = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=1)

_TABLE: sa.Table = LoginAttempt.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def account(email: str) -> str:
    """The subject of an account, whether it exists or not."""
    return sha256(f"account {email}".encode()).hexdigest()


def address(ip: str) -> str:
    """The subject of an address; of IPv6 the network that one customer usually has."""
    try:
        parsed = ip_address(ip)
    except ValueError:
        return sha256(b"address unknown").hexdigest()
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        ip = str(IPv6Address(int(parsed) >> 64 << 64))
    return sha256(f"address {ip}".encode()).hexdigest()


def attempt(session: Session, subjects: Iterable[str]) -> bool:
    """Count an attempt; return whether a failure of it would lock. Raises SignInLocked."""
    at = now()
    rows = _locked_rows(session, sorted(subjects), at)
    waits = [row.locked_until for row in rows if row.locked_until and row.locked_until > at]
    if waits:
        raise _locked(max(waits) - at)
    for row in rows:
        _count(row, at)
    session.flush()
    return any(row.failures >= FREE for row in rows)


def succeeded(session: Session, *, account: str, address: str) -> None:
    """Forget the account's failures, and this attempt of the address: others' remain."""
    forget(session, account)
    row = session.get(LoginAttempt, address)
    if row is not None:
        row.failures = max(row.failures - 1, 0)
        row.locked_until = None if row.failures < FREE else row.locked_until
        session.flush()


def forget(session: Session, subject: str) -> None:
    """Let that account or address try again at once."""
    session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.subject == subject))


def prune(session: Session) -> int:
    """Delete what no longer counts; return how many rows that were."""
    over = _TABLE.c.since < now() - 2 * WINDOW
    return session.connection().execute(sa.delete(_TABLE).where(over)).rowcount


def _locked_rows(session: Session, subjects: list[str], at: datetime) -> list[LoginAttempt]:
    """The rows of the subjects, made if need be, which nobody else changes meanwhile."""
    new = [{"subject": subject, "failures": 0, "since": at} for subject in subjects]
    insert_missing(session, _TABLE, new)
    query = select(LoginAttempt).where(col(LoginAttempt.subject).in_(subjects))
    return list(session.exec(query.order_by(col(LoginAttempt.subject)).with_for_update()))


def _count(row: LoginAttempt, at: datetime) -> None:
    if row.since < at - WINDOW and (row.locked_until is None or row.locked_until < at - WINDOW):
        row.failures, row.since, row.locked_until = 0, at, None
    row.failures += 1
    if row.failures >= FREE:
        row.locked_until = at + min(FIRST_PAUSE * 2 ** min(row.failures - FREE, 10), WINDOW)


def _locked(wait: timedelta) -> SignInLocked:
    seconds = int(wait.total_seconds()) + 1
    return SignInLocked(
        f"Too many failed attempts. Try again in {seconds} seconds.",
        hint="orouter user passwd sets a password at once",
        headers={"retry-after": str(seconds)},
    )
