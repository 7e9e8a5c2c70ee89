"""Providers as the admin pages show them."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import NotFound, PermissionDenied
from orouter.schemas.actor import CLI, of_key
from orouter.schemas.providers import ProviderCreate, ProviderPublic
from orouter.services import provider_changes, provider_overview, stored_settings

UTC = ZoneInfo("UTC")
LONG, SHORT = "a-provider-key-7777", "short"
SECRET_KEYS = ("a-secret-key-for-tests-0123456789", "another-secret-key-0123456789")


def shown(database: Database, folder: Path, secret_key: str) -> ProviderPublic:
    (folder / "o.yaml").write_text(f"secret_key: {secret_key}")
    alone = configuration.load(str(folder / "o.yaml"), environ={})
    stored = database.call(stored_settings.all_values)
    if not stored:
        mine = {"name": "mine", "type": "openai", "api_keys": [LONG, SHORT]}
        new = ProviderCreate.model_validate({**mine, "headers": {"x-team": "blue"}})
        database.call(provider_changes.add, new, CLI, alone)
    known = database.call(stored_settings.checked, alone)
    return database.call(provider_overview.get, "mine", CLI, known, UTC)


def test_of_keys_only_the_end_is_shown_and_not_of_short_ones(
    sqlite: Database, tmp_path: Path
) -> None:
    found = shown(sqlite, tmp_path, SECRET_KEYS[0])
    assert [key.last4 for key in found.keys] == ["7777", ""]
    assert found.models > 10


def test_what_cannot_be_opened_is_shown_as_it_was(sqlite: Database, tmp_path: Path) -> None:
    before = shown(sqlite, tmp_path, SECRET_KEYS[0])
    after = shown(sqlite, tmp_path, SECRET_KEYS[1])
    assert (after.enabled, after.keys, after.headers) == (False, before.keys, before.headers)
    assert "cannot be opened" in (after.problem or "")


def test_nobody_else_sees_them_and_a_wrong_name_gets_the_nearest(sqlite: Database) -> None:
    known = configuration.load(environ={})
    stranger = of_key("key_1", "org_1", "admin")
    with pytest.raises(PermissionDenied):
        sqlite.call(provider_overview.listing, stranger, known, UTC)
    with pytest.raises(NotFound) as caught:
        sqlite.call(provider_overview.get, "opnai", CLI, known, UTC)
    assert "openai" in str(caught.value.hint)
