import sqlalchemy as sa

from orouter.db.session import Database
from orouter.models.usage_rollup import USAGE_ROLLUPS
from orouter.services import retention
from orouter.services.request_log import first_id
from orouter.services.retention import Retention
from orouter.usage.store import RECORDS, SEGMENTS
from tests.services.owned_usage import Owner, at

NOW = at("2026-11-23T10:00")


def test_rows_go_details_go_earlier_and_statistics_stay(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-08-01T10:00", error="gone")
    old = acme.use("2026-10-14T09:00", error="blank", tries="[]").id
    new = acme.use("2026-11-22T10:00", error="kept", tries="[]").id
    keeper = Retention(database, sleep=lambda _: None)
    assert keeper.run(60, 30, now=NOW) == (1, 1)
    with database.read() as session:
        connection = session.connection()
        rows = connection.execute(sa.select(RECORDS.c.id, RECORDS.c.error, RECORDS.c.tries))
        assert sorted(map(tuple, rows)) == [(old, "", ""), (new, "kept", "[]")]
        total = sa.select(sa.func.sum(USAGE_ROLLUPS.c.requests))
        assert connection.scalar(total.where(USAGE_ROLLUPS.c.grain == "day")) == 3
    assert keeper.run(60, 30, now=NOW) == (0, 0)


def test_batches_are_small_with_pauses_between(database: Database) -> None:
    acme = Owner(database, "acme")
    first = acme.use("2026-08-01T10:00")
    with database.begin() as session:
        connection = session.connection()
        (row,) = connection.execute(sa.select(RECORDS)).mappings()
        copies = [{**row, "id": f"{first.id[:20]}{n:06}"} for n in range(2500)]
        connection.execute(sa.insert(RECORDS), copies)
    pauses: list[float] = []
    with database.read() as session:
        expected = retention.count(session, first_id(NOW))
    assert Retention(database, sleep=pauses.append).delete(first_id(NOW)) == expected == 2501
    assert len(pauses) == 3


def test_positions_of_segments_long_gone_are_forgotten(sqlite: Database) -> None:
    with sqlite.begin() as session:
        rows = [{"name": name, "position": 8, "updated_at": when} for name, when in
                (("old", at("2025-01-01T00:00")), ("new", NOW))]  # fmt: skip
        session.connection().execute(sa.insert(SEGMENTS), rows)
    Retention(sqlite).run(60, 30, now=NOW)
    with sqlite.read() as session:
        assert list(session.connection().scalars(sa.select(SEGMENTS.c.name))) == ["new"]
