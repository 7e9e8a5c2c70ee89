"""The shipped file agrees with the library that it was made from."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from genai_prices import Usage as LibraryUsage
from genai_prices.data_snapshot import get_snapshot

from orouter.dialects.base import Usage
from orouter.providers.prices import NANO, cost
from orouter.providers.snapshot import ShippedModel, find, knows, made_at, shipped

CASES = [
    ("openai", "gpt-4o"),
    ("openai", "gpt-5.5"),
    ("openai", "gpt-4o-mini-2024-07-18"),
    ("anthropic", "claude-sonnet-4-5-20250929"),
    ("anthropic", "claude-opus-5-5"),
    ("google", "gemini-2.5-pro"),
    ("google", "gemini-3.5-flash"),
    ("openrouter", "anthropic/claude-sonnet-4.5"),
]


def test_the_file_holds_the_four_providers() -> None:
    assert shipped().models.keys() == {"openai", "anthropic", "google", "openrouter"}
    for models in shipped().models.values():
        assert sum(model.listed for model in models) > 10


@pytest.mark.parametrize(("kind", "name"), CASES)
@pytest.mark.parametrize("prompt", [1000, 199_999, 300_001])
def test_costs_are_the_librarys(kind: str, name: str, prompt: int) -> None:
    provider = next(p for p in get_snapshot().providers if p.id == kind)
    model = provider.find_model(name)
    known = find(kind, name)
    assert model is not None
    assert known is not None
    usage = LibraryUsage(input_tokens=prompt, cache_read_tokens=500, output_tokens=321)
    made = datetime.fromtimestamp(made_at(), UTC)
    expected = model.calc_price(usage, provider, genai_request_timestamp=made).total_price
    ours = cost(known.price, Usage(prompt_tokens=prompt, cached_tokens=500, completion_tokens=321))
    assert ours == int(Fraction(expected) * NANO + Fraction(1, 2))


@pytest.mark.parametrize(
    ("kind", "name", "known"),
    [
        ("openai", "gpt-4o", True),
        ("openai", "GPT-4o", True),
        ("openai", "gpt-4-32k", True),
        ("anthropic", "claude-sonnet-4-5-20250929", True),
        ("anthropic", "claude-sonnet-4-5-nonsense", False),
        ("openai", "gpt-99", False),
        ("compatible", "gpt-4o", False),
    ],
)
def test_names_of_models(kind: str, name: str, *, known: bool) -> None:
    assert knows(kind, name) is known


def test_a_variant_costs_what_its_model_costs() -> None:
    plain = find("openrouter", "anthropic/claude-sonnet-4.5")
    assert plain is not None
    assert find("openrouter", "anthropic/claude-sonnet-4.5:nitro") is plain
    assert find("openrouter", "nobody/nothing") is None


def plainly(kind: str, name: str) -> ShippedModel | None:
    """What ``find`` is a faster way to, for names in lower case."""
    models = shipped().models[kind]
    named = (model for model in models if model.id == name)
    ruled = (model for model in models if name in model.names() or model.is_of_family(name))
    return next(named, None) or next(ruled, None)


@pytest.mark.parametrize("kind", ["openai", "anthropic", "google", "openrouter"])
def test_a_name_finds_the_first_model_whose_rules_it_meets(kind: str) -> None:
    texts = {text for model in shipped().models[kind] for rule in model.match for _, text in rule}
    names = {name.lower() for text in texts for name in (text, f"{text}-x", f"x-{text}", text[:-1])}
    for name in names:
        assert find(kind, name) in (plainly(kind, name), plainly(kind, name.partition(":")[0]))
