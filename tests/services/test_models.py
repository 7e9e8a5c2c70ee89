"""Models as operators see them: filters, details, and prices of their own."""

from decimal import Decimal

import pytest

from orouter.db.session import Database
from orouter.errors import ModelNotFound, ValidationFailed
from orouter.schemas.actor import CLI
from orouter.services import models, stored_settings
from orouter.settings import Settings, load


def settings(**flags: object) -> Settings:
    on = {"providers.demo.enabled": True, "models": {"openai/own": {"context": 5}}}
    return load(environ={}, flags={**on, **flags})


def names(**filters: object) -> list[str]:
    return [view.id for view in models.listing(settings(), **filters)]  # type: ignore[arg-type]  # filters of all types


def test_models_of_providers_that_are_off_are_listed_as_such() -> None:
    assert {"openai/gpt-4o", "demo/echo"} <= set(names())
    assert set(names(enabled=True)) == set(names(provider="demo"))


def test_filters() -> None:
    assert names(search="ECHO") == ["demo/echo"]
    assert names(provider="openai", unpriced=True) == ["openai/own"]
    assert names(provider="openai", enabled=True) == []


def test_details_tell_who_set_what() -> None:
    found = models.get(
        settings(
            aliases={"fast": "openai/gpt-4.1"},
            fallbacks={"openai/gpt-4.1": ["demo/echo"]},
            models={"openai/gpt-4.1": {"context": 7, "enabled": False}},
        ),
        "fast",
    )
    assert (found.id, found.context, found.enabled, found.input) == (
        "openai/gpt-4.1",
        7,
        False,
        "2",
    )
    assert (found.aliases, found.fallbacks) == (["fast"], ["demo/echo"])
    assert found.set_by == {"context": "flag", "enabled": "flag"}
    assert found.capabilities["sampling"] == "any"


def test_tiers_are_shown() -> None:
    [tier, *_] = models.get(settings(), "google/gemini-2.5-pro").tiers
    assert tier["above"] == 200_000
    assert Decimal(tier["input"]) > 0


def test_prices_are_stored_and_forgotten(sqlite: Database) -> None:
    before = settings()
    prices = {"input": Decimal("2.5"), "cache_write": Decimal(3)}
    sqlite.call(models.set_prices, "openai/gpt-4.1", prices, CLI, before)
    stored = sqlite.call(stored_settings.all_values)
    found = models.get(before.anew(stored_settings.nested(stored)), "openai/gpt-4.1")
    assert (found.input, found.output, found.cache_write) == ("2.5", "8", "3")
    assert found.set_by == {"input_per_mtok": "stored", "cache_write_per_mtok": "stored"}
    gone = sqlite.call(models.unset_prices, "openai/gpt-4.1", CLI, before)
    assert len(gone) == 2
    assert sqlite.call(stored_settings.all_values) == {}


def test_only_models_that_there_are_get_a_price(sqlite: Database) -> None:
    with pytest.raises(ModelNotFound, match=r"openai/gpt-4\.1"):
        sqlite.call(models.set_prices, "openai/gpt-4.l", {"input": Decimal(1)}, CLI, settings())
    assert sqlite.call(stored_settings.all_values) == {}


def test_half_a_price_is_none_and_is_refused(sqlite: Database) -> None:
    known = settings(models={"openai/own": {"input_per_mtok": 5}})
    assert models.get(known, "openai/own").input is None
    both = {"input": Decimal(5), "output": Decimal(0)}
    with pytest.raises(ValidationFailed, match="output_per_mtok"):
        sqlite.call(models.set_prices, "openai/own", {"input": Decimal(5)}, CLI, settings())
    sqlite.call(models.set_prices, "openai/own", both, CLI, settings())
