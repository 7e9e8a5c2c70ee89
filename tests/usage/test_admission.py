"""Letting requests in: exactly as many as the limits allow, from however many workers."""

import asyncio
import multiprocessing
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable, LimitExceeded
from orouter.usage.admission import UNLIMITED, Admission
from orouter.usage.counters import Amounts, Hold, Transaction
from orouter.usage.gates import unavailable
from orouter.usage.limit_table import Demand
from orouter.usage.periods import Calendar, micros, period_keys
from tests.usage.limited import (
    MONTH,
    UTC,
    YEAR,
    admission,
    admitting,
    counters,
    demand,
    gate_to,
    limit,
    out,
    reserved,
    settled,
    settlement,
    store,
    used,
)

spawn = multiprocessing.get_context("spawn")


async def outcomes(made: Admission, count: int, wanted: Demand | None = None) -> Counter[str]:
    answers = await asyncio.gather(
        *(made.reserve(wanted or demand()) for _ in range(count)), return_exceptions=True
    )
    return Counter(type(answer).__name__ for answer in answers)


async def test_without_a_limit_nothing_waits_for_the_database(async_database: Database) -> None:
    other = limit(1, subject_id="org_b")
    async with admitting(async_database, other) as made:
        reservation = await made.reserve(demand())
    assert reservation is UNLIMITED
    assert not reservation.limited
    assert not made.limits.concerns("org_a", "key_a")
    assert counters(async_database) == {}


async def test_a_reservation_says_what_it_holds_and_where(async_database: Database) -> None:
    limits = limit(9), limit(tokens=900, period="year"), limit(9, scope="key", subject_id="key_a")
    async with admitting(async_database, *limits) as made:
        reservation = await made.reserve(demand(tokens=100, cost=None))
    assert (reservation.worker_id, reservation.tokens, reservation.cost) == ("w1", 100, 1)
    assert reservation.holds == (f"key:{MONTH}", f"org:{YEAR}", f"org:{MONTH}")
    held = (Amounts(), Amounts(1, 100, 1))
    assert counters(async_database) == {
        Hold("key", "key_a", MONTH): held,
        Hold("org", "org_a", YEAR): held,
        Hold("org", "org_a", MONTH): held,
    }


async def test_of_many_at_once_exactly_the_limit_is_let_in(async_database: Database) -> None:
    async with admitting(async_database, limit(37)) as made:
        assert await outcomes(made, 300) == {"Reservation": 37, "LimitExceeded": 263}
    assert reserved(async_database).requests == 37
    assert sum(amounts.requests for amounts in out(async_database).values()) == 37


@pytest.mark.parametrize(
    ("limits", "let_in"),
    [
        ([limit(50, tokens=700)], 7),
        ([limit(50, tokens=7000, cost=150)], 3),
        ([limit(50), limit(8, period="year")], 8),
        ([limit(50), limit(6, scope="key", subject_id="key_a")], 6),
    ],
)
async def test_the_scarcest_dimension_decides(
    async_database: Database, limits: list[Any], let_in: int
) -> None:
    async with admitting(async_database, *limits) as made:
        assert (await outcomes(made, 20))["Reservation"] == let_in


def _compete(url: str, name: str, tasks: int, results: Any) -> None:
    async def compete() -> None:
        database = Database(url)
        async with gate_to(database) as gate:
            made = admission(gate, limit(1), worker=name)
            counted = await outcomes(made, tasks)
            # More, one after the other: also the single admission must be exact.
            for _ in range(tasks // 2):
                counted += await outcomes(made, 1)
        await database.aclose()
        results.put(dict(counted))

    asyncio.run(compete())


async def test_processes_share_a_limit_exactly(database: Database) -> None:
    store(database, limit(180, tokens=10_000_000))
    results = spawn.Queue()
    url = database.primary.url.render_as_string(hide_password=False)
    processes = [
        spawn.Process(target=_compete, args=(url, f"w{n}", 50, results), daemon=True)
        for n in range(4)
    ]
    for process in processes:
        process.start()
    total = sum((Counter(results.get(timeout=40)) for _ in processes), Counter())
    for process in processes:
        process.join()
    assert total == {"Reservation": 180, "LimitExceeded": 120}
    assert reserved(database).requests == 180


async def test_a_limit_is_usable_to_its_end(async_database: Database) -> None:
    """Estimates are far over real use: they shrink to what is left, so nobody is refused early."""
    async with admitting(async_database, limit(tokens=1000)) as made:
        for served in range(100):
            reservation = await made.reserve(demand(tokens=400))
            assert reservation.tokens == min(400, 1000 - served * 10)
            settled(async_database, [settlement(reservation, tokens=10)])
        with pytest.raises(LimitExceeded, match="1,000 tokens per month"):
            await made.reserve(demand(tokens=400))
    assert used(async_database).tokens == 1000
    assert reserved(async_database) == Amounts()


async def test_overshoot_is_what_was_used_beyond_the_reservations(
    async_database: Database,
) -> None:
    async with admitting(async_database, limit(tokens=1000)) as made:
        answers = [await made.reserve(demand(tokens=300)) for _ in range(4)]
        with pytest.raises(LimitExceeded):
            await made.reserve(demand(tokens=300))
    assert [each.tokens for each in answers] == [300, 300, 300, 100]
    settled(async_database, [settlement(each, tokens=290) for each in answers])
    assert used(async_database).tokens - 1000 == 160 <= sum(290 - 100 for _ in answers[3:])


async def test_a_strict_demand_never_shrinks(async_database: Database) -> None:
    async with admitting(async_database, limit(tokens=250)) as made:
        counted = await outcomes(made, 5, demand(tokens=100, strict=True))
    assert counted == {"Reservation": 2, "LimitExceeded": 3}


async def test_a_refusal_says_which_limit_and_when_it_resets(async_database: Database) -> None:
    async with admitting(async_database, limit(cost=2_500_000_000)) as made:
        reservation = await made.reserve(demand(cost=2_500_000_000))
        with pytest.raises(LimitExceeded) as in_flight:
            await made.reserve(demand())
        settled(async_database, [settlement(reservation, cost=2_500_000_000)])
        with pytest.raises(LimitExceeded) as used_up:
            await made.reserve(demand())
    assert in_flight.value.message == (
        "The limit of $2.5 of cost per month of this organization is used up ($0 used, $2.5 "
        "reserved by requests in flight). It resets at 2026-12-01T00:00:00+00:00."
    )
    assert in_flight.value.headers == {"retry-after": "1", "x-should-retry": "false"}
    assert "($2.5 used)" in used_up.value.message
    assert 1 <= int(used_up.value.headers["retry-after"]) <= 86_400


async def test_the_retry_after_of_a_refusal_is_the_end_of_its_period(
    async_database: Database,
) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    keys = period_keys(micros(datetime.now(zone)), zone)
    store(async_database, limit(0))
    async with gate_to(async_database) as gate:
        made = Admission(gate, "w1", Calendar(zone))
        made.limits.learn([limit(0)])
        with pytest.raises(LimitExceeded) as refused:
            await made.reserve(Demand("org_a", "key_a", 1, 1, *keys))
    assert "+08:00" in refused.value.message


async def test_a_changed_limit_holds_at_once(async_database: Database) -> None:
    async with admitting(async_database, limit(5)) as made:
        assert (await outcomes(made, 10))["Reservation"] == 5
        store(async_database, limit(8))
        assert (await outcomes(made, 10))["Reservation"] == 3
        store(async_database, limit(2))
        assert (await outcomes(made, 10))["Reservation"] == 0
        store(async_database, limit(None))
        assert (await outcomes(made, 10))["Reservation"] == 10


async def test_a_limit_lowered_under_load_is_not_overrun_by_newcomers(
    async_database: Database,
) -> None:
    async with admitting(async_database, limit(100_000)) as made:
        stop = asyncio.Event()

        async def knock() -> None:
            while not stop.is_set():
                with suppress(LimitExceeded):
                    await made.reserve(demand())

        clients = [asyncio.create_task(knock()) for _ in range(20)]
        await asyncio.sleep(0.2)
        await asyncio.to_thread(store, async_database, limit(1))
        await asyncio.sleep(0.05)
        at_change = reserved(async_database).requests
        await asyncio.sleep(0.2)
        stop.set()
        await asyncio.gather(*clients)
    assert reserved(async_database).requests == at_change > 1


async def test_at_midnight_of_the_zone_a_new_period_begins(async_database: Database) -> None:
    zone = ZoneInfo("Europe/Berlin")  # left daylight saving six days before
    calendar = Calendar(zone)
    midnight = micros(datetime(2026, 11, 1, tzinfo=zone))
    async with admitting(async_database, limit(1)) as made:
        for at in (midnight - 1, midnight):
            before = Demand("org_a", "key_a", 1, 1, *calendar.keys(at))
            assert await outcomes(made, 3, before) == {"Reservation": 1, "LimitExceeded": 2}
    assert set(counters(async_database)) == {
        Hold("org", "org_a", "2026-10"),
        Hold("org", "org_a", "2026-11"),
    }


async def test_what_is_released_can_be_taken_again(async_database: Database) -> None:
    async with admitting(async_database, limit(1)) as made:
        for _ in range(5):
            reservation = await made.reserve(demand())
            made.release("org_a", reservation)
    assert reserved(async_database) == Amounts()


async def test_a_caller_that_leaves_while_it_waits_keeps_nothing(
    async_database: Database,
) -> None:
    async with admitting(async_database, limit(1000)) as made:
        await made.reserve(demand())
        for yields in range(60):
            caller = asyncio.create_task(made.reserve(demand()))
            for _ in range(yields % 6):
                await asyncio.sleep(0)
            if yields >= 30:
                await asyncio.sleep(0.0003 * (yields - 29))
            if caller.cancel():
                with suppress(asyncio.CancelledError):
                    made.release("org_a", await caller)
            else:
                made.release("org_a", caller.result())
        await made.tidy()
    assert reserved(async_database).requests == 1


class Faulty:
    """A gate whose database goes away before or after the commit."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.fails = ""

    async def run(self, work: Callable[[Transaction], Any]) -> Any:
        if self.fails == "before":
            raise unavailable(OSError())
        result = await self.real.run(work)
        if self.fails == "after":
            raise unavailable(OSError())
        return result

    async def close(self) -> None:
        await self.real.close()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_outage_is_a_503_and_leaves_nothing_reserved(
    async_database: Database, when: str
) -> None:
    store(async_database, limit(10))
    async with gate_to(async_database) as real:
        gate = Faulty(real)
        made = admission(gate, limit(10))
        await made.reserve(demand())
        gate.fails = when
        assert await outcomes(made, 4) == {"DatabaseUnavailable": 4}
        assert await outcomes(made, 1) == {"DatabaseUnavailable": 1}
        gate.fails = ""
        assert await outcomes(made, 20) == {"Reservation": 9, "LimitExceeded": 11}
    assert reserved(async_database).requests == 10


async def test_a_database_that_hangs_is_given_two_seconds(sqlite: Database) -> None:
    store(sqlite, limit(10))
    async with gate_to(sqlite) as gate:
        made = admission(gate, limit(10))
        await made.reserve(demand())
        with sqlite.begin() as session:
            session.connection()  # takes the write lock
            began = asyncio.get_running_loop().time()
            with pytest.raises(DatabaseUnavailable) as refused:
                await made.reserve(demand())
            assert asyncio.get_running_loop().time() - began < 2.5
        await made.tidy()
    assert refused.value.headers == {"retry-after": "2"}
    assert reserved(sqlite).requests == 1


async def test_an_operator_may_prefer_to_serve_in_an_outage(sqlite: Database) -> None:
    async with gate_to(sqlite) as real:
        gate = Faulty(real)
        gate.fails = "before"
        made = Admission(gate, "w1", Calendar(UTC), serve_when_down=True)
        made.limits.learn([limit(1)])
        assert await made.reserve(demand()) is UNLIMITED
