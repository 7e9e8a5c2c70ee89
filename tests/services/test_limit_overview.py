"""All limits at once: how full they are, whose they are, and in which order."""

from orouter.db.session import Database
from orouter.models import KeyCreate
from orouter.models.limit import LimitListing, LimitStanding
from orouter.schemas.actor import CLI, Actor
from orouter.services import keys, limit_overview, limits, organizations
from orouter.services.limits import Subject
from tests.services.test_limits import AT, ZONE, an_org, member_of, put, use


def a_key(database: Database, org: Subject, name: str = "ci") -> Subject:
    issued = database.call(keys.issue, org.id, KeyCreate(name=name), CLI, pepper=b"pepper")
    return database.call(limits.key, issued.id, CLI)


def listed(database: Database, actor: Actor = CLI, **asked: object) -> list[LimitStanding]:
    listing = LimitListing.model_validate(asked)
    page = database.call(limit_overview.listing, listing, actor, AT, ZONE)
    assert page.total >= len(page.items)
    return page.items


def test_checking_lists_what_is_nearly_used_up_fullest_first(database: Database) -> None:
    acme, beta, gone = an_org(database), an_org(database, "beta"), an_org(database, "gone")
    issued = database.call(keys.issue, acme.id, KeyCreate(name="ci"), CLI, pepper=b"pepper")
    key = database.call(limits.key, issued.id, CLI)
    for subject in (acme, beta, gone):
        put(database, subject, requests=100, cost="1")
        use(database, subject, "2026-11", requests=90, cost=0)
    put(database, key, tokens=10, period="year")
    use(database, key, "2026", tokens=10)
    put(database, beta, requests=101)
    database.call(organizations.delete, gone.id, CLI)
    found = limit_overview.near(listed(database), 90)
    assert [(each.name, each.period, each.dimension, each.percent) for each in found] == [
        ("ci", "year", "tokens", 100.0),
        ("acme", "month", "requests", 90.0),
    ]
    assert len(limit_overview.near(listed(database), 89)) == 3


def test_the_fullest_comes_first_whatever_it_limits(database: Database) -> None:
    acme, beta = an_org(database), an_org(database, "beta")
    ci, idle = a_key(database, acme), a_key(database, beta, "idle")
    put(database, acme, requests=100, tokens=1000)
    use(database, acme, "2026-11", requests=50, tokens=999)
    put(database, acme, period="year", cost="1")
    use(database, acme, "2026", cost=1_500_000_000)
    put(database, ci, requests=0)
    put(database, beta, cost="0.3")
    use(database, beta, "2026-11", cost=100_000_000)
    use(database, beta, "2026-10", cost=10**12)
    put(database, idle, requests=10)
    found = listed(database)
    assert [(each.name, each.period, each.percent) for each in found] == [
        ("acme", "year", 150.0),
        ("ci", "month", 100.0),
        ("acme", "month", 99.9),
        ("beta", "month", 33.3),
        ("idle", "month", 0.0),
    ]
    ci_found, month = found[1], found[2]
    assert (ci_found.org_id, ci_found.org_name, ci_found.scope) == (acme.id, "acme", "key")
    assert (month.tokens.used, month.tokens.remaining, month.cost.limit) == (999, 1, None)
    assert (found[3].cost.used, found[3].cost.percent) == ("0.1", 33.3)


def test_limits_are_filtered_sorted_and_paged(database: Database) -> None:
    acme, beta = an_org(database), an_org(database, "beta")
    ci = a_key(database, beta)
    for subject, used in ((acme, 10), (beta, 80), (ci, 79)):
        put(database, subject, requests=100)
        use(database, subject, "2026-11", requests=used)
    put(database, beta, period="year", requests=100)
    assert [each.name for each in listed(database, at_least=80)] == ["beta"]
    assert [each.name for each in listed(database, scope="key")] == ["ci"]
    assert [each.period for each in listed(database, period="year")] == ["year"]
    assert [each.name for each in listed(database, search="C", sort="name")] == ["acme", "ci"]
    assert {each.name for each in listed(database, org="beta")} == {"beta", "ci"}
    second = listed(database, sort="-name", page_size=2, page=2)
    assert [each.name for each in second] == ["beta", "acme"]


def test_only_what_is_within_reach_and_alive_and_still_limited(database: Database) -> None:
    acme, beta, gone = an_org(database), an_org(database, "beta"), an_org(database, "gone")
    theirs, lost = a_key(database, beta), a_key(database, gone, "lost")
    for subject in (acme, beta, gone, theirs, lost):
        put(database, subject, requests=100)
    assert {each.name for each in listed(database, member_of(beta.id))} == {"beta", "ci"}
    database.call(organizations.delete, gone.id, CLI)
    database.call(keys.delete, theirs.id, CLI)
    database.call(limits.clear, acme, None, CLI)
    assert [each.name for each in listed(database)] == ["beta"]
