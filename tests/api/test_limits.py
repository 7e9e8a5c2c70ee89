"""Limits over HTTP: seen by the organization's administrators, set by operators."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from orouter.api import limits as routes
from orouter.models.limit import LimitSet
from orouter.schemas.actor import CLI
from orouter.services import limits
from tests.api.management import Management


async def test_an_administrator_sees_limits_and_use(management: Management) -> None:
    key = await management.issue("acme", "ci")
    await management.issue("other", "ci")
    change = LimitSet(requests=5, cost=Decimal("1.25"))
    await management.database.run(limits.put, "org", "acme", change, CLI)
    answer = await management.ask(key, "GET", "/orgs/acme/limits")
    report = answer.json()
    month, year = report["periods"]
    assert (report["name"], report["limited"], month["requests"]["limit"]) == ("acme", True, 5)
    assert (month["cost"]["limit"], month["cost"]["remaining"]) == ("1.25", "1.25")
    assert year["requests"]["limit"] is None
    own = (await management.ask(key, "GET", f"/keys/{key.id}/limits")).json()
    assert (own["scope"], own["limited"]) == ("key", False)
    assert (await management.ask(key, "GET", "/orgs/other/limits")).status_code == 404
    assert (await management.ask(None, "GET", "/orgs/acme/limits")).status_code == 401


@pytest.mark.parametrize("path", ["/orgs/acme/limits", "/keys/ci/limits"])
async def test_limits_are_the_operators_business(management: Management, path: str) -> None:
    key = await management.issue("acme", "ci")
    assert (await management.ask(key, "PUT", path, json={"requests": 5})).status_code == 403
    assert (await management.ask(key, "DELETE", path)).status_code == 403


@pytest.mark.parametrize("body", [{"requests": -1}, {"used": 1}, {"period": "day"}, []])
async def test_strange_bodies_are_refused(management: Management, body: object) -> None:
    key = await management.issue("acme", "ci")
    answer = await management.ask(key, "PUT", "/orgs/acme/limits", json=body)
    assert answer.status_code == 422


async def test_an_operator_sets_and_clears(management: Management) -> None:
    await management.issue("acme", "ci")
    owner = routes.Owner("org", "acme", ZoneInfo("UTC"))
    set_to = await routes.set_limits(LimitSet(tokens=7), owner, CLI, management.database)
    assert set_to.periods[0].tokens.limit == 7
    cleared = await routes.clear_limits(owner, CLI, management.database)
    assert not cleared.limited
