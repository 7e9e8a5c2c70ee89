"""The end of a reservation: counted as what was really used, and given back exactly once."""

import asyncio
import random

from orouter.db.session import Database
from orouter.errors import LimitExceeded
from orouter.usage.admission import UNLIMITED
from orouter.usage.counters import Amounts, Hold
from orouter.usage.gates import on
from orouter.usage.periods import span
from orouter.usage.reconcile import drifts
from orouter.usage.records import Settlement
from orouter.usage.reservations import Watch, Worker, beat, give_back_all, settle, workers
from orouter.usage.rollups import Buckets
from orouter.usage.store import store as store_usage
from tests.usage.limited import (
    MONTH,
    UTC,
    YEAR,
    admitting,
    counters,
    demand,
    limit,
    out,
    reserved,
    settled,
    settlement,
    used,
)

MID_MONTH = span(MONTH, UTC).start + 10**12


def ingested(database: Database, settlements: list[Settlement]) -> None:
    """As the ingester does it: usage, rollups and counters in one transaction."""
    with database.begin() as session:
        connection = session.connection()
        settle(connection, store_usage(connection, settlements, {}, Buckets(UTC)))


async def test_a_settlement_counts_the_truth_and_ends_the_reservation(
    async_database: Database,
) -> None:
    limits = limit(10, tokens=1000), limit(10, scope="key", subject_id="key_a", period="year")
    async with admitting(async_database, *limits) as made:
        reservation = await made.reserve(demand(tokens=500, cost=70))
    settled(async_database, [settlement(reservation, tokens=42, cost=7)])
    assert set(counters(async_database).values()) == {(Amounts(1, 42, 7), Amounts())}
    assert set(out(async_database).values()) == {Amounts()}


async def test_what_no_upstream_answered_does_not_count(async_database: Database) -> None:
    async with admitting(async_database, limit(1)) as made:
        for _ in range(3):
            failed = await made.reserve(demand())
            settled(async_database, [settlement(failed, counted=False)])
        await made.reserve(demand())
    assert used(async_database) == Amounts()


def test_counters_are_kept_for_everybody(database: Database) -> None:
    settled(database, [settlement(UNLIMITED, tokens=3, cost=None) for _ in range(4)])
    both = [Hold(*subject, key) for subject in SUBJECTS for key in (MONTH, YEAR)]
    assert counters(database) == dict.fromkeys(both, (Amounts(4, 12, 0), Amounts()))


SUBJECTS = (("org", "org_a"), ("key", "key_a"))


async def test_a_dead_workers_reservations_come_back_once(async_database: Database) -> None:
    async with admitting(async_database, limit(5)) as made:
        alive = [await made.reserve(demand()) for _ in range(5)]
    await async_database.run(lambda session: give_back_all(on(session.connection()), "w1"))
    assert reserved(async_database) == Amounts()
    assert out(async_database) == {}
    # Its journal turns up later all the same: usage counts, nothing is given back again.
    settled(async_database, [settlement(each) for each in alive])
    assert counters(async_database)[Hold("org", "org_a", MONTH)] == (Amounts(5, 50, 25), Amounts())


async def test_a_worker_taken_for_dead_by_mistake_does_no_harm(async_database: Database) -> None:
    async with admitting(async_database, limit(50)) as made:
        old = [await made.reserve(demand()) for _ in range(3)]
        await async_database.run(lambda session: give_back_all(on(session.connection()), "w1"))
        new = [await made.reserve(demand()) for _ in range(2)]
        settled(async_database, [settlement(each) for each in old + new])
    assert reserved(async_database) == Amounts()
    assert used(async_database).requests == 5


def test_workers_are_known_by_their_beat_or_by_what_they_have_out(database: Database) -> None:
    with database.begin() as session:
        tx = on(session.connection())
        for _ in range(3):
            beat(tx, "w1", "node")
        assert workers(tx) == [Worker("w1", "node", 2)]


def test_a_watch_measures_how_long_a_beat_stands_still() -> None:
    watch = Watch()
    lively, silent = Worker("a", "n", 1), Worker("b", "n", 7)
    assert watch.still_for([lively, silent], 100) == {"a": 0, "b": 0}
    assert watch.still_for([Worker("a", "n", 2), silent], 121) == {"a": 0, "b": 21}
    watch.forget()
    assert watch.still_for([silent], 130) == {"b": 0}
    assert watch.still_for([], 140) == {}


async def test_whatever_becomes_of_requests_counters_equal_usage(
    async_database: Database,
) -> None:
    chance = random.Random(4)  # noqa: S311 - repeatable, not secret
    limits = (
        limit(400, tokens=9000),
        limit(cost=30_000, period="year"),
        limit(300, scope="key", subject_id="key_a"),
    )
    async with admitting(async_database, *limits) as made:

        async def request() -> Settlement | None:
            try:
                reservation = await made.reserve(demand(chance.randint(1, 200), cost=None))
            except LimitExceeded:
                return None
            fate = chance.choice(["served", "served", "failed", "refused", "died"])
            if fate == "refused":
                made.release("org_a", reservation)
                return None
            if fate == "died":
                return None
            done = settlement(reservation, chance.randint(0, 300), counted=fate == "served")
            return Settlement(
                **{**{f: getattr(done, f) for f in done.__struct_fields__}, "at": MID_MONTH}
            )

        for _ in range(12):
            done = await asyncio.gather(*(request() for _ in range(40)))
            records = [each for each in done if each is not None]
            await asyncio.to_thread(ingested, async_database, records)
            await asyncio.to_thread(ingested, async_database, records)  # a replay
        await made.tidy()
    with async_database.begin() as session:
        give_back_all(on(session.connection()), "w1")
        for key in (MONTH, YEAR):
            assert drifts(session.connection(), key, UTC) == []
    assert {each[1] for each in counters(async_database).values()} == {Amounts()}
    assert 0 < used(async_database).requests <= 300
