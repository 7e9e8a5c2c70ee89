from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from orouter.db.session import Database
from orouter.models import Organization

LATE = datetime(2026, 1, 31, 23, 59, 59, 600_000, tzinfo=UTC)


def store(session: Session, name: str, at: datetime) -> str:
    given = {"name": name, "name_key": name, "version": 2**62, "created_at": at}
    row = Organization.model_validate(given)
    session.add(row)
    session.flush()
    return row.id


def load(session: Session, row_id: str) -> Organization:
    row = session.get(Organization, row_id)
    assert row is not None
    return row


def test_what_goes_in_comes_out(database: Database) -> None:
    row = database.call(load, database.call(store, "naïve 👩‍🚀", LATE))
    assert (row.name, row.created_at, row.version) == ("naïve 👩‍🚀", LATE, 2**62)
    assert row.created_at.tzinfo == UTC


async def test_what_goes_in_comes_out_on_the_event_loop(async_database: Database) -> None:
    row = await async_database.run(load, await async_database.run(store, "👩‍🚀", LATE))
    assert (row.name, row.created_at) == ("👩‍🚀", LATE)


def test_every_zone_is_the_same_moment(database: Database) -> None:
    east = LATE.astimezone(timezone(timedelta(hours=14)))
    assert database.call(load, database.call(store, "a", east)).created_at == LATE


def test_a_moment_without_a_zone_is_our_mistake(sqlite: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        sqlite.call(store, "a", LATE.replace(tzinfo=None))


def test_names_that_differ_are_different(database: Database) -> None:
    """MySQL's own defaults take these for one."""
    for name in ("Abc", "abc", "ABC", "Äbc", "Abç"):
        database.call(store, name, LATE)
    with database.read() as session:
        assert session.connection().scalar(sa.text("SELECT count(*) FROM organizations")) == 5


def test_what_does_not_fit_is_never_cut_in_silence(database: Database) -> None:
    if database.primary.backend == "sqlite":  # has no lengths: there the models alone check them
        return
    database.call(store, "a", LATE)
    with pytest.raises(sa.exc.DataError), database.begin() as session:
        session.exec(sa.update(Organization).values(description="x" * 501))
