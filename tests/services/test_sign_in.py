from time import perf_counter

import pytest
from pydantic import SecretStr

from orouter.db.session import Database
from orouter.errors import InvalidCredentials, SignInLocked
from orouter.models.audit_entry import AuditListing
from orouter.models.user_session import SignIn
from orouter.schemas.actor import CLI
from orouter.services import audit, lockout, sign_in
from orouter.services.sessions import Client
from orouter.services.sign_in import Opened
from tests.people import PASSWORD, person

PEPPER = b"pepper"


async def enter(database: Database, email: str, password: str, ip: str = "192.0.2.1") -> Opened:
    asked = SignIn(email=email, password=SecretStr(password))
    return await sign_in.by_password(database, asked, Client(ip), pepper=PEPPER)


async def test_every_attempt_stands_in_the_audit_log(async_database: Database) -> None:
    person(async_database, "root@example.com")
    for email in ("root@example.com", "my password by mistake"):
        with pytest.raises(InvalidCredentials):
            await enter(async_database, email, "wrong")
    _, signed = await enter(async_database, "root@example.com", PASSWORD)
    await async_database.run(sign_in.out, signed)
    listing = AuditListing(sort="id", search="")
    found = (await async_database.run_readonly(audit.list_all, listing, CLI)).items
    told = [(entry.action, entry.target_name, entry.ip) for entry in found[2:]]
    assert told == [
        ("session.refused", "root@example.com", "192.0.2.1"),
        ("session.refused", "unknown", "192.0.2.1"),
        ("session.begin", "root@example.com", "192.0.2.1"),
        ("session.end", "root@example.com", "192.0.2.1"),
    ]


async def test_success_at_the_last_attempt_opens_and_forgets(async_database: Database) -> None:
    person(async_database, "root@example.com")
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(InvalidCredentials):
                await enter(async_database, "root@example.com", "wrong", "198.51.100.7")
        await enter(async_database, "root@example.com", PASSWORD)
        await async_database.run(lockout.forget, lockout.address("198.51.100.7"))
    for number in range(5):
        with pytest.raises(InvalidCredentials):
            await enter(async_database, "root@example.com", "wrong", f"192.0.2.{number}")
    with pytest.raises(SignInLocked):
        await enter(async_database, "root@example.com", PASSWORD, "203.0.113.1")


async def test_nobody_is_told_by_the_time_whether_an_account_exists(sqlite: Database) -> None:
    person(sqlite, "root@example.com")
    times: dict[str, float] = {}
    for email in ("root@example.com", "nobody@example.com", "root@example.com"):
        began = perf_counter()
        with pytest.raises(InvalidCredentials):
            await enter(sqlite, email, "wrong")
        times[email] = perf_counter() - began
    await sqlite.aclose()
    slower, faster = max(times.values()), min(times.values())
    assert slower < 5 * faster
