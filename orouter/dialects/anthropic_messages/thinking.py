"""``reasoning_effort`` and ``reasoning`` in the three eras of Claude, and the bound on tokens.

Until 4.5 thinking has a budget inside ``max_tokens``; 4.6 adapts it to an effort; since 4.7 effort
is the only way and the text of thoughts comes only if asked for. Source: anthropic-sdk-python
``thinking_config_*_param.py`` and ``output_config_param.py``.
"""

from typing import NamedTuple

from orouter.dialects.anthropic_messages.content import Block
from orouter.dialects.base import Capabilities
from orouter.dialects.reasoning import asked_effort, nearest_effort
from orouter.schemas.chat import ChatRequest

_BUDGETS = {
    "minimal": 1024,
    "low": 2048,
    "medium": 10_000,
    "high": 16_384,
    "xhigh": 32_768,
    "max": 65_536,
}
_DEFAULT_EFFORT = "medium"


class Thinking(NamedTuple):
    """``config`` is the request's ``thinking``, ``effort`` its ``output_config.effort``."""

    max_tokens: int
    config: Block | None = None
    effort: str | None = None

    @property
    def on(self) -> bool:
        """Whether the model will think by request."""
        return self.config is not None and self.config["type"] != "disabled"


def thinking(request: ChatRequest, can: Capabilities, *, barred: bool) -> Thinking:
    """What to ask for.

    ``barred``: the request also forces a call, continues the assistant's words or lacks the
    thinking of the calls in hand. A budget is refused beside these, so it gives way: they change
    the answer, the effort only how it is found.
    """
    limit = request.output_limit
    limit = can.default_max_tokens if limit is None else limit
    asked = asked_effort(request)
    if asked is None or can.thinking == "none":
        return Thinking(limit)
    display = "omitted" if request.reasoning and request.reasoning.exclude else "summarized"
    if can.thinking == "adaptive":
        return _adaptive(asked, can, Thinking(limit, {"type": "adaptive", "display": display}))
    if asked == "none" or barred:
        return Thinking(limit)
    budget, limit = _budget(asked, limit, request.output_limit is None, can)
    return Thinking(limit, {"type": "enabled", "budget_tokens": budget, "display": display})


def _adaptive(asked: str | int, can: Capabilities, on: Thinking) -> Thinking:
    if asked == "enabled":
        return on
    if asked == "none":
        if can.thinking_off:
            return Thinking(on.max_tokens, {"type": "disabled"})
        return Thinking(on.max_tokens, effort=can.efforts[0])
    effort = asked if isinstance(asked, str) else _effort_for(asked)
    return on._replace(effort=nearest_effort(effort, can.efforts))


def _effort_for(budget: int) -> str:
    return next((name for name, tokens in _BUDGETS.items() if tokens >= budget), "max")


def _budget(asked: str | int, limit: int, free: bool, can: Capabilities) -> tuple[int, int]:
    """A legal budget and the bound above it.

    A budget in tokens is kept, and the bound raised by it if need be. An effort fits itself into
    the caller's bound, which pays for thinking too, as far as the smallest budget allows.
    """
    least, most = can.thinking_budget
    if isinstance(asked, int):
        budget = max(least, min(asked, most))
    else:
        budget = max(least, min(_BUDGETS.get(asked, _BUDGETS[_DEFAULT_EFFORT]), most))
        budget = budget if free else max(least, min(budget, limit * 4 // 5))
    if budget < limit:
        return budget, limit
    raised = budget + limit
    if can.max_output is not None and raised > can.max_output:
        raised = can.max_output
    return max(least, min(budget, raised - 1)), raised
