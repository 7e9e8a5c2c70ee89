"""Token counts as OpenAI-compatible servers report them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from orouter.dialects.base import Usage
from orouter.dialects.readings import Figures

NANO = 10**9
MAX_COST_USD = 10**6

REPLACED = frozenset({"prompt_tokens", "completion_tokens", "total_tokens", "cost"})
PROMPT_DETAILS = {"cached_tokens": 0, "audio_tokens": 0}
COMPLETION_DETAILS = {
    "reasoning_tokens": 0,
    "audio_tokens": 0,
    "accepted_prediction_tokens": 0,
    "rejected_prediction_tokens": 0,
}
CACHED_ELSEWHERE = ("prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens")
"""DeepSeek, Mistral, Hugging Face: where cached tokens stand outside the details."""


def read_usage(raw: object, *, charged: bool) -> Usage:
    """The usage; ``charged``: its ``cost`` is what the provider takes from the operator's account.

    Figures that cannot be are clamped to 0 and the usage is ``flawed``; totals are the provider's.
    """
    figures = Figures(raw)
    prompt = figures.nested("prompt_tokens_details")
    completion = figures.nested("completion_tokens_details")
    cached = prompt["cached_tokens"]
    for name in CACHED_ELSEWHERE:
        cached = cached or figures[name]
    searches = figures.nested("server_tool_use")["web_search_requests"]
    return Usage(
        prompt_tokens=figures["prompt_tokens"],
        completion_tokens=figures["completion_tokens"],
        total_tokens=figures["total_tokens"] if figures.has("total_tokens") else None,
        cached_tokens=cached,
        cache_write_tokens=prompt["cache_write_tokens"],
        reasoning_tokens=completion["reasoning_tokens"],
        audio_input_tokens=prompt["audio_tokens"],
        audio_output_tokens=completion["audio_tokens"],
        web_searches=searches,
        cost_nano=_cost(raw, charged=charged),
        flawed=figures.flawed or prompt.flawed or completion.flawed,
    )


def usage_value(raw: Mapping[str, Any], usage: Usage, cost_usd: float | None) -> dict[str, Any]:
    """``CompletionUsage`` for the caller: the provider's own object, completed and made plausible.

    A ``cost`` that is no number (Perplexity's object) moves to ``cost_details``.
    """
    total = usage.total_tokens
    if total is None:
        total = usage.prompt_tokens + usage.completion_tokens
    value = {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": total,
        **{name: given for name, given in raw.items() if name not in REPLACED},
    }
    value["prompt_tokens_details"] = {
        **PROMPT_DETAILS,
        **_counts(raw.get("prompt_tokens_details")),
        "cached_tokens": usage.cached_tokens,
    }
    value["completion_tokens_details"] = {
        **COMPLETION_DETAILS,
        **_counts(raw.get("completion_tokens_details")),
        "reasoning_tokens": usage.reasoning_tokens,
    }
    if isinstance(raw.get("cost"), dict):
        value.setdefault("cost_details", raw["cost"])
    if cost_usd is not None:
        value["cost"] = cost_usd
    return value


def _counts(details: object) -> dict[str, Any]:
    """The details without nulls and impossible figures, for which OpenAI's zero stands."""
    if not isinstance(details, dict):
        return {}
    return {
        name: value
        for name, value in details.items()
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0
    }


def _cost(raw: object, *, charged: bool) -> int | None:
    cost = raw.get("cost") if isinstance(raw, dict) else None
    if isinstance(cost, dict):
        cost = cost.get("total_cost")
    elif not charged:
        return None
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        return None
    try:
        nano = int((Decimal(str(cost)) * NANO).to_integral_value())
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return nano if 0 <= nano <= MAX_COST_USD * NANO else None
