from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.errors import InvalidRequest
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.schemas.statistics import StatsReport
from orouter.services import statistics
from orouter.services.statistics import StatsQuery
from tests.services.owned_usage import ZONE, Owner, between

NOVEMBER = between("2026-11-01", "2026-12-01")


def ask(database: Database, actor: Actor = CLI, **fields: Any) -> StatsReport:
    wanted = replace(StatsQuery(span=NOVEMBER, stored_zone=ZONE), **fields)
    with database.read() as session:
        return statistics.query(session, wanted, actor)


def test_totals_add_up_every_figure(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-11-01T00:00", cached_tokens=4, reasoning_tokens=2, stream=True, ttft=90_000)
    acme.use("2026-11-30T23:59:59.999999", cost=None)
    acme.use("2026-11-02T12:00", code="upstream_error", status=502, cost=None, source="none")
    acme.use("2026-10-31T23:59:59.999999")
    acme.use("2026-12-01T00:00")
    report = ask(database)
    totals = report.totals
    assert report.rows[0].model_dump(exclude_none=True) == totals.model_dump(exclude_none=True)
    assert (totals.requests, totals.errors, totals.streams, totals.unpriced) == (3, 1, 1, 1)
    assert (totals.input_tokens, totals.output_tokens, totals.total_tokens) == (30, 15, 45)
    assert (totals.cached_tokens, totals.reasoning_tokens) == (4, 2)
    assert totals.cost_usd == "0.0015"
    assert totals.ttft_ms is not None
    assert totals.ttft_ms.mean == 90
    assert (report.start, report.end) == ("2026-11-01T00:00:00+05:30", "2026-12-01T00:00:00+05:30")


def test_nothing_is_an_empty_report_with_totals_of_zero(database: Database) -> None:
    report = ask(database, group_by=("day", "org"))
    assert report.rows == []
    assert (report.totals.requests, report.totals.cost_usd) == (0, "0")
    assert report.totals.latency_ms is None


def test_what_is_left_out_of_a_month_leaves_no_trace(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-11-28T23:30", latency=10_000)
    acme.use("2026-11-29T10:00", model="google/gemini-2.5-pro", provider="google")
    acme.use("2026-11-30T00:00", latency=90_000)
    [row] = ask(database, span=between("2026-11-01", "2026-11-29"), group_by=("model",)).rows
    assert (row.model, row.requests, row.cost_usd) == ("openai/gpt-4o", 1, "0.0015")
    assert row.latency_ms is not None
    assert row.latency_ms.mean == 10


def test_groups_carry_names_and_come_in_a_fixed_order(database: Database) -> None:
    acme, zeta = Owner(database, "acme"), Owner(database, "zeta")
    for owner in (zeta, acme):
        owner.use("2026-11-03T10:00")
        owner.use("2026-11-02T10:00", model="anthropic/claude-sonnet-4-5", provider="anthropic")
    rows = ask(database, group_by=("day", "org", "key", "provider", "model", "status")).rows
    assert [
        (row.period, row.org, row.key, row.provider, row.model, row.status) for row in rows
    ] == [
        (day, org, f"{org}-ci", *model, 200)
        for day, model in (
            ("2026-11-02", ("anthropic", "anthropic/claude-sonnet-4-5")),
            ("2026-11-03", ("openai", "openai/gpt-4o")),
        )
        for org in sorted(("acme", "zeta"), key={"acme": acme.org, "zeta": zeta.org}.__getitem__)
    ]


@pytest.mark.parametrize(
    ("group", "labels"),
    [
        ("hour", ["2026-11-01T23", "2026-11-02T00", "2026-11-09T14"]),
        ("day", ["2026-11-01", "2026-11-02", "2026-11-09"]),
        ("week", ["2026-W44", "2026-W45", "2026-W46"]),
        ("month", ["2026-11"]),
        ("year", ["2026"]),
        ("hour_of_day", [0, 14, 23]),
        ("weekday", [1, 7]),
    ],
)
def test_time_is_grouped_on_the_calendar_of_the_zone(
    group: str, labels: list[object], sqlite: Database
) -> None:
    acme = Owner(sqlite, "acme")
    for when in ("2026-11-01T23:59:59", "2026-11-02T00:00", "2026-11-09T14:30"):
        acme.use(when)
    rows = ask(sqlite, group_by=(group,)).rows
    shown = [
        row.hour_of_day if group == "hour_of_day" else row.weekday or row.period for row in rows
    ]
    assert shown == labels
    assert sum(row.requests for row in rows) == 3


def test_filters_narrow_and_combine(database: Database) -> None:
    acme, zeta = Owner(database, "acme"), Owner(database, "zeta")
    acme.use("2026-11-03T10:00")
    acme.use("2026-11-03T10:00", model="google/gemini-2.5-pro", provider="google")
    zeta.use("2026-11-03T10:00")
    assert ask(database, org=acme.org).totals.requests == 2
    assert ask(database, key=zeta.key).totals.requests == 1
    assert ask(database, org=acme.org, provider="google").totals.requests == 1
    assert ask(database, model="openai/gpt-4o").totals.requests == 2
    assert ask(database, org=acme.org, key=zeta.key).totals.requests == 0
    assert ask(database, org=(acme.org, zeta.org)).totals.requests == 3
    either = ("openai/gpt-4o", "google/gemini-2.5-pro")
    assert ask(database, org=(acme.org,), model=either).totals.requests == 2
    assert ask(database, key=(acme.key, zeta.key), provider="openai").totals.requests == 2


def test_actors_see_what_is_theirs(database: Database) -> None:
    acme, zeta = Owner(database, "acme"), Owner(database, "zeta")
    acme.use("2026-11-03T10:00")
    acme.use("2026-11-03T10:00", key_id="key_other")
    zeta.use("2026-11-03T10:00")
    admin = of_key(acme.key, acme.org, "admin")
    reader = of_key(acme.key, acme.org, "read")
    assert ask(database, admin).totals.requests == 2
    assert ask(database, reader).totals.requests == 1
    assert ask(database, reader, key="key_other").totals.requests == 1
    assert ask(database, admin, org=zeta.org).rows == []
    assert ask(database, admin, org=(zeta.org, acme.org)).totals.requests == 2


def test_the_top_is_by_measure_and_totals_are_of_all(database: Database) -> None:
    acme = Owner(database, "acme")
    for model, cost, count in (("a/cheap", 1, 3), ("a/dear", 100, 1), ("a/middle", 10, 2)):
        for _ in range(count):
            acme.use("2026-11-03T10:00", model=model, cost=cost)
    wanted = StatsQuery(span=NOVEMBER, stored_zone=ZONE, group_by=("model",))
    with database.read() as session:
        by_cost = statistics.top(session, wanted, CLI, limit=2)
        by_count = statistics.top(session, wanted, CLI, measure="requests", limit=1)
    assert [row.model for row in by_cost.rows] == ["a/dear", "a/middle"]
    assert [row.model for row in by_count.rows] == ["a/cheap"]
    assert (by_cost.totals.requests, by_cost.totals.cost_usd) == (6, "0.000000123")


def test_percentiles_lie_in_the_buckets_of_the_truth(sqlite: Database) -> None:
    acme = Owner(sqlite, "acme")
    for number in range(100):
        slow = number >= 98
        acme.use("2026-11-03T10:00", latency=7_000_000 if slow else 300_000)
    latency = ask(sqlite).totals.latency_ms
    assert latency is not None
    assert 250 < latency.p50 <= latency.p95 <= 500
    assert 4000 < latency.p99 <= 8000
    assert latency.mean == 434


def test_another_zone_regroups_hours(sqlite: Database) -> None:
    acme = Owner(sqlite, "acme")
    acme.use("2026-11-03T02:00")
    moved = ask(sqlite, group_by=("day",), zone=ZoneInfo("Asia/Karachi"))
    assert [row.period for row in moved.rows] == ["2026-11-03"]
    earlier = ask(sqlite, group_by=("day",), zone=ZoneInfo("America/New_York"))
    assert [row.period for row in earlier.rows] == ["2026-11-02"]
    assert earlier.timezone == "America/New_York"


def test_two_periods_at_once_and_ids_that_are_none_are_refused(sqlite: Database) -> None:
    with pytest.raises(InvalidRequest, match="Group by one of"):
        ask(sqlite, group_by=("day", "month"))
    with pytest.raises(InvalidRequest, match="is not an id"):
        ask(sqlite, org="ünï")


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"key": "key_a"}, "usage_rollups_key_id"),
        ({"org": "org_a"}, "org_rollups_org_id"),
        ({"org": "org_a", "group_by": ("key",)}, "usage_rollups_org_id"),
    ],
)
def test_one_owner_is_found_by_index_however_many_others_there_are(
    filters: dict[str, Any], index: str, sqlite: Database
) -> None:
    executed: list[str] = []
    with sqlite.read() as session:
        connection = session.connection()
        raw: Any = connection.connection.dbapi_connection
        raw.set_trace_callback(executed.append)
        wanted = StatsQuery(span=NOVEMBER, stored_zone=ZONE, group_by=("day",))
        statistics.query(session, replace(wanted, **filters), CLI)
        raw.set_trace_callback(None)
        plan = connection.execute(sa.text("EXPLAIN QUERY PLAN " + executed[0].replace(":", "")))
        assert f"USING INDEX ix_{index}_grain_start" in " ".join(str(row[3]) for row in plan)
