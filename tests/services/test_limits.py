"""Limits: set, shown, cleared and checked, within reach of the actor."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from orouter.db.session import Database
from orouter.errors import InvalidRequest, NotFound, PermissionDenied
from orouter.models import OrganizationCreate
from orouter.models.limit import DimensionReport, LimitCounter, LimitReport, LimitSet, Period
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.services import changes, limits, organizations
from orouter.services.limits import Subject
from orouter.usage.periods import micros

ZONE = ZoneInfo("Asia/Shanghai")
AT = micros(datetime(2026, 11, 16, tzinfo=ZONE))


def an_org(database: Database, name: str = "acme") -> Subject:
    made = database.call(organizations.create, OrganizationCreate(name=name), CLI)
    return Subject("org", made.id, name)


def member_of(org_id: str) -> Actor:
    return of_key("key_1", org_id, "admin")


def put(database: Database, subject: Subject, **fields: object) -> None:
    database.call(limits.set_limits, subject, LimitSet.model_validate(fields), CLI)


def use(database: Database, subject: Subject, key: str, *, reserved: int = 0, **used: int) -> None:
    with database.begin() as session:
        session.add(
            LimitCounter(
                scope=subject.scope,
                subject_id=subject.id,
                period_key=key,
                reserved_requests=reserved,
                **{f"used_{name}": amount for name, amount in used.items()},
            )
        )


def shown(database: Database, subject: Subject) -> LimitReport:
    return database.call(limits.show, subject, AT, ZONE)


def test_an_unlimited_subject_shows_what_it_used(database: Database) -> None:
    org = an_org(database)
    use(database, org, "2026-11", requests=3, cost=1_500_000_000)
    report = shown(database, org)
    assert not report.limited
    month, year = report.periods
    assert (month.key, month.requests.used, month.requests.limit) == ("2026-11", 3, None)
    assert (month.cost.used, month.cost.remaining, month.cost.percent) == ("1.5", None, None)
    assert (year.key, year.requests.used) == ("2026", 0)


def test_a_report_tells_used_reserved_remaining_reset_and_projection(database: Database) -> None:
    org = an_org(database)
    put(database, org, requests=1000, cost="2.50")
    use(database, org, "2026-11", requests=600, reserved=10, tokens=7, cost=1_000_000_000)
    month = shown(database, org).periods[0]
    assert month.requests == DimensionReport(
        limit=1000, used=600, reserved=10, remaining=390, percent=60.0, projected=1200
    )
    assert month.cost == DimensionReport(
        limit="2.5", used="1", reserved="0", remaining="1.5", percent=40.0, projected="2"
    )
    assert month.tokens.limit is None
    assert month.starts_at == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert month.resets_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert month.resets_at.utcoffset() == timedelta(hours=8)


def test_remaining_is_never_negative(database: Database) -> None:
    org = an_org(database)
    use(database, org, "2026-11", tokens=900)
    put(database, org, tokens=100)
    month = shown(database, org).periods[0]
    assert (month.tokens.remaining, month.tokens.percent) == (0, 900.0)


def test_setting_merges_and_none_takes_one_away(database: Database) -> None:
    org = an_org(database)
    put(database, org, requests=10, tokens=20)
    put(database, org, tokens=30, period="year")
    put(database, org, requests=None, cost=Decimal("0.000000001"))
    month, year = shown(database, org).periods
    assert (month.requests.limit, month.tokens.limit, month.cost.limit) == (None, 20, "0.000000001")
    assert (year.requests.limit, year.tokens.limit, year.cost.limit) == (None, 30, None)


@pytest.mark.parametrize(
    ("period", "left"), [("month", [None, 2]), ("year", [1, None]), (None, [None, None])]
)
def test_clearing_takes_one_period_or_both(
    database: Database, period: Period | None, left: list[int | None]
) -> None:
    org = an_org(database)
    put(database, org, requests=1)
    put(database, org, requests=2, period="year")
    assert database.call(limits.clear, org, period, CLI)
    assert [each.requests.limit for each in shown(database, org).periods] == left
    assert not database.call(limits.clear, Subject("org", "org_x", "x"), None, CLI)


def test_every_change_is_seen_by_a_poller(database: Database) -> None:
    org = an_org(database)
    before = database.call(changes.current)
    put(database, org, requests=1)
    (changed,) = database.call(limits.changed_since, before)
    assert (changed.subject_id, changed.requests) == (org.id, 1)
    now = database.call(changes.current)
    assert database.call(limits.changed_since, now) == []
    database.call(limits.clear, org, None, CLI)
    (cleared,) = database.call(limits.changed_since, now)
    assert (cleared.requests, cleared.tokens, cleared.cost) == (None, None, None)
    assert len(database.call(limits.changed_since, -1)) == 1


def test_nothing_named_is_refused(database: Database) -> None:
    org = an_org(database)
    with pytest.raises(InvalidRequest, match="Name a limit"):
        put(database, org, period="year")


@pytest.mark.parametrize(
    "fields",
    [
        {"requests": -1},
        {"tokens": 10**19},
        {"cost": "-1"},
        {"cost": "NaN"},
        {"cost": "1e30"},
        {"cost": "0.0000000001"},
        {"period": "day"},
        {"used": 0},
    ],
)
def test_strange_limits_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LimitSet.model_validate(fields)


def test_an_organizations_own_administrator_sees_and_does_not_set(database: Database) -> None:
    org, other = an_org(database), an_org(database, "other")
    member = member_of(org.id)
    assert database.call(limits.organization, "acme", member) == org
    with pytest.raises(NotFound):
        database.call(limits.organization, other.id, member)
    with pytest.raises(PermissionDenied):
        database.call(limits.set_limits, org, LimitSet(requests=1), member)
    with pytest.raises(PermissionDenied):
        database.call(limits.clear, org, None, member)


def test_drift_is_reported_and_mended(database: Database) -> None:
    org = an_org(database)
    use(database, org, "2026-11", requests=3)
    (found,) = database.call(limits.drift, AT, ZONE)
    assert (found.hold.subject_id, found.counted.used.requests) == (org.id, 3)
    assert len(database.call(limits.drift, AT, ZONE, mend=True)) == 1
    assert database.call(limits.drift, AT, ZONE) == []
