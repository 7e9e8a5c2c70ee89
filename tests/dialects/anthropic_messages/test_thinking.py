"""Reasoning in three eras, and the bound on tokens above a budget."""

from typing import Any

import pytest

from tests.dialects.anthropic_messages.exchange import ADAPTIVE, BUDGET, FABLE, NEW, OLD, encode


def asked(model: str, **fields: Any) -> tuple[Any, Any, int]:
    """thinking, effort and max_tokens of what is sent."""
    body = encode(model, **fields)
    effort = body.get("output_config", {}).get("effort")
    return body.get("thinking"), effort, body["max_tokens"]


def budget(tokens: int, display: str = "summarized") -> dict[str, Any]:
    return {"type": "enabled", "budget_tokens": tokens, "display": display}


ADAPT = {"type": "adaptive", "display": "summarized"}
OFF = {"type": "disabled"}


@pytest.mark.parametrize("model", [OLD, BUDGET, ADAPTIVE, NEW, FABLE])
def test_nothing_asked_nothing_sent(model: str) -> None:
    assert asked(model)[:2] == (None, None)


@pytest.mark.parametrize(
    ("model", "effort", "thinking", "sent"),
    [
        (OLD, "high", None, None),
        (BUDGET, "none", None, None),
        (BUDGET, "minimal", budget(1024), None),
        (BUDGET, "low", budget(2048), None),
        (BUDGET, "medium", budget(10_000), None),
        (BUDGET, "high", budget(16_384), None),
        (ADAPTIVE, "none", OFF, None),
        (ADAPTIVE, "minimal", ADAPT, "low"),
        (ADAPTIVE, "medium", ADAPT, "medium"),
        (ADAPTIVE, "xhigh", ADAPT, "max"),
        (NEW, "none", OFF, None),
        (NEW, "xhigh", ADAPT, "xhigh"),
        (NEW, "max", ADAPT, "max"),
        (FABLE, "none", None, "low"),
    ],
)
def test_efforts(model: str, effort: str, thinking: Any, sent: str | None) -> None:
    assert asked(model, reasoning_effort=effort)[:2] == (thinking, sent)
    assert asked(model, reasoning={"effort": effort})[:2] == (thinking, sent)


@pytest.mark.parametrize(
    ("model", "reasoning", "thinking", "effort"),
    [
        (BUDGET, {"max_tokens": 5000}, budget(5000), None),
        (BUDGET, {"max_tokens": 10}, budget(1024), None),
        (BUDGET, {"max_tokens": 0}, None, None),
        (BUDGET, {"enabled": True}, budget(10_000), None),
        (BUDGET, {"enabled": False, "effort": "high"}, None, None),
        (BUDGET, {"effort": "low", "exclude": True}, budget(2048, "omitted"), None),
        (NEW, {"max_tokens": 2000}, ADAPT, "low"),
        (NEW, {"max_tokens": 12_000}, ADAPT, "high"),
        (NEW, {"max_tokens": 10**6}, ADAPT, "max"),
        (NEW, {"enabled": True}, ADAPT, None),
        (NEW, {"enabled": True, "exclude": True}, {**ADAPT, "display": "omitted"}, None),
        (NEW, {}, None, None),
    ],
)
def test_openrouters_reasoning(
    model: str, reasoning: dict[str, Any], thinking: Any, effort: str | None
) -> None:
    assert asked(model, reasoning=reasoning)[:2] == (thinking, effort)


@pytest.mark.parametrize(
    ("fields", "tokens", "limit"),
    [
        ({"reasoning_effort": "high", "max_tokens": 20_000}, 16_000, 20_000),
        ({"reasoning_effort": "high", "max_completion_tokens": 5000}, 4000, 5000),
        ({"reasoning_effort": "high", "max_tokens": 500}, 1024, 1524),
        ({"reasoning": {"max_tokens": 8000}, "max_tokens": 1000}, 8000, 9000),
        ({"reasoning": {"max_tokens": 60_000}, "max_tokens": 32_768}, 32_768, 64_000),
    ],
)
def test_the_bound_is_above_the_budget(fields: dict[str, Any], tokens: int, limit: int) -> None:
    thinking, _, max_tokens = asked(BUDGET, **fields)
    assert (thinking["budget_tokens"], max_tokens) == (tokens, limit)


@pytest.mark.parametrize(("model", "limit"), [(OLD, 8192), (BUDGET, 32_000), (NEW, 32_000)])
def test_a_bound_is_always_sent(model: str, limit: int) -> None:
    assert asked(model)[2] == limit
