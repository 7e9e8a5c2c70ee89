"""What a worker knows of limits without asking."""

from orouter.usage.counters import Hold
from orouter.usage.limit_table import LimitTable
from tests.usage.limited import MONTH, YEAR, demand, limit


def test_it_follows_limits_that_are_set_and_cleared() -> None:
    table = LimitTable()
    table.learn([limit(1), limit(1, period="year"), limit(1, scope="key", subject_id="key_a")])
    assert table.holds(demand()) == (
        Hold("key", "key_a", MONTH),
        Hold("org", "org_a", YEAR),
        Hold("org", "org_a", MONTH),
    )
    table.learn([limit(), limit(None, scope="key", subject_id="key_a")])
    assert table.holds(demand()) == (Hold("org", "org_a", YEAR),)
    table.learn([limit(period="year")])
    assert not table.concerns("org_a", "key_a")


def test_learning_anew_forgets_what_is_not_there() -> None:
    table = LimitTable()
    table.learn([limit(1)])
    table.learn([limit(1, subject_id="org_b")], anew=True)
    assert not table.concerns("org_a", "key_a")
    assert table.concerns("org_b", "key_b")
