"""``reasoning_effort`` and ``reasoning`` as ``thinkingConfig``: a budget in 2.5, a level since 3.

Source: google-genai ``ThinkingConfig``; the budgets are those of Google's own OpenAI layer.
"""

from typing import Any

from orouter.dialects.base import Capabilities
from orouter.dialects.reasoning import asked_effort, nearest_effort
from orouter.schemas.chat import ChatRequest

_BUDGETS = {"minimal": 512, "low": 1024, "medium": 8192, "high": 24576}
_BEYOND = 1 << 30
_DYNAMIC = -1
"""The budget that leaves it to the model."""


def thinking_config(request: ChatRequest, can: Capabilities) -> dict[str, Any] | None:
    """None where nothing was asked, or the model does not think."""
    asked = asked_effort(request)
    if asked is None or can.thinking == "none":
        return None
    config: dict[str, Any] = {}
    if can.thinking == "budget":
        config["thinkingBudget"] = _budget(asked, can)
        if config["thinkingBudget"] == 0:
            return config
    elif asked != "enabled":
        config["thinkingLevel"] = _level(asked, can)
    if not (request.reasoning and request.reasoning.exclude):
        config["includeThoughts"] = True
    return config


def _budget(asked: str | int, can: Capabilities) -> int:
    least, most = can.thinking_budget
    if asked == "none":
        return 0 if can.thinking_off else least
    if asked == "enabled":
        return _DYNAMIC
    tokens = asked if isinstance(asked, int) else _BUDGETS.get(asked, _BEYOND)
    return max(least, min(tokens, most))


def _level(asked: str | int, can: Capabilities) -> str:
    if isinstance(asked, int):
        asked = next((name for name, tokens in _BUDGETS.items() if asked <= tokens), "max")
    return (can.efforts[0] if asked == "none" else nearest_effort(asked, can.efforts)).upper()
