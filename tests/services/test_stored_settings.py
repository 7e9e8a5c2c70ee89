"""Settings in the database: what can be stored, and that nothing invalid is."""

import pytest

from orouter.db.session import Database
from orouter.errors import InvalidRequest, PermissionDenied, ValidationFailed
from orouter.schemas.actor import CLI, of_key
from orouter.services import changes, stored_settings
from orouter.services.stored_settings import nested, steps
from orouter.settings import Settings, load

PRICES = {
    "models.openai/gpt-4.1.input_per_mtok": "0.1",
    "models.openai/gpt-4.1.output_per_mtok": "0.4",
}


def settings(**environ: str) -> Settings:
    return load(environ=environ)


def put(database: Database, values: dict[str, object], over: Settings | None = None) -> None:
    database.call(stored_settings.set_values, values, CLI, over or settings())


def stored(database: Database) -> dict[str, object]:
    return database.call(stored_settings.all_values)


def test_what_is_stored_is_read_again_and_replaced(database: Database) -> None:
    put(database, {"routing.max_retries": 1, "aliases.größe": "openai/gpt-4"})
    put(database, {"routing.max_retries": 2, **PRICES})
    kept = {"aliases.größe": "openai/gpt-4", **PRICES, "routing.max_retries": 2}
    assert stored(database) == kept
    there = ["routing.max_retries", "aliases.größe"]
    gone = database.call(stored_settings.unset, [*there, "aliases.none"], CLI)
    assert gone == sorted(there)
    assert stored(database) == PRICES


def test_every_change_is_told_to_the_servers(sqlite: Database) -> None:
    before = sqlite.call(changes.current)
    put(sqlite, {"logging.level": "DEBUG"})
    between = sqlite.call(changes.current)
    sqlite.call(stored_settings.unset, ["logging.level"], CLI)
    assert before < between < sqlite.call(changes.current)


def test_stored_values_go_over_the_file_and_under_the_environment(sqlite: Database) -> None:
    below = settings(OROUTER_ROUTING__TIMEOUT_S="9")
    put(sqlite, {"routing.timeout_s": 5, "routing.max_retries": 1, **PRICES}, below)
    found = below.anew(nested(stored(sqlite)))
    assert (found.routing.timeout_s, found.routing.max_retries) == (9, 1)
    assert found.origin("routing.max_retries") == "stored"
    model = found.models["openai/gpt-4.1"]
    assert (str(model.input_per_mtok), str(model.output_per_mtok)) == ("0.1", "0.4")


@pytest.mark.parametrize(
    "values",
    [
        {"routing.max_retries": 99},
        {"models.openai/gpt-4.input_per_mtok": -1},
        {"models.openai/gpt-4.capabilities": {"temperature": False}},
        {"aliases.gpt": "nobody/gpt"},
        {"fallbacks.openai/gpt-4": ["gpt-3"]},
        {"logging.level": "LOUD"},
        {"server.cors_origins": ["nonsense"]},
    ],
)
def test_nothing_invalid_is_stored_even_where_it_would_be_hidden(
    sqlite: Database, values: dict[str, object]
) -> None:
    hiding = settings(OROUTER_ROUTING__MAX_RETRIES="1", OROUTER_LOGGING__LEVEL="INFO")
    with pytest.raises(ValidationFailed, match=next(iter(values))):
        put(sqlite, values, hiding)
    assert stored(sqlite) == {}


@pytest.mark.parametrize(
    "path",
    [
        "secret_key",
        "database.url",
        "server.host",
        "server.port",
        "providers.openai.api_key",
        "models.openai/gpt-4",
        "models.openai/gpt-4.colour",
        "aliases",
        "aliases.",
        "routing",
        "",
        "aliases." + "x" * 250,
    ],
)
def test_what_must_not_change_at_run_time_cannot_be_stored(sqlite: Database, path: str) -> None:
    with pytest.raises(InvalidRequest):
        put(sqlite, {path: "x"})


def test_names_keep_their_dots() -> None:
    assert steps("models.openai/gpt-4.1.context") == ["models", "openai/gpt-4.1", "context"]
    assert steps("aliases.gpt-4.1") == ["aliases", "gpt-4.1"]


def test_only_operators_may(sqlite: Database) -> None:
    stranger = of_key("key_1", "org_1", "admin")
    with pytest.raises(PermissionDenied):
        sqlite.call(stored_settings.set_values, PRICES, stranger, settings())
    with pytest.raises(PermissionDenied):
        sqlite.call(stored_settings.unset, list(PRICES), stranger)
