from pathlib import Path

import msgspec
import pytest
from sqlmodel import Session, select

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import SchemaBehind
from orouter.ids import ulid
from orouter.models import KeyCreate, OrganizationCreate
from orouter.models.usage_record import UsageRecord
from orouter.schemas.actor import CLI
from orouter.schemas.chat_reading import read_chat
from orouter.services import chat, keys, organizations, serving
from orouter.services.accounting import Arrival
from orouter.services.key_secrets import Presented
from orouter.settings import Settings

ASK = b'{"model":"demo/echo","messages":[{"role":"user","content":"hello"}]}'
NOW = 1_795_000_000_000_000


def settings_for(database: Database, folder: Path, mode: str) -> Settings:
    flags = {
        "database.url": database.primary.url.render_as_string(hide_password=False),
        "secret_key": "a-secret-key-for-tests-0123456789",
        "providers.demo.enabled": True,
        "usage.mode": mode,
        "usage.journal_dir": str(folder / "journal"),
    }
    return configuration.load(None, flags, environ={})


def stored(session: Session) -> list[UsageRecord]:
    return list(session.exec(select(UsageRecord)))


@pytest.mark.parametrize("mode", ["journal", "direct"])
async def test_what_was_served_is_stored_when_it_closes(
    async_database: Database, tmp_path: Path, mode: str
) -> None:
    await async_database.run(organizations.create, OrganizationCreate(name="acme"), CLI)
    async with serving.gateway(settings_for(async_database, tmp_path, mode)) as gateway:
        new = KeyCreate.model_validate({"name": "ci"})
        pepper = gateway.keys.pepper
        issued = await async_database.run(keys.issue, "acme", new, CLI, pepper=pepper)
        caller = await gateway.keys.authenticate(Presented(str(issued.key)), NOW)
        call = chat.begin(gateway, caller, read_chat(ASK), Arrival(ulid(NOW), "req_1", NOW, 0))
        answer = msgspec.json.decode(await chat.complete(gateway, call))
        assert answer["choices"][0]["message"]["content"] == "hello"
        assert gateway.healthy()
    [record] = await async_database.run_readonly(stored)
    assert (record.id, record.status, record.model) == (call.id, 200, "demo/echo")


async def test_a_schema_that_is_behind_is_said_so(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(SchemaBehind):
        async with serving.gateway(settings_for(empty, tmp_path, "journal")):
            pass
