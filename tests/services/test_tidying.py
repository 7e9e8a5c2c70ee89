import asyncio
import threading
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.services import tidying
from orouter.services.tidying import keep_tidy, take_turn
from orouter.settings.schema import Usage
from orouter.usage.store import RECORDS
from tests.services.owned_usage import Owner, at

AGES = Usage(retention_days=60, request_log_days=30)
NOW = at("2026-11-23T10:00") * 1000
HOUR = 3_600_000_000_000


def left(database: Database) -> int:
    with database.read() as session:
        return session.connection().scalar(sa.select(sa.func.count()).select_from(RECORDS)) or 0


def turn(database: Database, now: int, stopping: threading.Event | None = None) -> object:
    return take_turn(database, AGES, stopping or threading.Event(), clock=lambda: now)


def test_one_turn_an_hour_whoever_asks(database: Database) -> None:
    Owner(database, "acme").use("2026-08-01T10:00")
    assert turn(database, NOW) == (1, 0)
    assert turn(database, NOW + HOUR - 1000) is None
    assert turn(database, NOW + HOUR) == (0, 0)


def test_of_many_who_ask_at_once_one_has_the_turn(database: Database) -> None:
    Owner(database, "acme").use("2026-08-01T10:00")
    results: list[object] = []
    asking = [
        threading.Thread(target=lambda: results.append(turn(database, NOW))) for _ in range(5)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert Counter(results) == {(1, 0): 1, None: 4}


def test_the_next_turn_does_not_look_again_at_what_was_blanked(sqlite: Database) -> None:
    acme = Owner(sqlite, "acme")
    old = acme.use("2026-10-14T09:00", error="blank")
    assert turn(sqlite, NOW) == (0, 1)
    with sqlite.begin() as session:
        session.connection().execute(sa.update(RECORDS).values(error="again"))
    acme.use("2026-10-15T09:00", error="later")
    assert turn(sqlite, NOW + HOUR) == (0, 1)
    with sqlite.read() as session:
        of_old = sa.select(RECORDS.c.error).where(RECORDS.c.id == old.id)
        assert session.connection().scalar(of_old) == "again"


def test_a_worker_that_stops_ends_its_turn_between_batches(sqlite: Database) -> None:
    Owner(sqlite, "acme").use("2026-08-01T10:00")
    stopping = threading.Event()
    stopping.set()
    assert turn(sqlite, NOW, stopping) is None
    assert turn(sqlite, NOW + HOUR) is not None


async def test_it_is_done_in_the_background_and_ends_when_told(database: Database) -> None:
    Owner(database, "acme").use("2026-08-01T10:00")
    assert tidying.EVERY_S > tidying.LONGEST_TURN_S
    task = asyncio.create_task(keep_tidy(database, lambda: AGES, look_s=0.01))
    deadline = time.monotonic() + 10
    while left(database):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_outage_only_postpones_it() -> None:
    nowhere = Database("sqlite:////nowhere/a.db")
    task = asyncio.create_task(keep_tidy(nowhere, lambda: AGES, look_s=0.01))
    await asyncio.sleep(0.3)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
