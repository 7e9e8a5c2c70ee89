"""Stored providers in the settings: opened, or left out, and never with a key for another place."""

import logging
from pathlib import Path
from typing import Any

import pytest
import structlog

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.schemas.actor import CLI
from orouter.schemas.providers import ProviderCreate
from orouter.services import provider_changes, serving, stored_settings
from orouter.settings import Settings
from orouter.settings.sources import BUILT_IN

SECRET_KEY = "a-secret-key-for-tests-0123456789"
CANARY = "canary-of-a-provider-key-7777"
MINE = {"name": "mine", "type": "compatible", "base_url": "https://mine.example/v1"}


def settings(folder: Path, text: str = "", secret_key: str = SECRET_KEY, **env: str) -> Settings:
    file = folder / "o.yaml"
    file.write_text(f"secret_key: {secret_key}\n{text}")
    return configuration.load(str(file), environ=env)


def store(database: Database, known: Settings, **fields: Any) -> None:
    new = ProviderCreate.model_validate({**MINE, "api_keys": [CANARY], **fields})
    database.call(provider_changes.add, new, CLI, known)


def merged(database: Database, known: Settings) -> Settings:
    return stored_settings.in_force(known, database.call(stored_settings.all_values))


def test_a_stored_provider_is_one_of_the_settings(sqlite: Database, tmp_path: Path) -> None:
    store(sqlite, settings(tmp_path), headers={"X-Team": "blue"})
    found = merged(sqlite, settings(tmp_path)).providers["mine"]
    assert [key.get_secret_value() for key in found.keys] == [CANARY]
    assert found.headers["X-Team"].get_secret_value() == "blue"
    assert found.enabled


def test_another_secret_key_disables_the_provider_and_nothing_else(
    sqlite: Database, tmp_path: Path
) -> None:
    store(sqlite, settings(tmp_path))
    found = merged(sqlite, settings(tmp_path, secret_key="another-secret-key-0123456789"))
    assert not found.providers["mine"].enabled
    assert not found.providers["mine"].keys
    assert "cannot be opened" in found.left_out["mine"]


async def test_the_server_starts_without_it_and_says_so(
    async_database: Database, tmp_path: Path
) -> None:
    url = async_database.primary.url.render_as_string(hide_password=False)
    rest = f'database: {{url: "{url}"}}\nusage: {{mode: direct}}'
    store(async_database, settings(tmp_path, rest))
    other = settings(tmp_path, rest, secret_key="another-secret-key-0123456789")
    with structlog.testing.capture_logs() as logged:
        async with serving.gateway(other) as gateway:
            assert "mine" not in gateway.plan.routes.endpoints
    [line] = [each for each in logged if each["event"] == "stored_provider_left_out"]
    assert (line["provider"], line["log_level"]) == ("mine", logging.getLevelName(40).lower())


@pytest.mark.parametrize(
    "text",
    [
        "providers: {mine: {type: openai, api_key: of-the-file}}",
        "providers: {mine: {type: compatible, base_url: 'https://mine.example/v1', api_key: x}}",
        "providers: {mine: {type: compatible, base_url: 'https://m.example', headers: {a: b}}}",
    ],
)
def test_what_a_file_says_of_the_name_wins_whole(
    sqlite: Database, tmp_path: Path, text: str
) -> None:
    store(sqlite, settings(tmp_path))
    alone = settings(tmp_path, text)
    found = merged(sqlite, alone)
    assert found.providers["mine"] == alone.providers["mine"]
    assert "another address or key" in found.left_out["mine"]


def test_no_key_of_the_environment_goes_to_a_stored_address(
    sqlite: Database, tmp_path: Path
) -> None:
    stolen = {"name": "openai", "type": "openai", "base_url": "https://thief.example"}
    store(sqlite, settings(tmp_path), **stolen, api_keys=[])
    for env in ({"OPENAI_API_KEY": CANARY}, {"OROUTER_PROVIDERS__OPENAI__API_KEY": CANARY}):
        found = merged(sqlite, settings(tmp_path, **env)).providers["openai"]
        assert found.base_url == ""
        assert [key.get_secret_value() for key in found.keys] == [CANARY]


def test_a_box_does_not_open_for_another_name_or_address(sqlite: Database, tmp_path: Path) -> None:
    known = settings(tmp_path)
    store(sqlite, known)
    row = sqlite.call(stored_settings.all_values)["providers.mine"]
    for moved in (
        {"providers.other": row},
        {"providers.mine": {**row, "base_url": "https://thief.example"}},
        {"providers.mine": {**row, "type": "anthropic"}},
    ):
        found = stored_settings.in_force(known, moved)
        [name] = found.left_out
        assert not found.providers[name].keys


def test_other_values_still_go_by_the_order_of_sources(sqlite: Database, tmp_path: Path) -> None:
    store(sqlite, settings(tmp_path), name="openai", type="openai", base_url="", timeout_s=7)
    file = "providers: {openai: {type: openai, timeout_s: 3, connect_timeout_s: 2}}"
    found = merged(sqlite, settings(tmp_path, file)).providers["openai"]
    assert (found.timeout_s, found.connect_timeout_s, len(found.keys)) == (7, 2, 1)
    over = settings(tmp_path, file, OROUTER_PROVIDERS__OPENAI__TIMEOUT_S="9")
    assert merged(sqlite, over).providers["openai"].timeout_s == 9


def test_built_in_names_are_those_that_are_there_by_themselves(tmp_path: Path) -> None:
    found = settings(tmp_path).providers
    assert set(found) == BUILT_IN
    assert {name: provider.type for name, provider in found.items()} == {n: n for n in BUILT_IN}
