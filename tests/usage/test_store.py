import pytest
from sqlalchemy.exc import IntegrityError

from orouter.db.session import Database
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets
from orouter.usage.store import storable, store
from tests.usage.made import KOLKATA, assert_rollups_are_sums, rollups, settlement, stored


def put(database: Database, settlements: list[Settlement]) -> list[Settlement]:
    with database.begin() as session:
        return store(session.connection(), settlements, {}, Buckets(KOLKATA))


def test_only_what_is_new_is_stored_and_added(database: Database) -> None:
    first, second, third = settlement(cost=1), settlement(cost=2), settlement(cost=4)
    assert {each.id for each in put(database, [first, second, second])} == {first.id, second.id}
    assert put(database, [second, third, first]) == [third]
    assert put(database, []) == []
    assert_rollups_are_sums(database, [first, second, third])


def test_who_does_not_ask_is_refused_what_is_there_and_leaves_nothing(database: Database) -> None:
    put(database, [there := settlement()])
    batch = [settlement(), there, settlement()]
    with pytest.raises(IntegrityError), database.begin() as session:
        store(session.connection(), batch, {"a.seg": 9}, Buckets(KOLKATA), ask=False)
    assert list(stored(database)) == [there.id]
    assert len(put(database, batch)) == 2
    assert_rollups_are_sums(database, batch)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    put(database, [kept := settlement()])
    with database.begin() as session:
        store(session.connection(), [settlement()], {"a.seg": 9}, Buckets(KOLKATA))
        session.rollback()
    assert list(stored(database)) == [kept.id]
    assert_rollups_are_sums(database, [kept])


def test_text_that_no_column_takes_is_cut_to_fit(database: Database) -> None:
    wild = settlement(model="openai/" + "ü" * 500, error="\0" * 5 + "e" * 600, finish="f" * 99)
    put(database, [wild])
    row = stored(database)[wild.id]
    assert (len(row.model), row.error, len(row.finish)) == (200, "e" * 500, 32)
    assert {key[5] for key in rollups(database)} == {row.model}


def test_ordinary_text_is_left_as_it_is() -> None:
    ordinary, wild = settlement(error="ü" * 500, model="m" * 200), settlement(error="a\0")
    assert storable([]) == []
    assert storable([ordinary]) == [ordinary]
    assert [each.error for each in storable([wild, ordinary])] == ["a", ordinary.error]
