"""``reasoning_effort`` and ``reasoning`` as ``thinkingConfig``: a budget in 2.5, a level since 3.

Source: google-genai ``ThinkingConfig``; the budgets are those of Google's own OpenAI layer.
"""

from typing import Any

from orouter.dialects.base import Capabilities
from orouter.schemas.chat import ChatRequest

_BUDGETS = {"minimal": 512, "low": 1024, "medium": 8192, "high": 24576}
_BEYOND = 1 << 30
_DYNAMIC = -1
_STRENGTH = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def thinking_config(request: ChatRequest, can: Capabilities) -> dict[str, Any] | None:
    """None where nothing was asked, or the model does not think."""
    asked = _asked(request)
    if asked is None or can.thinking == "none":
        return None
    config: dict[str, Any] = {}
    if can.thinking == "budget":
        config["thinkingBudget"] = _budget(asked, can)
        if config["thinkingBudget"] == 0:
            return config
    elif asked != _DYNAMIC:
        config["thinkingLevel"] = _level(asked, can)
    if not (request.reasoning and request.reasoning.exclude):
        config["includeThoughts"] = True
    return config


def _asked(request: ChatRequest) -> str | int | None:
    """An effort, a number of tokens, or ``_DYNAMIC`` for reasoning as the model likes."""
    if request.reasoning_effort is not None:
        return request.reasoning_effort
    reasoning = request.reasoning
    if reasoning is None:
        return None
    if reasoning.enabled is False:
        return "none"
    if reasoning.effort is not None:
        return reasoning.effort
    if reasoning.max_tokens is not None:
        return reasoning.max_tokens or "none"
    return _DYNAMIC if reasoning.enabled else None


def _budget(asked: str | int, can: Capabilities) -> int:
    least, most = can.thinking_budget
    if asked == "none":
        return 0 if can.thinking_off else least
    if asked == _DYNAMIC:
        return _DYNAMIC
    tokens = asked if isinstance(asked, int) else _BUDGETS.get(asked, _BEYOND)
    return max(least, min(tokens, most))


def _level(asked: str | int, can: Capabilities) -> str:
    """The weakest level that is not weaker than what was asked, else the strongest."""
    if isinstance(asked, int):
        asked = next((name for name, tokens in _BUDGETS.items() if asked <= tokens), "max")
    enough = _STRENGTH[_STRENGTH.index(asked) :]
    return next((name for name in can.efforts if name in enough), can.efforts[-1]).upper()
