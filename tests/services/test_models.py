"""Models as operators see them: filters, details, and prices of their own."""

from decimal import Decimal

from orouter.services import models
from orouter.settings import Settings, load


def settings(**flags: object) -> Settings:
    on = {"providers.demo.enabled": True, "models": {"openai/own": {"context": 5}}}
    return load(environ={}, flags={**on, **flags})


def test_models_of_providers_that_are_off_are_listed_as_such() -> None:
    found = {view.id: view.enabled for view in models.listing(settings(), "openai")}
    assert found["openai/gpt-4o"] is False
    assert "demo/echo" not in found


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
    assert found.capabilities["temperature"]


def test_tiers_are_shown() -> None:
    [tier, *_] = models.get(settings(), "google/gemini-2.5-pro").tiers
    assert tier["above"] == 200_000
    assert Decimal(tier["input"]) > 0


def test_half_a_price_is_none() -> None:
    known = settings(models={"openai/own": {"input_per_mtok": 5}})
    assert models.get(known, "openai/own").input is None
