import asyncio

import pytest

from orouter.db.session import Database
from orouter.errors import InvalidApiKey
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import changes, credentials, keys, organizations
from orouter.services import watch as watching
from orouter.services.credentials import Credential
from orouter.services.key_ring import KeyRing
from orouter.services.key_secrets import Presented
from orouter.services.watch import Watch

PEPPER = b"pepper"
NOW = 1_795_000_000_000_000


def ring_of(database: Database, room: int = 1000) -> KeyRing:
    async def load(digests: list[str]) -> list[Credential]:
        return await database.run_readonly(credentials.load_credentials, digests)

    return KeyRing(PEPPER, load, room)


async def issued(database: Database, name: str = "ci") -> KeyIssued:
    org = OrganizationCreate(name="acme")
    await database.run(organizations.create, org, CLI, if_not_exists=True)
    new = KeyCreate.model_validate({"name": name})
    return await database.run(keys.issue, "acme", new, CLI, pepper=PEPPER)


async def test_a_change_elsewhere_is_known_after_the_next_look(async_database: Database) -> None:
    key = await issued(async_database)
    ring = ring_of(async_database)
    watch = Watch(async_database, ring)
    await watch.look()
    await ring.authenticate(Presented(str(key.key)), NOW)
    await async_database.run(keys.disable, key.id, CLI)
    await watch.look()
    with pytest.raises(InvalidApiKey):
        await ring.authenticate(Presented(str(key.key)), NOW)
    await async_database.run(keys.enable, key.id, CLI)
    await watch.look()
    assert (await ring.authenticate(Presented(str(key.key)), NOW)).key_id == key.id


async def test_an_organizations_change_reaches_its_keys(async_database: Database) -> None:
    key = await issued(async_database)
    ring = ring_of(async_database)
    watch = Watch(async_database, ring)
    await watch.look()
    await ring.authenticate(Presented(str(key.key)), NOW)
    await async_database.run(organizations.delete, "acme", CLI)
    await watch.look()
    with pytest.raises(InvalidApiKey):
        await ring.authenticate(Presented(str(key.key)), NOW)


async def test_listeners_hear_what_they_had_seen_and_only_on_changes(
    async_database: Database,
) -> None:
    heard: list[int] = []

    async def listen(since: int) -> None:
        heard.append(since)

    watch = Watch(async_database, ring_of(async_database), [listen])
    await watch.look()
    await watch.look()
    await issued(async_database)
    await watch.look()
    assert heard == [-1, 0]


async def test_a_restored_database_is_read_anew(async_database: Database) -> None:
    heard: list[int] = []

    async def listen(since: int) -> None:
        heard.append(since)

    key = await issued(async_database)
    ring = ring_of(async_database)
    watch = Watch(async_database, ring, [listen])
    await watch.look()
    await ring.authenticate(Presented(str(key.key)), NOW)
    watch._seen += 100
    await watch.look()
    assert heard == [-1, -1]
    assert len(ring) == 0
    assert (await ring.authenticate(Presented(str(key.key)), NOW)).key_id == key.id
    await async_database.run(changes.everything, 0)
    await watch.look()
    assert heard == [-1, -1, -1]
    assert len(ring) == 0


async def test_warming_up_reads_as_many_keys_as_there_is_room_for(
    async_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "WARM_UP_PAGE", 2)
    for n in range(4):
        await issued(async_database, f"key {n}")
    for room, held in ((0, 0), (3, 3), (9, 4)):
        ring = ring_of(async_database, room)
        await Watch(async_database, ring).warm_up()
        assert len(ring) == held


async def test_it_runs_until_it_is_stopped_and_outlives_an_outage(sqlite: Database) -> None:
    key = await issued(sqlite)
    ring = ring_of(sqlite)
    down = Database("sqlite:////nonexistent-folder/x.db")
    watch = Watch(down, ring)
    running = asyncio.create_task(watch.run())
    await asyncio.sleep(0.05)
    assert not watch.healthy
    watch._database = sqlite
    async with asyncio.timeout(5):
        while not watch.healthy:  # noqa: ASYNC110 - a flag that others only read
            await asyncio.sleep(0.05)
    assert (await ring.authenticate(Presented(str(key.key)), NOW)).key_id == key.id
    watch.stop()
    async with asyncio.timeout(2):
        await running
    assert await sqlite.run_readonly(changes.current) == 2
    await sqlite.aclose()
    await down.aclose()
