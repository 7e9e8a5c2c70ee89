from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from orouter.dialects import openai_chat
from orouter.errors import InvalidRequest, ModelNotFound
from orouter.providers.base import Provider
from orouter.providers.catalogue import Catalogue, Source, shipped_entries
from orouter.schemas.chat import ChatRequest
from orouter.services.routing import MOST_MODELS, Routes
from orouter.upstream.endpoint import Endpoint
from tests.upstream.scripted import ScriptedClient, endpoint

SOURCES = [
    Source(name=kind, kind=kind, allow_unlisted=kind == "compatible")
    for kind in ("openai", "anthropic", "openrouter", "compatible", "demo")
]


def place(kind: str) -> Endpoint:
    found = endpoint(kind, ScriptedClient())
    found.provider = Provider(type=kind, dialect=openai_chat)
    return found


def routes(
    fallbacks: Mapping[str, tuple[str, ...]] | None = None,
    aliases: Mapping[str, str] | None = None,
    *,
    refuse_unpriced: bool = False,
) -> Routes:
    entries = [entry for source in SOURCES for entry in shipped_entries(source)]
    return Routes(
        catalogue=Catalogue(entries, SOURCES, aliases or {}),
        endpoints={source.name: place(source.kind) for source in SOURCES},
        fallbacks=fallbacks or {},
        refuse_unpriced=refuse_unpriced,
    )


def asked(model: str, **fields: Any) -> ChatRequest:
    body = {"model": model, "messages": [{"role": "user", "content": "hi"}], **fields}
    return msgspec.convert(body, ChatRequest)


def names(found: Routes, request: ChatRequest) -> list[str]:
    return [candidate.name for candidate in found.candidates(request)]


def test_one_name_is_one_candidate_with_the_providers_own_name() -> None:
    [candidate] = routes().candidates(asked("openrouter/gpt-4"))
    assert (candidate.endpoint.name, candidate.target.model) == ("openrouter", "openai/gpt-4")


def test_the_first_slash_splits() -> None:
    [candidate] = routes().candidates(asked("openrouter/mistralai/some/model:free"))
    assert candidate.target.model == "mistralai/some/model:free"


def test_an_alias_is_another_name() -> None:
    assert names(routes(aliases={"gpt-4": "openai/gpt-4"}), asked("gpt-4")) == ["openai/gpt-4"]


def test_unknown_models_are_refused_with_the_nearest_names() -> None:
    with pytest.raises(ModelNotFound, match="openai/gpt-4"):
        routes().candidates(asked("openai/gpt-4-turbi"))
    with pytest.raises(ModelNotFound):
        routes().candidates(asked("nobody/gpt-4"))


def test_further_models_follow_in_the_callers_order_each_once() -> None:
    request = asked("demo/echo", models=["openai/gpt-4", "demo/echo", "demo/lorem"])
    assert names(routes(), request) == ["demo/echo", "openai/gpt-4", "demo/lorem"]


def test_an_unknown_further_model_is_the_callers_mistake() -> None:
    with pytest.raises(ModelNotFound):
        routes().candidates(asked("demo/echo", models=["nobody/x"]))


def test_openrouters_own_names_are_left_to_openrouter() -> None:
    request = asked("openrouter/openai/gpt-4", models=["x-ai/grok-4", "demo/echo"])
    assert names(routes(), request) == ["openrouter/openai/gpt-4", "demo/echo"]


def test_too_many_models_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="models"):
        routes().candidates(asked("demo/echo", models=["demo/echo"] * (MOST_MODELS + 1)))


def test_the_operators_fallbacks_come_last() -> None:
    found = routes({"demo/echo": ("openai/gpt-4", "gone/model"), "demo/lorem": ("demo/slow",)})
    assert names(found, asked("demo/echo")) == ["demo/echo", "openai/gpt-4"]
    both = names(found, asked("demo/echo", models=["demo/lorem"]))
    assert both == ["demo/echo", "demo/lorem", "openai/gpt-4", "demo/slow"]


def choice(**provider: Any) -> list[str]:
    return names(routes(), asked("openai/gpt-4o", provider=provider))


def test_a_choice_of_providers_offers_the_same_model_elsewhere() -> None:
    here, there = "openai/gpt-4o", "openrouter/openai/gpt-4o"
    assert choice(order=["openrouter", "openai"]) == [there, here]
    assert choice(order=["openai"]) == [here, there]
    assert choice(only=["openrouter"]) == [there]
    assert choice(ignore=["openrouter"]) == [here]
    assert choice(order=["openrouter"], allow_fallbacks=False) == [there]
    assert choice(allow_fallbacks=False) == [here]


def test_a_choice_that_leaves_nobody_says_who_there_is() -> None:
    with pytest.raises(InvalidRequest, match="openai, openrouter"):
        choice(ignore=["openai", "openrouter"])


def test_openrouters_own_providers_do_not_exclude_it() -> None:
    request = asked("openrouter/openai/gpt-4o", provider={"only": ["azure"]})
    assert names(routes(), request) == ["openrouter/openai/gpt-4o"]


def test_without_a_price_a_model_is_refused_only_on_request() -> None:
    unpriced = asked("compatible/llama-unknown")
    assert names(routes(), unpriced) == ["compatible/llama-unknown"]
    with pytest.raises(InvalidRequest, match="price"):
        routes(refuse_unpriced=True).candidates(unpriced)
