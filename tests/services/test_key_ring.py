import asyncio

import pytest

from orouter.errors import (
    DatabaseUnavailable,
    InvalidApiKey,
    OrganizationDisabled,
    PermissionDenied,
)
from orouter.services import key_ring
from orouter.services.credentials import Credential
from orouter.services.key_ring import KeyRing, require
from orouter.services.key_secrets import Presented, digest, generate

PEPPER = b"p" * 32
NOW = 1_700_000_000_000_000


def credential(key: str, **changes: object) -> Credential:
    fields: dict[str, object] = {
        "key_id": "key_1",
        "org_id": "org_1",
        "org_name": "acme",
        "org_enabled": True,
        "org_deleted": False,
        "key_name": "ci",
        "permission": "write",
        "enabled": True,
        "deleted": False,
        "expires_at_us": None,
        "digest": digest(PEPPER, key),
        "previous_digest": "",
        "previous_expires_at_us": None,
        "version": 1,
    }
    return Credential(**{**fields, **changes})  # type: ignore[arg-type] # the fields of a test


class Table:
    """The keys of a database, and which look-ups it was asked."""

    def __init__(self, *rows: Credential) -> None:
        self.rows = list(rows)
        self.asked: list[list[str]] = []
        self.failure: Exception | None = None

    async def load(self, digests: list[str]) -> list[Credential]:
        self.asked.append(digests)
        found = [row for row in self.rows if {row.digest, row.previous_digest} & set(digests)]
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return found


async def test_a_key_is_looked_up_once() -> None:
    key = generate()
    table = Table(credential(key))
    ring = KeyRing(PEPPER, table.load)
    for _ in range(3):
        caller = await ring.authenticate(Presented(key), NOW)
        assert (caller.key_id, caller.org_name, caller.permission) == ("key_1", "acme", "write")
    assert len(table.asked) == 1


async def test_junk_asks_nobody() -> None:
    table = Table()
    ring = KeyRing(PEPPER, table.load)
    for junk in (
        "",
        "sk-whatever",
        "ork_short",
        generate()[:-1] + "!",
        "ork_" + "A" * 49,
        "é" * 53,
    ):
        with pytest.raises(InvalidApiKey):
            await ring.authenticate(Presented(junk), NOW)
    assert table.asked == []


async def test_an_unknown_key_is_looked_up_once_until_something_changes() -> None:
    key, table = generate(), Table()
    ring = KeyRing(PEPPER, table.load)
    for _ in range(3):
        with pytest.raises(InvalidApiKey):
            await ring.authenticate(Presented(key), NOW)
    assert len(table.asked) == 1
    table.rows.append(credential(key))
    ring.refresh([])
    assert (await ring.authenticate(Presented(key), NOW)).key_id == "key_1"


async def test_a_change_during_a_look_up_is_not_forgotten() -> None:
    key, table = generate(), Table()
    ring = KeyRing(PEPPER, table.load)
    looking = asyncio.create_task(ring.authenticate(Presented(key), NOW))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    table.rows.append(credential(key))
    ring.refresh([])
    with pytest.raises(InvalidApiKey):
        await looking
    assert (await ring.authenticate(Presented(key), NOW)).key_id == "key_1"


REFUSED = {
    "disabled": {"enabled": False},
    "deleted": {"deleted": True},
    "expired": {"expires_at_us": NOW},
    "organization deleted": {"org_deleted": True},
}


@pytest.mark.parametrize("why", REFUSED)
async def test_every_refusal_has_the_same_body(why: str) -> None:
    known, unknown = generate(), generate()
    ring = KeyRing(PEPPER, Table(credential(known, **REFUSED[why])).load)
    bodies = []
    for key in (known, unknown):
        with pytest.raises(InvalidApiKey) as caught:
            await ring.authenticate(Presented(key), NOW)
        bodies.append(caught.value.body())
    assert bodies[0] == bodies[1]


async def test_a_disabled_organization_is_named() -> None:
    key = generate()
    ring = KeyRing(PEPPER, Table(credential(key, org_enabled=False)).load)
    with pytest.raises(OrganizationDisabled, match="acme"):
        await ring.authenticate(Presented(key), NOW)


async def test_a_rotated_key_is_good_until_its_grace_ends() -> None:
    old, new = generate(), generate()
    grace = {"previous_digest": digest(PEPPER, old), "previous_expires_at_us": NOW + 10}
    ring = KeyRing(PEPPER, Table(credential(new, **grace)).load)
    assert (await ring.authenticate(Presented(old), NOW)).key_id == "key_1"
    assert (await ring.authenticate(Presented(new), NOW)).key_id == "key_1"
    with pytest.raises(InvalidApiKey):
        await ring.authenticate(Presented(old), NOW + 10)
    assert (await ring.authenticate(Presented(new), NOW + 10)).key_id == "key_1"


async def test_after_a_rotation_without_grace_the_old_secret_is_unknown() -> None:
    old, new = generate(), generate()
    ring = KeyRing(PEPPER, Table(credential(old)).load)
    await ring.authenticate(Presented(old), NOW)
    ring.refresh([credential(new, version=2)])
    ring_has_new = await ring.authenticate(Presented(new), NOW)
    assert ring_has_new.key_id == "key_1"
    assert len(ring) == 1


async def test_an_older_reading_never_replaces_a_newer_one() -> None:
    key = generate()
    ring = KeyRing(PEPPER, Table().load)
    ring.refresh([credential(key, enabled=False, version=5)])
    ring.put([credential(key, enabled=True, version=4)])
    with pytest.raises(InvalidApiKey):
        await ring.authenticate(Presented(key), NOW)


async def test_changed_keys_that_nobody_used_here_are_held_as_far_as_there_is_room() -> None:
    used, first, second = generate(), generate(), generate()
    table = Table(credential(used), credential(second, key_id="key_3"))
    ring = KeyRing(PEPPER, table.load, room=2)
    await ring.authenticate(Presented(used), NOW)
    changed = [credential(first, key_id="key_2"), credential(second, key_id="key_3")]
    ring.refresh([*changed, credential(used, enabled=False, version=2)])
    assert len(ring) == 2
    with pytest.raises(InvalidApiKey):
        await ring.authenticate(Presented(used), NOW)
    assert (await ring.authenticate(Presented(second), NOW)).key_id == "key_3"
    assert len(table.asked) == 2


async def test_a_key_that_is_disabled_while_it_is_read_stays_disabled_without_room() -> None:
    key = generate()
    table = Table(credential(key))
    ring = KeyRing(PEPPER, table.load, room=0)
    looking = asyncio.create_task(ring.authenticate(Presented(key), NOW))
    while not table.asked:  # noqa: ASYNC110 - the look-up runs in a task of its own
        await asyncio.sleep(0)
    ring.refresh([credential(key, enabled=False, version=2)])
    with pytest.raises(InvalidApiKey):
        await looking
    assert len(ring) == 1


async def test_a_cold_start_is_no_stampede() -> None:
    keys = [generate() for _ in range(50)]
    table = Table(*(credential(key, key_id=f"key_{n}") for n, key in enumerate(keys)))
    ring = KeyRing(PEPPER, table.load)
    callers = await asyncio.gather(
        *(ring.authenticate(Presented(key), NOW) for key in keys for _ in range(4))
    )
    assert len({caller.key_id for caller in callers}) == 50
    assert len(table.asked) <= 2


async def test_an_outage_is_no_401_and_known_keys_go_on() -> None:
    known, unseen = generate(), generate()
    table = Table(credential(known))
    ring = KeyRing(PEPPER, table.load)
    await ring.authenticate(Presented(known), NOW)
    table.failure = DatabaseUnavailable("away")
    with pytest.raises(DatabaseUnavailable):
        await ring.authenticate(Presented(unseen), NOW)
    assert (await ring.authenticate(Presented(known), NOW)).key_id == "key_1"
    table.failure = None
    with pytest.raises(InvalidApiKey):
        await ring.authenticate(Presented(unseen), NOW)


async def test_what_was_heard_too_long_ago_is_not_trusted() -> None:
    key = generate()
    ring = KeyRing(PEPPER, Table(credential(key)).load)
    await ring.authenticate(Presented(key), NOW)
    ring._heard_at -= key_ring.STALE_MAX_S + 1
    with pytest.raises(DatabaseUnavailable):
        await ring.authenticate(Presented(key), NOW)
    ring.heard()
    assert (await ring.authenticate(Presented(key), NOW)).key_id == "key_1"


async def test_permissions_rank() -> None:
    key = generate()
    ring = KeyRing(PEPPER, Table(credential(key, permission="read")).load)
    caller = await ring.authenticate(Presented(key), NOW)
    require(caller, "read")
    with pytest.raises(PermissionDenied, match="write"):
        require(caller, "write")
