import pytest
import sqlalchemy as sa
from sqlmodel import Session

from orouter.db.session import Database
from orouter.errors import NotFound
from orouter.ids import ulid
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.schemas.requests import RequestListing, RequestPage
from orouter.services import request_log
from tests.services.owned_usage import ZONE, Owner, at


def listed(database: Database, actor: Actor = CLI, **fields: object) -> RequestPage:
    with database.read() as session:
        return request_log.page(session, RequestListing.model_validate(fields), actor, ZONE)


def ids(page: RequestPage) -> list[str]:
    return [item.id for item in page.items]


def test_pages_go_back_in_time_and_end(database: Database) -> None:
    acme = Owner(database, "acme")
    made = [acme.use(f"2026-11-03T10:00:{second:02}").id for second in range(7)][::-1]
    first = listed(database, limit=3)
    second = listed(database, limit=3, before=first.next)
    third = listed(database, limit=3, before=second.next)
    assert [ids(page) for page in (first, second, third)] == [made[:3], made[3:6], made[6:]]
    assert third.next is None
    assert listed(database, limit=7).next is None


def test_new_requests_are_listed_after_the_last_one_seen(database: Database) -> None:
    acme = Owner(database, "acme")
    made = [acme.use(f"2026-11-03T10:00:0{second}").id for second in range(4)]
    assert ids(listed(database, after=made[1])) == made[2:]


def test_a_request_is_shown_with_names_and_units(database: Database) -> None:
    acme = Owner(database, "acme")
    used = acme.use("2026-11-03T10:00", ttft=120_500, tries='[{"status": 200}]', cost=None)
    with database.read() as session:
        shown = request_log.get(session, used.id, CLI, ZONE)
    assert (shown.org, shown.key, shown.at) == ("acme", "acme-ci", "2026-11-03T10:00:00.000+05:30")
    assert (shown.latency_ms, shown.ttft_ms, shown.cost_usd) == (400, 120.5, None)
    assert (shown.input_tokens, shown.output_tokens, shown.tries) == (10, 5, [{"status": 200}])


def test_filters(database: Database) -> None:
    acme, zeta = Owner(database, "acme"), Owner(database, "zeta")
    plain = acme.use("2026-11-03T10:00").id
    failed = acme.use("2026-11-03T11:00", code="upstream_error", status=502).id
    slow = zeta.use("2026-11-03T12:00", latency=6_000_000, model="a/b", provider="a").id
    assert ids(listed(database, errors=True)) == [failed]
    assert ids(listed(database, status=502)) == [failed]
    assert ids(listed(database, slower_than=5_000_000)) == [slow]
    assert ids(listed(database, org=acme.org)) == [failed, plain]
    assert ids(listed(database, key=zeta.key)) == [slow]
    assert ids(listed(database, model="a/b", provider="a")) == [slow]
    assert ids(listed(database, org=[acme.org, zeta.org])) == [slow, failed, plain]
    assert ids(listed(database, org=[zeta.org], model=["a/b", "openai/gpt-4o"])) == [slow]
    noon, eleven = at("2026-11-03T12:00"), at("2026-11-03T11:00")
    assert ids(listed(database, since=eleven, until=noon)) == [failed]


def test_what_cost_the_most_is_found_and_unknown_costs_are_left_out(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-11-03T10:00", cost=None)
    dear = acme.use("2026-11-03T11:00", cost=2_000_000).id
    acme.use("2026-11-03T12:00", cost=1_999_999)
    assert ids(listed(database, min_cost=2_000_000)) == [dear]


def test_a_request_is_found_by_its_ids(database: Database) -> None:
    acme = Owner(database, "acme")
    instant = at("2026-11-03T10:00")
    told = f"req_{ulid(instant - 5_000_000)}"
    ours = acme.use("2026-11-03T10:00", request_id=told).id
    theirs = acme.use("2026-11-03T11:00", request_id="build-42").id
    assert ids(listed(database, search=ours)) == [ours]
    assert ids(listed(database, search=told)) == [ours]
    assert ids(listed(database, search="build-42")) == [theirs]
    assert ids(listed(database, search=f"req_{ulid(instant)}")) == []


def test_actors_see_what_is_theirs(database: Database) -> None:
    acme, zeta = Owner(database, "acme"), Owner(database, "zeta")
    mine = acme.use("2026-11-03T10:00").id
    colleague = acme.use("2026-11-03T11:00", key_id="key_other").id
    other = zeta.use("2026-11-03T12:00").id
    admin = of_key(acme.key, acme.org, "admin")
    reader = of_key(acme.key, acme.org, "read")
    assert ids(listed(database, admin)) == [colleague, mine]
    assert ids(listed(database, reader)) == [mine]
    assert ids(listed(database, admin, org=zeta.org)) == []
    with database.read() as session:
        for hidden in (other, "01ABC", "ünï"):
            with pytest.raises(NotFound):
                request_log.get(session, hidden, admin)


def test_a_deep_page_is_found_by_the_primary_key(sqlite: Database) -> None:
    with sqlite.read() as session:
        plan = _plan(session, RequestListing(before="01KAAA"))
    assert "PRIMARY KEY (id<?)" in plan
    assert "TEMP B-TREE" not in plan


def test_a_request_id_of_ours_is_looked_for_around_its_time(sqlite: Database) -> None:
    with sqlite.read() as session:
        plan = _plan(session, RequestListing(search=f"req_{ulid()}"))
    assert "PRIMARY KEY (id>? AND id<?)" in plan


def _plan(session: Session, listing: RequestListing) -> str:
    executed: list[str] = []
    connection = session.connection()
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.set_trace_callback(executed.append)
    request_log.page(session, listing, CLI)
    raw.set_trace_callback(None)
    rows = connection.execute(sa.text("EXPLAIN QUERY PLAN " + executed[0].replace(":", "")))
    return " ".join(str(row[3]) for row in rows)
