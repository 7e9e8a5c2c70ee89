"""Reasoning asked for in OpenAI's words and OpenRouter's, by generation of the model."""

import pytest

from orouter.providers.families import capabilities
from tests.dialects.google_generate.exchange import chat, encoded, target


def thinking(model, **fields):
    body = encoded(chat(**fields), target(capabilities("google", model)))
    return body.get("generationConfig", {}).get("thinkingConfig")


@pytest.mark.parametrize(
    ("model", "effort", "budget"),
    [
        ("gemini-2.5-flash", "none", 0),
        ("gemini-2.5-flash", "minimal", 512),
        ("gemini-2.5-flash", "low", 1024),
        ("gemini-2.5-flash", "medium", 8192),
        ("gemini-2.5-flash", "high", 24576),
        ("gemini-2.5-flash", "max", 24576),
        ("gemini-2.5-flash-lite-preview", "none", 0),
        ("gemini-2.5-pro", "none", 128),
        ("gemini-2.5-pro", "max", 32768),
    ],
)
def test_a_budget_for_an_effort(model, effort, budget) -> None:
    expected = {"thinkingBudget": budget} | ({"includeThoughts": True} if budget else {})
    assert thinking(model, reasoning_effort=effort) == expected
    assert thinking(model, reasoning={"effort": effort}) == expected


@pytest.mark.parametrize(
    ("model", "tokens", "budget"),
    [
        ("gemini-2.5-flash", 0, 0),
        ("gemini-2.5-flash", 5000, 5000),
        ("gemini-2.5-flash", 99999, 24576),
        ("gemini-2.5-flash-lite", 10, 512),
        ("gemini-2.5-pro", 0, 128),
    ],
)
def test_a_budget_for_tokens(model, tokens, budget) -> None:
    assert thinking(model, reasoning={"max_tokens": tokens})["thinkingBudget"] == budget


@pytest.mark.parametrize(
    ("model", "effort", "level"),
    [
        ("gemini-3-flash-preview", "none", "MINIMAL"),
        ("gemini-3-flash-preview", "minimal", "MINIMAL"),
        ("gemini-3-flash-preview", "xhigh", "HIGH"),
        ("gemini-3-pro-preview", "medium", "HIGH"),
        ("gemini-3.1-pro-preview", "medium", "MEDIUM"),
        ("gemini-3.1-pro-preview", "none", "LOW"),
        ("gemini-3.7-flash", "minimal", "LOW"),
        ("gemini-4-argon", "minimal", "LOW"),
        ("gemini-of-tomorrow", "max", "HIGH"),
    ],
)
def test_a_level_for_an_effort(model, effort, level) -> None:
    expected = {"thinkingLevel": level, "includeThoughts": True}
    assert thinking(model, reasoning_effort=effort) == expected


@pytest.mark.parametrize(("tokens", "level"), [(800, "LOW"), (8000, "MEDIUM"), (90000, "HIGH")])
def test_a_level_for_tokens(tokens, level) -> None:
    found = thinking("gemini-4-neon", reasoning={"max_tokens": tokens})
    assert found == {"thinkingLevel": level, "includeThoughts": True}


def test_reasoning_as_the_model_likes() -> None:
    asked = {"reasoning": {"enabled": True}}
    dynamic = {"thinkingBudget": -1, "includeThoughts": True}
    assert thinking("gemini-2.5-flash", **asked) == dynamic
    assert thinking("gemini-3-flash", **asked) == {"includeThoughts": True}
    assert thinking("gemini-2.5-flash", reasoning={"enabled": False}) == {"thinkingBudget": 0}


def test_reasoning_that_shall_not_be_shown() -> None:
    asked = {"effort": "low", "exclude": True}
    assert thinking("gemini-3-flash", reasoning=asked) == {"thinkingLevel": "LOW"}


def test_nothing_is_said_where_nothing_was_asked_or_the_model_does_not_think() -> None:
    assert thinking("gemini-3-flash") is None
    assert thinking("gemini-3-flash", reasoning={"exclude": True}) is None
    assert thinking("gemini-2.0-flash", reasoning_effort="high") is None
