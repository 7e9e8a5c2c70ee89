import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.errors import SignInLocked
from orouter.models.login_attempt import LoginAttempt
from orouter.services import lockout
from orouter.services.lockout import FREE, account, address, attempt

ADA, HERE = account("ada@example.com"), address("192.0.2.1")


def fail(database: Database, *subjects: str, times: int = 1) -> None:
    for _ in range(times):
        database.call(attempt, subjects or (ADA, HERE))


def pass_time(database: Database, by: timedelta) -> None:
    with database.begin() as session:
        for row in session.exec(sa.select(LoginAttempt)).scalars():
            row.since -= by
            row.locked_until = row.locked_until and row.locked_until - by


def test_the_sixth_attempt_is_not_looked_at(database: Database) -> None:
    fail(database, times=FREE)
    with pytest.raises(SignInLocked) as refused:
        fail(database)
    assert 0 < int(refused.value.headers["retry-after"]) <= 61


def test_the_pause_doubles_with_each_further_failure(database: Database) -> None:
    fail(database, times=FREE)
    for minutes in (1, 2, 4, 8, 15, 15):
        pass_time(database, timedelta(minutes=minutes, seconds=-2))
        with pytest.raises(SignInLocked):
            fail(database)
        pass_time(database, timedelta(seconds=3))
        fail(database)


def test_an_account_is_locked_from_everywhere_and_an_address_for_every_account(
    database: Database,
) -> None:
    fail(database, times=FREE)
    for subjects in ((ADA, address("198.51.100.1")), (account("bob@example.com"), HERE)):
        with pytest.raises(SignInLocked):
            fail(database, *subjects)
    fail(database, account("bob@example.com"), address("198.51.100.1"))


def test_success_forgets_the_account_but_not_what_others_did_from_there(database: Database) -> None:
    fail(database, account("bob@example.com"), HERE, times=3)
    fail(database)
    database.call(lockout.succeeded, account=ADA, address=HERE)
    fail(database)
    fail(database)
    with pytest.raises(SignInLocked):
        fail(database, account("eve@example.com"), HERE)


def test_after_a_quiet_while_nothing_is_held_against_anybody(database: Database) -> None:
    fail(database, times=FREE - 1)
    pass_time(database, timedelta(minutes=16))
    fail(database, times=FREE - 1)
    pass_time(database, timedelta(hours=1))
    assert database.call(lockout.prune) == 2


def test_many_attempts_at_once_are_no_more_guesses(database: Database) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            fail(database)
            outcomes.append("tried")
        except SignInLocked:
            outcomes.append("locked")

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("tried"), outcomes.count("locked")) == (FREE, 20 - FREE)


def test_the_addresses_of_one_ipv6_network_are_one() -> None:
    assert address("2001:db8::1") == address("2001:db8::ffff")
    assert address("2001:db8::1") != address("2001:db8:0:1::1")
    assert address("not an address") == address("")
