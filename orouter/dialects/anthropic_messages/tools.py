"""Tools and the choice among them.

Source: anthropic-sdk-python ``tool_param.py``, ``tool_choice_*_param.py`` and
``web_search_tool_20250305_param.py``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orouter.dialects.anthropic_messages.content import Block, cache_mark
from orouter.dialects.anthropic_messages.structured import native_schema
from orouter.dialects.base import Capabilities
from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.schemas.chat import ChatRequest, Tool, ToolChoiceObject

_SEARCH: Block = {"type": "web_search_20250305", "name": "web_search"}
_SEARCH_NAMES = ("web_search", "openrouter:web_search")
_LOCATION_FIELDS = ("city", "region", "country", "timezone")
_CHOICES = {"auto": "auto", "required": "any", "none": "none"}


class Tooling(NamedTuple):
    """``definitions`` for the request's ``tools`` and its ``tool_choice``, both possibly empty."""

    definitions: list[Block]
    choice: Block

    @property
    def forced(self) -> bool:
        """Whether the model must call something."""
        return self.choice.get("type") in {"any", "tool"}


def tooling(request: ChatRequest, can: Capabilities, called: Sequence[str]) -> Tooling:
    """What is offered to the model; ``called`` are the functions that the history calls.

    Raises UnsupportedParameter for tools of other kinds, and for a forced choice where the model
    insists on its own.
    """
    tools = [_definition(tool, n, can) for n, tool in enumerate(request.tools or ())]
    if request.web_search_options is not None and not any("type" in tool for tool in tools):
        tools.append(_search(request.web_search_options))
    choice = request.tool_choice
    if isinstance(choice, ToolChoiceObject) and choice.allowed_tools is not None:
        allowed = {_allowed_name(tool) for tool in choice.allowed_tools.tools}
        tools = [tool for tool in tools if tool["name"] in allowed]
    if not tools:
        return _unoffered(called)
    found = Tooling(tools, _choice(request))
    if found.forced and not can.forced_tool_choice:
        raise UnsupportedParameter(
            "This model chooses its tools itself; use tool_choice auto or none.",
            param="tool_choice",
        )
    return found


def _unoffered(called: Sequence[str]) -> Tooling:
    """Anthropic refuses calls in the history whose tools are not defined, OpenAI does not."""
    if not called:
        return Tooling([], {})
    tools = [{"name": name, "input_schema": {"type": "object"}} for name in called]
    return Tooling(tools, {"type": "none"})


def _definition(tool: Tool, n: int, can: Capabilities) -> Block:
    if tool.type in _SEARCH_NAMES or tool.type.startswith("web_search_"):
        return dict(_SEARCH)
    if tool.function is None:
        raise UnsupportedParameter(
            f"Anthropic takes tools of type function and web_search, not {tool.type!r}.",
            param=f"tools[{n}].type",
        )
    function = tool.function
    definition: Block = {"name": function.name}
    if function.description:
        definition["description"] = function.description
    definition["input_schema"] = _input_schema(function.parameters)
    if function.strict and can.structured_output:
        strict = native_schema(definition["input_schema"])
        if strict is not None:
            definition |= {"input_schema": strict, "strict": True}
    mark = cache_mark(tool.cache_control or function.cache_control)
    if mark is not None:
        definition["cache_control"] = mark
    return definition


def _input_schema(parameters: dict[str, Any] | None) -> Block:
    if not parameters:
        return {"type": "object", "properties": {}}
    return parameters if "type" in parameters else {"type": "object", **parameters}


def _search(options: dict[str, Any]) -> Block:
    """OpenAI nests the place one level deeper than Anthropic."""
    location = options.get("user_location")
    place = location.get("approximate") if isinstance(location, dict) else None
    if not isinstance(place, dict):
        return dict(_SEARCH)
    known = {name: place[name] for name in _LOCATION_FIELDS if isinstance(place.get(name), str)}
    return {**_SEARCH, "user_location": {"type": "approximate", **known}}


def _choice(request: ChatRequest) -> Block:
    choice = _chosen(request.tool_choice)
    if request.parallel_tool_calls is False and choice.get("type") != "none":
        return {"type": "auto", **choice, "disable_parallel_tool_use": True}
    return choice


def _chosen(choice: str | ToolChoiceObject | None) -> Block:
    if choice is None:
        return {}
    if isinstance(choice, str):
        mode: str | None = choice
    elif choice.function is not None:
        return {"type": "tool", "name": choice.function.name}
    else:
        mode = choice.allowed_tools.mode if choice.allowed_tools else None
    if mode not in _CHOICES:
        raise InvalidRequest(
            "tool_choice is one of auto, none, required, a function or allowed_tools.",
            param="tool_choice",
        )
    return {"type": _CHOICES[mode]}


def _allowed_name(tool: dict[str, Any]) -> Any:
    function = tool.get("function")
    return function.get("name") if isinstance(function, dict) else tool.get("name")
