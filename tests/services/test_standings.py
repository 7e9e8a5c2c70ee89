"""How full limits are, reckoned by each database alike."""

from typing import Any

import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.services import standings
from tests.services.test_limits import AT, ZONE, an_org, put, use

NOW = standings.present(AT, ZONE)
ID = sa.literal_column("'nobody'")


def asked(database: Database, expression: Any) -> float:
    with database.read() as session:
        return float(session.connection().scalar(sa.select(expression)))


@pytest.mark.parametrize(
    ("limits", "used", "percent"),
    [
        ({"requests": 3}, {"requests": 1}, 33.333),
        ({"requests": 3, "tokens": 10, "cost": "0.000000002"}, {"cost": 1, "tokens": 6}, 60),
        ({"requests": 0}, {}, 100),
        ({"tokens": 7_000_000_000_000_000}, {"tokens": 7_000_000_000_000_001}, 100),
        ({"requests": 5}, {}, 0),
        ({"cost": None}, {"cost": 5}, standings.UNLIMITED),
    ],
)
def test_the_fullest_dimension_counts(
    database: Database, limits: dict[str, Any], used: dict[str, int], percent: float
) -> None:
    org = an_org(database)
    put(database, org, **limits)
    use(database, org, "2026-11", **used)
    found = asked(database, standings.limit_percent("org", sa.literal(org.id), NOW))
    assert found == pytest.approx(percent, abs=0.01)


def test_nobody_uses_nothing(database: Database) -> None:
    assert asked(database, standings.limit_percent("key", ID, NOW)) == standings.UNLIMITED
    assert asked(database, standings.used("key", ID, "tokens", NOW)) == 0


def test_the_month_begins_in_the_reporting_zone() -> None:
    assert NOW.keys == ("2026-11", "2026")
    assert NOW.moment.astimezone(ZONE).isoformat() == "2026-11-16T00:00:00+08:00"
    month = standings.present(NOW.month_start, ZONE)
    assert month.moment.astimezone(ZONE).isoformat() == "2026-11-01T00:00:00+08:00"
