"""Lists with what their rows used: figures, filters and orders, on each database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.errors import InvalidRequest
from orouter.models import KeyCreate, KeyListing, LimitSet, OrganizationListing
from orouter.models.api_key import ApiKey, KeyListed
from orouter.models.base import now
from orouter.models.organization import OrganizationListed
from orouter.schemas.actor import CLI
from orouter.services import keys, limits, organizations
from orouter.usage.periods import micros
from tests.services.owned_usage import ZONE, Owner


def today(days_ago: int = 0) -> str:
    return (now() - timedelta(days=days_ago)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.%f")


def count(database: Database) -> None:
    """Counters from what was used, as the ingester of a server writes them."""
    database.call(limits.drift, micros(now()), ZONE, mend=True)


def listed_keys(database: Database, **asked: Any) -> list[KeyListed]:
    listing = KeyListing.model_validate({"include": "usage", **asked})
    return database.call(keys.list_all, listing, CLI, ZONE).items


def listed_orgs(database: Database, **asked: Any) -> list[OrganizationListed]:
    listing = OrganizationListing.model_validate({"include": "usage", **asked})
    return database.call(organizations.list_all, listing, CLI, ZONE).items


def limit(owner: Owner, **wanted: Any) -> None:
    subject = owner.database.call(limits.organization, owner.org, CLI)
    owner.database.call(limits.set_limits, subject, LimitSet.model_validate(wanted), CLI)


def age(database: Database, owner: Owner, days: int) -> None:
    with database.begin() as session:
        session.get_one(ApiKey, owner.key).created_at = now() - timedelta(days=days)


def test_a_key_shows_its_month(database: Database) -> None:
    acme, idle = Owner(database, "acme"), Owner(database, "idle")
    acme.use(today(), cost=1_000_000)
    acme.use(today(), cost=None)
    refused = {"cost": 0, "counted": False, "code": "overloaded"}
    acme.use(today(), **refused, prompt_tokens=0, completion_tokens=0)
    acme.use(today(40), cost=1)
    count(database)
    found = {item.id: item.usage for item in listed_keys(database)}
    used, unused = found[acme.key], found[idle.key]
    assert used is not None
    assert unused is not None
    assert (used.requests, used.tokens, used.cost_usd, used.unpriced) == (2, 30, "0.001", 1)
    assert used.last_used_at is not None
    assert abs(used.last_used_at - now()) < timedelta(minutes=2)
    assert (unused.requests, unused.cost_usd, unused.unpriced) == (0, "0", 0)
    assert (unused.last_used_at, unused.limit) == (None, None)
    assert [item.usage for item in listed_keys(database, include=None)] == [None, None]


def test_a_cost_that_nobody_knows_is_not_zero(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use(today(), cost=None)
    count(database)
    [key] = listed_keys(database)
    [org] = listed_orgs(database)
    for row in (key, org):
        assert row.usage is not None
        assert (row.usage.cost_usd, row.usage.unpriced, row.usage.requests) == (None, 1, 1)


def test_an_organization_shows_its_month_its_keys_and_its_fullest_limit(
    database: Database,
) -> None:
    acme, other = Owner(database, "acme"), Owner(database, "other")
    for name in ("second", "third", "gone"):
        database.call(keys.issue, acme.org, KeyCreate(name=name), CLI, pepper=b"pepper")
    database.call(keys.disable, "acme/second", CLI)
    database.call(keys.delete, "acme/gone", CLI)
    limit(acme, requests=100, tokens=20)
    limit(acme, requests=4, period="year")
    acme.use(today())
    count(database)
    found = {item.name: item.usage for item in listed_orgs(database)}
    used, idle = found["acme"], found["other"]
    assert used is not None
    assert (used.keys_active, used.keys_total, used.requests) == (2, 3, 1)
    assert used.limit is not None
    told = (used.limit.period, used.limit.dimension, used.limit.percent)
    assert told == ("month", "tokens", 75.0)
    assert idle is not None
    assert (idle.keys_active, idle.keys_total, idle.limit) == (1, 1, None)
    del other


@pytest.mark.parametrize("sort", ["requests", "tokens", "cost", "limit_percent", "last_used_at"])
def test_lists_are_sorted_by_use(database: Database, sort: str) -> None:
    much, little, none = (Owner(database, name) for name in ("b", "a", "c"))
    for owner, times in ((little, 1), (much, 2)):
        limit(owner, requests=100)
        for _ in range(times):
            owner.use(today())
    count(database)
    del none
    assert [item.name for item in listed_orgs(database, sort=f"-{sort}")] == ["b", "a", "c"]
    assert [item.name for item in listed_orgs(database, sort=sort)] == ["c", "a", "b"]
    if sort != "limit_percent":
        assert [item.org_name for item in listed_keys(database, sort=f"-{sort}")] == ["b", "a", "c"]


def test_organizations_are_sorted_by_their_keys(database: Database) -> None:
    Owner(database, "one")
    two = Owner(database, "two")
    database.call(keys.issue, two.org, KeyCreate(name="more"), CLI, pepper=b"pepper")
    assert [item.name for item in listed_orgs(database, sort="-keys")] == ["two", "one"]
    with pytest.raises(InvalidRequest, match="limit_percent"):
        listed_orgs(database, sort="nonsense")


def test_only_those_near_a_limit(database: Database) -> None:
    full, half, free = (Owner(database, name) for name in ("full", "half", "free"))
    for owner, wanted in ((full, 1), (half, 2)):
        limit(owner, requests=wanted)
        owner.use(today())
    free.use(today())
    subject = database.call(limits.key, half.key, CLI)
    database.call(limits.set_limits, subject, LimitSet(tokens=15), CLI)
    count(database)
    assert [item.name for item in listed_orgs(database, at_least=80)] == ["full"]
    assert {item.name for item in listed_orgs(database, at_least=50)} == {"full", "half"}
    assert [item.id for item in listed_keys(database, at_least=100)] == [half.key]


def test_keys_that_expire_soon(database: Database) -> None:
    owner = Owner(database, "acme")
    for name, days in (("soon", 5), ("later", 50)):
        new = KeyCreate(name=name, expires_at=now() + timedelta(days=days))
        database.call(keys.issue, owner.org, new, CLI, pepper=b"pepper")
    assert [item.name for item in listed_keys(database, expiring_within="7d")] == ["soon"]
    assert len(listed_keys(database, expiring_within="P60D")) == 2
    every = [item.name for item in listed_keys(database, sort="expires_at")]
    assert every == ["soon", "later", "acme-ci"]
    assert [item.name for item in listed_keys(database, sort="-expires_at")] == every[::-1]


def test_keys_that_nobody_uses(database: Database) -> None:
    used, stale, fresh = (Owner(database, name) for name in ("used", "stale", "fresh"))
    for owner in (used, stale):
        age(database, owner, 90)
    used.use(today(3))
    stale.use(today(31))
    found = listed_keys(database, unused_for="30d")
    assert [item.id for item in found] == [stale.key]
    assert found[0].id != fresh.key


@pytest.mark.parametrize("stretch", ["soon", "0d", "-1d", "99999w"])
def test_a_stretch_must_make_sense(stretch: str) -> None:
    with pytest.raises(ValueError, match="expiring_within"):
        KeyListing.model_validate({"expiring_within": stretch})


def test_a_page_costs_the_same_number_of_queries_however_long_it_is(sqlite: Database) -> None:
    asked: list[str] = []
    Owner(sqlite, "first").use(today())
    sa.event.listen(
        sqlite.primary.engine, "before_cursor_execute", lambda *event: asked.append(event[2])
    )
    listed_keys(sqlite)
    listed_orgs(sqlite)
    few = len(asked)
    for name in "abcdef":
        Owner(sqlite, name).use(today())
    asked.clear()
    assert len(listed_keys(sqlite)) == 7
    assert len(listed_orgs(sqlite)) == 7
    assert len(asked) == few


def test_the_moment_of_the_last_request_is_its_own(sqlite: Database) -> None:
    owner = Owner(sqlite, "acme")
    owner.use("2026-01-01T10:00")
    owner.use("2026-02-01T10:00")
    [key] = listed_keys(sqlite)
    assert key.usage is not None
    assert key.usage.last_used_at == datetime(2026, 2, 1, 10, tzinfo=ZONE)
