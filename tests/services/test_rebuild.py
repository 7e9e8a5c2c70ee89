import threading

import sqlalchemy as sa

from orouter.db.session import Database
from orouter.models.usage_rollup import ORG_ROLLUPS, USAGE_ROLLUPS
from orouter.services.rebuild import rebuild
from orouter.services.request_log import first_id
from orouter.services.retention import Retention
from tests.services.owned_usage import ZONE, Owner, at
from tests.usage.made import org_rollups, rollups

DAYS = ("2026-10-31T23:59:59.9", "2026-11-01T00:00", "2026-11-03T10:00", "2026-10-29T20:00")


def test_rebuilding_mends_and_changes_nothing_that_is_right(database: Database) -> None:
    acme = Owner(database, "acme")
    for when in DAYS:
        acme.use(when)
        acme.use(when, model="a/b", provider="a", status=502, code="upstream_error")
    right = rollups(database), org_rollups(database)
    assert {day.requests for day in rebuild(database, ZONE)} == {0, 2}
    assert (rollups(database), org_rollups(database)) == right
    with database.begin() as session:
        wrong = sa.update(USAGE_ROLLUPS).where(USAGE_ROLLUPS.c.model == "a/b").values(cost=99)
        session.connection().execute(wrong.where(USAGE_ROLLUPS.c.grain != "day"))
        session.connection().execute(sa.delete(USAGE_ROLLUPS).where(USAGE_ROLLUPS.c.grain == "day"))
        session.connection().execute(sa.update(ORG_ROLLUPS).values(requests=99))
    list(rebuild(database, ZONE))
    assert (rollups(database), org_rollups(database)) == right


def test_days_whose_requests_are_gone_stay(database: Database) -> None:
    acme = Owner(database, "acme")
    for when in DAYS:
        acme.use(when)
    acme.use("2026-11-01T20:00")
    before = rollups(database)
    Retention(database, sleep=lambda _: None).delete(first_id(at("2026-11-01T12:00")))
    looked_at = {day.name: day.requests for day in rebuild(database, ZONE)}
    assert looked_at == {"2026-11-01": None, "2026-11-02": 0, "2026-11-03": 1}
    assert rollups(database) == before


def test_requests_that_arrive_meanwhile_are_counted_once(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-11-03T10:00")
    arriving = threading.Thread(target=lambda: [acme.use("2026-11-03T10:00") for _ in range(20)])
    arriving.start()
    while arriving.is_alive():
        list(rebuild(database, ZONE))
    arriving.join()
    counted = {key[0]: values[0] for key, values in rollups(database).items()}
    assert counted == {"hour": 21, "day": 21, "month": 21, "year": 21}


def test_a_request_stored_just_before_a_day_is_replaced_is_counted(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-11-03T10:00")
    late = threading.Thread(target=acme.use, args=("2026-11-03T10:00",))

    def before(_connection, _cursor, statement: str, *_rest) -> None:
        if statement.startswith("DELETE") and not late.ident:
            late.start()
            late.join(timeout=0.3)  # it gets through, or waits for the end of the replacement

    sa.event.listen(sa.Engine, "before_cursor_execute", before)
    try:
        list(rebuild(database, ZONE))
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", before)
        late.join()
    counted = {key[0]: values[0] for key, values in rollups(database).items()}
    assert counted == {"hour": 2, "day": 2, "month": 2, "year": 2}
