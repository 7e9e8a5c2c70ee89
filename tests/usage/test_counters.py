"""The SQL of admission: conditional, all or nothing, and undone exactly once."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from orouter.db.session import Database
from orouter.usage.counters import (
    Amounts,
    Ask,
    Claim,
    Hold,
    Refusal,
    Transaction,
    give_back,
    last_batch,
    share_out,
    take,
    total,
)
from orouter.usage.gates import on
from tests.usage.limited import MONTH, ORG_MONTH, YEAR, limit, out, reserved, store

ORG_YEAR = Hold("org", "org_a", YEAR)
KEY_MONTH = Hold("key", "key_a", MONTH)

T = TypeVar("T")


def do(database: Database, work: Callable[[Transaction], T]) -> T:
    return database.call(lambda session: work(on(session.connection())))


def ask(requests: int, tokens: int = 1, *, shrinkable: bool = True) -> Ask:
    return Ask((ORG_MONTH,), Amounts(requests, tokens, 1), shrinkable)


def test_holds_sort_keys_before_organizations_and_years_before_months() -> None:
    assert sorted([ORG_MONTH, ORG_YEAR, KEY_MONTH]) == [KEY_MONTH, ORG_YEAR, ORG_MONTH]
    assert (ORG_YEAR.period, ORG_MONTH.period) == ("year", "month")


def test_totals_add_up_on_each_counter() -> None:
    parts = [((ORG_MONTH, ORG_YEAR), Amounts(1, 2, 3)), ((ORG_MONTH,), Amounts(10, 20, 30))]
    assert total(parts) == {ORG_MONTH: Amounts(11, 22, 33), ORG_YEAR: Amounts(1, 2, 3)}


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Amounts(5, 50, 500), True),
        (Amounts(6, 50, 500), False),
        (Amounts(5, 51, 500), False),
        (Amounts(5, 50, 501), False),
    ],
)
def test_taking_depends_on_every_dimension(database: Database, wanted: Amounts, fits: bool) -> None:
    store(database, limit(5, 50, 500))
    do(database, lambda tx: share_out(tx, Claim("w1", 1), []))
    do(database, lambda tx: share_out(tx, Claim("w1", 1), [Ask((ORG_MONTH,), Amounts())]))
    assert do(database, lambda tx: take(tx, Claim("w1", 2), {ORG_MONTH: wanted})) == fits


def test_without_a_row_there_is_nothing_to_take_from(database: Database) -> None:
    assert not do(database, lambda tx: take(tx, Claim("w1", 1), {ORG_MONTH: Amounts(1, 1, 1)}))


def test_sharing_out_is_first_come_first_served(database: Database) -> None:
    store(database, limit(3, tokens=100))
    asks = [ask(1, 70), ask(1, 70), ask(1, 5), ask(1, 5)]
    answers = do(database, lambda tx: share_out(tx, Claim("w1", 1), asks))
    full = Refusal(ORG_MONTH, "tokens", limit=100, used=0, reserved=100)
    assert answers == [Amounts(1, 70, 1), Amounts(1, 30, 1), full, full]
    assert reserved(database) == Amounts(2, 100, 2)


def test_what_will_not_shrink_leaves_room_for_the_small(database: Database) -> None:
    store(database, limit(tokens=100))
    asks = [ask(1, 70, shrinkable=False), ask(1, 70, shrinkable=False), ask(1, 5)]
    answers = do(database, lambda tx: share_out(tx, Claim("w1", 1), asks))
    assert [type(answer) for answer in answers] == [Amounts, Refusal, Amounts]


def test_giving_back_happens_once_for_each_claim(database: Database) -> None:
    do(database, lambda tx: share_out(tx, Claim("w1", 1), [ask(3, 30)]))
    for _ in range(2):
        do(database, lambda tx: give_back(tx, Claim("w1", 2), {ORG_MONTH: Amounts(1, 10, 0)}))
    assert reserved(database) == Amounts(2, 20, 1)
    assert do(database, lambda tx: last_batch(tx, "w1", ORG_MONTH)) == 2
    assert do(database, lambda tx: last_batch(tx, "stranger", ORG_MONTH)) == 0


def test_no_more_comes_back_than_is_out(database: Database) -> None:
    do(database, lambda tx: share_out(tx, Claim("w1", 1), [ask(1, 5)]))
    do(database, lambda tx: share_out(tx, Claim("w2", 1), [ask(1, 5)]))
    do(database, lambda tx: give_back(tx, Claim("w1", 2), {ORG_MONTH: Amounts(9, 99, 9)}))
    assert reserved(database) == Amounts(1, 5, 1)
    assert out(database)["w1", ORG_MONTH] == Amounts()
