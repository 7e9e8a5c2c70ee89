"""Changing stored providers: whose they are, and what goes with them."""

from pathlib import Path
from typing import Any

import pytest

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import Conflict, InvalidRequest, NotFound, OrouterError, ValidationFailed
from orouter.schemas.actor import CLI
from orouter.schemas.providers import ProviderCreate, ProviderUpdate
from orouter.services import provider_changes, providers, stored_settings
from orouter.settings import Settings

CANARY = "canary-of-a-provider-key-7777"


class Place:
    """A database and a configuration file."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.file = folder / "o.yaml"
        self.environ: dict[str, str] = {}
        self.write("")

    def write(self, text: str, secret_key: str = "a-secret-key-for-tests-0123456789") -> None:
        self.file.write_text(f"secret_key: {secret_key}\n{text}")

    @property
    def settings(self) -> Settings:
        alone = configuration.load(str(self.file), environ=self.environ)
        return self.database.call(stored_settings.checked, alone)

    def add(self, **fields: Any) -> Settings:
        mine = {"name": "mine", "type": "compatible", "base_url": "https://mine.example/v1"}
        new = ProviderCreate.model_validate({**mine, **fields})
        return self.database.call(provider_changes.add, new, CLI, self.settings)

    def update(self, name: str, **fields: Any) -> Settings:
        change = ProviderUpdate.model_validate(fields)
        return self.database.call(provider_changes.update, name, change, CLI, self.settings)

    def remove(self, name: str) -> Settings:
        return self.database.call(provider_changes.remove, name, CLI, self.settings)

    def store(self, **values: Any) -> None:
        self.database.call(stored_settings.set_values, values, CLI, self.settings)


@pytest.fixture
def place(sqlite: Database, tmp_path: Path) -> Place:
    return Place(sqlite, tmp_path)


FILE = "providers: {mine: {type: openai, api_key: of-the-file}, openai: {type: openai}}"


def test_what_a_file_defines_is_only_switched(place: Place) -> None:
    place.write(FILE)
    assert providers.origin_of(place.settings, "mine") == "file"
    with pytest.raises(Conflict):
        place.add()
    with pytest.raises(Conflict):
        place.update("mine", timeout_s=3)
    with pytest.raises(Conflict):
        place.update("mine", enabled=False, api_keys=[CANARY])
    with pytest.raises(Conflict):
        place.remove("mine")
    assert not place.update("mine", enabled=False).providers["mine"].enabled
    assert place.update("mine", enabled=True).providers["mine"].enabled
    assert providers.origin_of(place.settings, "mine") == "file"
    assert place.settings.left_out == {}


def test_what_the_environment_defines_is_only_switched(place: Place) -> None:
    place.environ = {"OPENAI_API_KEY": CANARY}
    assert providers.origin_of(place.settings, "openai") == "environment"
    with pytest.raises(Conflict):
        place.update("openai", base_url="https://thief.example")
    assert not place.update("openai", enabled=False).providers["openai"].enabled


def test_a_switch_that_the_environment_holds_is_refused(place: Place) -> None:
    place.environ = {"OROUTER_PROVIDERS__DEMO__ENABLED": "true"}
    with pytest.raises(Conflict, match="OROUTER_PROVIDERS__DEMO__ENABLED"):
        place.update("demo", enabled=False)


def test_what_a_file_only_repeats_is_still_built_in(place: Place) -> None:
    place.write(FILE)
    assert providers.origin_of(place.settings, "openai") == "built-in"
    after = place.update("openai", api_keys=[CANARY])
    assert after.providers["openai"].enabled
    assert providers.origin_of(after, "openai") == "stored"
    assert place.update("openai", timeout_s=5).providers["openai"].keys


def test_a_key_that_cannot_be_opened_is_given_anew(place: Place) -> None:
    place.add(api_keys=[CANARY], headers={"x-team": "blue"})
    place.write("", secret_key="another-secret-key-0123456789")
    with pytest.raises(ValidationFailed, match="headers"):
        place.update("mine", api_keys=[CANARY])
    assert not place.update("mine", enabled=True).providers["mine"].enabled
    after = place.update("mine", api_keys=[CANARY], headers={})
    assert after.left_out == {}
    assert after.providers["mine"].enabled


def test_only_headers_or_only_keys_can_be_replaced(place: Place) -> None:
    place.add(api_keys=[CANARY], headers={"x-team": "blue"})
    after = place.update("mine", headers={"x-team": "red"}).providers["mine"]
    assert after.headers["x-team"].get_secret_value() == "red"
    assert after.keys[0].get_secret_value() == CANARY
    after = place.update("mine", api_keys=["one", "two"]).providers["mine"]
    assert [key.get_secret_value() for key in after.keys] == ["one", "two"]
    assert after.headers["x-team"].get_secret_value() == "red"


def test_its_own_models_go_with_a_provider(place: Place) -> None:
    place.add()
    place.store(**{"models.mine/a.context": 5, "models.openai/gpt-4o.context": 5})
    place.remove("mine")
    assert list(place.database.call(stored_settings.all_values)) == ["models.openai/gpt-4o.context"]


def test_what_others_need_is_not_removed(place: Place) -> None:
    place.add()
    place.store(**{"aliases.fast": "mine/a"})
    with pytest.raises(ValidationFailed, match=r"aliases\.fast"):
        place.remove("mine")


def test_a_file_that_was_broken_meanwhile_is_not_the_caller_s_fault(place: Place) -> None:
    before = place.settings
    place.write("routing: {max_retries: many}")
    change = ProviderUpdate(enabled=True)
    with pytest.raises(Conflict, match="max_retries") as caught:
        place.database.call(provider_changes.update, "demo", change, CLI, before)
    assert str(place.file) not in caught.value.message


@pytest.mark.parametrize(
    ("name", "fields", "error"),
    [
        ("nobody", {"enabled": True}, NotFound),
        ("mine", {}, InvalidRequest),
        ("mine", {"base_url": "ftp://x"}, ValidationFailed),
        ("mine", {"base_url": "http://169.254.169.254"}, ValidationFailed),
        ("anthropic", {"enabled": True}, ValidationFailed),
    ],
)
def test_what_cannot_be_changed(
    place: Place, name: str, fields: dict[str, Any], error: type[OrouterError]
) -> None:
    place.add()
    with pytest.raises(error):
        place.update(name, **fields)
