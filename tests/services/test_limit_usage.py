"""How full limits are, on each database."""

import time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from orouter.db.session import Database
from orouter.models import LimitSet, OrganizationCreate
from orouter.models.limit import LimitCounter
from orouter.schemas.actor import CLI
from orouter.services import limit_usage, limits, organizations
from orouter.usage.periods import period_keys

NOW = period_keys(time.time_ns() // 1000, ZoneInfo("UTC"))


def limited(database: Database, name: str, used: int, **amounts: object) -> str:
    org_id = database.call(organizations.create, OrganizationCreate(name=name), CLI).id
    database.call(limits.put, "org", org_id, LimitSet.model_validate(amounts), CLI)

    def use(session: Session) -> None:
        session.add(
            LimitCounter(scope="org", subject_id=org_id, period_key=NOW.month, used_requests=used)
        )

    database.call(use)
    return org_id


def test_the_fullest_come_first_with_all_their_limits(database: Database) -> None:
    little = limited(database, "little", 1, requests=100)
    much = limited(database, "much", 90, requests=100, cost="5")
    database.call(limits.put, "org", much, LimitSet(requests=1000, period="year"), CLI)
    found = database.call(limit_usage.fullest, NOW)
    assert [(use.labels, use.ratio) for use in found] == [
        ((much, "much", "month", "requests"), 0.9),
        ((little, "little", "month", "requests"), 0.01),
        ((much, "much", "month", "cost"), 0.0),
        ((much, "much", "year", "requests"), 0.0),
    ]


def test_deleted_organizations_and_last_month_are_left_out(database: Database) -> None:
    gone = limited(database, "gone", 99, requests=100)
    database.call(organizations.delete, gone, CLI)
    limited(database, "there", 50, requests=100)
    [use] = database.call(limit_usage.fullest, NOW._replace(month="2001-01"))
    assert (use.labels[1], use.ratio) == ("there", 0.0)
