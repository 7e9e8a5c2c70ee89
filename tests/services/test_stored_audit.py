"""Who changed what of the stored settings, with before and after, and no secret in it."""

from pathlib import Path
from typing import Any

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.models.audit_entry import AuditEntryPublic, AuditListing
from orouter.schemas.actor import CLI
from orouter.schemas.catalogue import ModelUpdate
from orouter.schemas.providers import ProviderCreate, ProviderUpdate
from orouter.services import aliases, audit, model_changes, provider_changes, settings
from orouter.settings import Settings

CANARY = "canary-of-a-provider-key-7777"


def told(database: Database) -> list[AuditEntryPublic]:
    listing = AuditListing(sort="id")
    return database.call(audit.list_all, listing, CLI).items


def known(folder: Path) -> Settings:
    (folder / "o.yaml").write_text("secret_key: a-secret-key-for-tests-0123456789")
    return configuration.load(str(folder / "o.yaml"), environ={})


def shown(entry: AuditEntryPublic) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    return entry.action, entry.target_id, entry.before, entry.after


def test_settings_and_models_are_told_by_value(database: Database, tmp_path: Path) -> None:
    alone = known(tmp_path)
    for number in (1, 2):
        database.call(settings.change, {"routing.max_retries": number}, CLI, alone)
    database.call(settings.reset, "routing.max_retries", CLI, alone)
    correction = ModelUpdate(context=5, enabled=False)
    database.call(model_changes.update, "openai/gpt-4.1", correction, CLI, alone)
    database.call(aliases.put_alias, "fast", "demo/echo", CLI, alone)
    assert [shown(entry) for entry in told(database)] == [
        ("setting.update", "routing.max_retries", {}, {"value": 1}),
        ("setting.update", "routing.max_retries", {"value": 1}, {"value": 2}),
        ("setting.reset", "routing.max_retries", {"value": 2}, {}),
        ("model.update", "openai/gpt-4.1", {}, {"context": 5, "enabled": False}),
        ("alias.update", "fast", {}, {"value": "demo/echo"}),
    ]


def test_of_a_provider_s_secrets_only_the_ends_and_names_are_told(
    database: Database, tmp_path: Path
) -> None:
    alone = known(tmp_path)
    mine = {"name": "mine", "type": "compatible", "base_url": "https://mine.example"}
    secrets = {"api_keys": [CANARY], "headers": {"x-team": CANARY}}
    new = ProviderCreate.model_validate({**mine, **secrets})
    after = database.call(provider_changes.add, new, CLI, alone)
    change = ProviderUpdate(enabled=False)
    database.call(provider_changes.update, "mine", change, CLI, after)
    added, changed = told(database)
    assert added.after["key_ends"] == ["7777"]
    assert added.after["header_names"] == ["x-team"]
    assert (changed.before, changed.after) == ({}, {"enabled": False})
    assert CANARY not in str([entry.model_dump() for entry in (added, changed)])
