"""Names of models: shipped, added, corrected, aliased, passed on, unknown."""

from typing import Any

import pytest

from orouter.errors import ModelNotFound
from orouter.providers.catalogue import Catalogue, Entry
from orouter.providers.prices import NANO, nano
from orouter.settings.schema import Settings

KEY = "sk-test-0123456789"
ALL = {
    **{kind: {"type": kind, "api_key": KEY} for kind in ("openai", "anthropic", "google")},
    "openrouter": {"type": "openrouter", "api_key": KEY},
    "demo": {"type": "demo"},
    "qwen": {"type": "compatible", "base_url": "https://qwen.example.com/v1"},
}


def catalogue(providers: Any = None, **settings: Any) -> Catalogue:
    return Catalogue.build(
        Settings.model_validate({"providers": providers or ALL, **settings}, strict=False)
    )


def upstream(name: str) -> tuple[str, str]:
    entry = catalogue().resolve(name)
    return entry.kind, entry.upstream


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai/gpt-4", ("openai", "gpt-4")),
        ("openai/gpt-3.5-turbo", ("openai", "gpt-3.5-turbo")),
        ("anthropic/claude-3-opus", ("anthropic", "claude-3-opus")),
        ("anthropic/claude-3-sonnet", ("anthropic", "claude-3-sonnet")),
        ("google/gemini-pro", ("google", "gemini-pro")),
        ("openrouter/gpt-4", ("openrouter", "openai/gpt-4")),
        ("openrouter/claude-3-opus", ("openrouter", "anthropic/claude-3-opus")),
        ("openrouter/auto", ("openrouter", "openrouter/auto")),
        ("openrouter/any/thing:free", ("openrouter", "any/thing:free")),
        ("demo/error-429", ("demo", "error-429")),
    ],
)
def test_the_promised_names_are_there(name: str, expected: tuple[str, str]) -> None:
    assert upstream(name) == expected


@pytest.mark.parametrize(
    "name",
    ["openai/gpt-4o", "anthropic/claude-sonnet-4-5", "google/gemini-2.5-pro", "demo/echo"],
)
def test_current_models_have_price_and_context(name: str) -> None:
    entry = catalogue().resolve(name)
    assert entry.price is not None
    assert entry.context
    assert entry.origin == "shipped"
    assert entry in catalogue().listed()


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"),
        ("openai/gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("openai/gpt-5.2-20251211", "openai/gpt-5.2"),
    ],
)
def test_dated_names_are_routable_at_the_models_price(name: str, like: str) -> None:
    names = catalogue()
    dated, plain = names.resolve(name), names.resolve(like)
    assert dated.upstream == name.partition("/")[2]
    assert dated.price == plain.price
    assert names.resolve(name) is dated


def test_a_retired_model_stays_routable_and_is_not_listed() -> None:
    names = catalogue()
    assert names.resolve("anthropic/claude-3-haiku-20240307").price is not None
    assert "anthropic/claude-3-haiku" not in {entry.name for entry in names.listed()}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("openai/gtp-4o", "openai/gpt-4o"),
        ("gpt-4o", "openai/gpt-4o"),
        ("demo/ecoh", "demo/echo"),
        ("anthropic/claude-sonnet-9", "anthropic/claude-sonnet-"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(ModelNotFound, match=near) as caught:
        catalogue().resolve(name)
    assert caught.value.param == "model"


@pytest.mark.parametrize("name", ["x" * 256, "/", "openai/", "openrouter/foo", "qwen/anything", ""])
def test_other_names_are_unknown_too(name: str) -> None:
    with pytest.raises(ModelNotFound) as caught:
        catalogue().resolve(name)
    assert len(caught.value.message) < 400


def test_unlisted_models_pass_where_the_provider_allows_it() -> None:
    providers = {**ALL, "qwen": {**ALL["qwen"], "allow_unlisted_models": True}}
    entry = catalogue(providers).resolve("qwen/any-model")
    assert (entry.upstream, entry.price, entry.origin) == ("any-model", None, "unlisted")


def test_a_provider_that_is_switched_off_has_no_models() -> None:
    names = catalogue({**ALL, "openai": {"type": "openai", "api_key": KEY, "enabled": False}})
    with pytest.raises(ModelNotFound):
        names.resolve("openai/gpt-4o")
    assert all(entry.provider != "openai" for entry in names.listed())


def test_operators_add_models() -> None:
    model = {"upstream": "qwen-max-2", "input_per_mtok": 1.6, "output_per_mtok": 6.4}
    names = catalogue(models={"qwen/qwen-max": {**model, "context": 32768, "max_output": 8192}})
    entry = names.resolve("qwen/qwen-max")
    assert entry.price is not None
    assert (entry.upstream, entry.context, entry.max_output) == ("qwen-max-2", 32768, 8192)
    assert (entry.price.base.input, entry.price.base.output) == (nano("1.6"), nano("6.4"))
    assert entry.origin == "config"


def test_operators_correct_models() -> None:
    names = catalogue(
        models={
            "openai/gpt-4o": {"input_per_mtok": 1, "capabilities": {"sampling": "none"}},
            "openai/gpt-4.1": {"enabled": False},
        }
    )
    entry, shipped = names.resolve("openai/gpt-4o"), catalogue().resolve("openai/gpt-4o")
    assert entry.price is not None
    assert shipped.price is not None
    assert entry.price.base.input == NANO
    assert entry.price.base.output == shipped.price.base.output
    assert (entry.context, entry.capabilities.sampling) == (shipped.context, "none")
    with pytest.raises(ModelNotFound, match="switched off"):
        names.resolve("openai/gpt-4.1")


def test_what_operators_say_is_listed_after_what_is_shipped() -> None:
    said = {"qwen/b": {"context": 1000}, "openai/gpt-4o": {"context": 2000}, "nobody/x": {}}
    names, shipped = catalogue(models=said), catalogue()
    assert names.resolve("qwen/b").context == 1000  # worked out before the others
    assert [each.name for each in names.entries()] == [
        *(each.name for each in shipped.entries()),
        "qwen/b",
    ]
    assert {each.name: each.context for each in names.entries()}["openai/gpt-4o"] == 2000
    assert names.has("qwen/b")
    assert not names.has("nobody/x")


def test_aliases_lead_to_their_model() -> None:
    names = catalogue(aliases={"gpt-4": "openai/gpt-4"})
    assert names.resolve("gpt-4").name == "openai/gpt-4"


def test_offers_are_the_same_model_at_other_providers() -> None:
    names = catalogue({**ALL, "eu": {"type": "openai", "api_key": KEY}})
    assert [entry.name for entry in names.offers("openai/gpt-4o")] == [
        "openai/gpt-4o",
        "openrouter/openai/gpt-4o",
        "eu/gpt-4o",
    ]
    claude = [entry.name for entry in names.offers("anthropic/claude-sonnet-4-5")]
    assert claude[1] == "openrouter/anthropic/claude-sonnet-4.5"
    assert [entry.name for entry in names.offers("openrouter/openai/gpt-4o")] == [
        "openrouter/openai/gpt-4o"
    ]


def test_features_follow_from_capabilities() -> None:
    entry = Entry(name="a/b", provider="a", kind="compatible", upstream="b")
    assert entry.features["temperature"]
    assert not entry.features["reasoning"]
    assert catalogue().resolve("openai/o3").features["reasoning"]
