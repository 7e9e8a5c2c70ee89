"""Corrections of models: stored field by field, and taken back."""

from decimal import Decimal

import pytest

from orouter.db.session import Database
from orouter.errors import Conflict, ModelNotFound, NotFound, PermissionDenied, ValidationFailed
from orouter.schemas.actor import CLI, of_key
from orouter.schemas.catalogue import ModelCreate, ModelUpdate
from orouter.services import model_changes, models, stored_settings
from orouter.settings import load

KNOWN = load(environ={})


def test_fields_are_stored_and_forgotten_one_by_one(database: Database) -> None:
    change = ModelUpdate(context=5, enabled=False)
    database.call(model_changes.update, "openai/gpt-4.1", change, CLI, KNOWN)
    back = ModelUpdate(context=None)
    after = database.call(model_changes.update, "openai/gpt-4.1", back, CLI, KNOWN)
    assert not after.models["openai/gpt-4.1"].enabled
    kept = database.call(stored_settings.all_values)
    assert kept == {"models.openai/gpt-4.1.enabled": False}
    database.call(model_changes.forget, "openai/gpt-4.1", CLI, KNOWN)
    assert database.call(stored_settings.all_values) == {}
    with pytest.raises(NotFound):
        database.call(model_changes.forget, "openai/gpt-4.1", CLI, KNOWN)


def test_prices_are_stored_and_forgotten(sqlite: Database) -> None:
    change = ModelUpdate(input_per_mtok=Decimal("2.5"), cache_write_per_mtok=Decimal(3))
    after = sqlite.call(model_changes.update, "openai/gpt-4.1", change, CLI, KNOWN)
    found = models.get(after, "openai/gpt-4.1")
    assert (found.input, found.output, found.cache_write) == ("2.5", "8", "3")
    assert found.set_by == {"input_per_mtok": "stored", "cache_write_per_mtok": "stored"}
    none = ModelUpdate.model_validate(dict.fromkeys(models.PRICES.values()))
    sqlite.call(model_changes.update, "openai/gpt-4.1", none, CLI, KNOWN)
    assert sqlite.call(stored_settings.all_values) == {}


def test_only_models_that_there_are_get_a_price(sqlite: Database) -> None:
    with pytest.raises(ModelNotFound, match=r"openai/gpt-4\.1"):
        sqlite.call(model_changes.update, "openai/gpt-4.l", ModelUpdate(context=1), CLI, KNOWN)
    assert sqlite.call(stored_settings.all_values) == {}


def test_what_is_missing_of_a_price_may_be_said_at_once(sqlite: Database) -> None:
    known = load(environ={}, flags={"models": {"openai/own": {"context": 5}}})
    half = ModelUpdate(input_per_mtok=Decimal(5))
    with pytest.raises(ValidationFailed, match="output_per_mtok"):
        sqlite.call(model_changes.update, "openai/own", half, CLI, known)
    whole = ModelUpdate(input_per_mtok=Decimal(5), output_per_mtok=Decimal(0))
    after = sqlite.call(model_changes.update, "openai/own", whole, CLI, known)
    assert models.get(after, "openai/own").output == "0"


def test_half_a_price_is_refused_whole(sqlite: Database) -> None:
    half = ModelCreate(id="openai/own", input_per_mtok=Decimal(1))
    with pytest.raises(ValidationFailed, match="output_per_mtok"):
        sqlite.call(model_changes.add, half, CLI, KNOWN)
    assert sqlite.call(stored_settings.all_values) == {}


def test_what_is_known_is_not_added(sqlite: Database) -> None:
    with pytest.raises(Conflict):
        sqlite.call(model_changes.add, ModelCreate(id="demo/echo"), CLI, KNOWN)


def test_only_operators_may(sqlite: Database) -> None:
    stranger = of_key("key_1", "org_1", "admin")
    with pytest.raises(PermissionDenied):
        sqlite.call(model_changes.add, ModelCreate(id="openai/own"), stranger, KNOWN)
    with pytest.raises(PermissionDenied):
        sqlite.call(model_changes.forget, "demo/echo", stranger, KNOWN)
