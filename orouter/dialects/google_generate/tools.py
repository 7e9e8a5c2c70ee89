"""Tools and the choice among them. Source: google-genai ``Tool`` and ``FunctionCallingConfig``."""

from collections.abc import Sequence
from typing import Any

from orouter.dialects.base import Capabilities
from orouter.dialects.google_generate.structured import ANSWER, answer_function, plain_schema
from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.schemas.chat import ChatRequest, Function, Tool, ToolChoiceObject

_SERVER_TOOLS = {
    "web_search": "googleSearch",
    "web_search_preview": "googleSearch",
    "openrouter:web_search": "googleSearch",
    "google_search": "googleSearch",
    "url_context": "urlContext",
    "code_execution": "codeExecution",
}


def tool_fields(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    """``tools`` and ``toolConfig``, as far as there are any.

    Raises UnsupportedParameter for tools that Gemini or this model does not have.
    """
    functions = [tool.function for tool in request.tools or [] if tool.function]
    server = _server_tools(request)
    if functions and server and not can.search_with_tools:
        raise UnsupportedParameter(
            "This Gemini model cannot search the web and call functions in one request; "
            "send web_search_options or tools, or use Gemini 3 or later.",
            param="web_search_options" if request.web_search_options is not None else "tools",
        )
    chosen, config = _chosen(request.tool_choice, functions)
    answer = answer_function(request, can)
    if answer is not None and (config is None or config["mode"] == "NONE"):
        chosen, config = [*chosen, answer], _answering(config)
    tools: list[dict[str, Any]] = [{name: {}} for name in server]
    if chosen:
        tools.insert(0, {"functionDeclarations": [declaration(one) for one in chosen]})
    fields: dict[str, Any] = {"tools": tools} if tools else {}
    tool_config: dict[str, Any] = {"functionCallingConfig": config} if config and chosen else {}
    if chosen and server:
        tool_config["includeServerSideToolInvocations"] = True
    return fields | {"toolConfig": tool_config} if tool_config else fields


def _answering(config: dict[str, Any] | None) -> dict[str, Any]:
    """One of the functions must be called, and only the answer's if no other may be."""
    return {"mode": "ANY"} if config is None else _forced([ANSWER])


def _server_tools(request: ChatRequest) -> list[str]:
    names = ["googleSearch"] if request.web_search_options is not None else []
    names += [_server_tool(tool) for tool in request.tools or [] if not tool.function]
    return list(dict.fromkeys(names))


def _server_tool(tool: Tool) -> str:
    if tool.type not in _SERVER_TOOLS:
        raise UnsupportedParameter(
            f"Gemini has no tools of type {tool.type!r}; describe it as a function.", param="tools"
        )
    return _SERVER_TOOLS[tool.type]


def declaration(function: Function) -> dict[str, Any]:
    """A ``FunctionDeclaration``; a function without parameters has no schema at all."""
    told: dict[str, Any] = {"name": function.name}
    if function.description:
        told["description"] = function.description
    schema = function.parameters
    if schema and not _takes_nothing(schema):
        told["parametersJsonSchema"] = plain_schema(schema)
    return told


def _takes_nothing(schema: dict[str, Any]) -> bool:
    structure = schema.keys() - {"type", "title", "description", "$schema", "required"}
    return structure <= {"properties", "additionalProperties"} and not any(
        schema[name] for name in structure
    )


def _chosen(
    choice: str | ToolChoiceObject | None, functions: Sequence[Function]
) -> tuple[Sequence[Function], dict[str, Any] | None]:
    """The functions to declare and the ``functionCallingConfig`` (None leaves the model free)."""
    if choice is None or isinstance(choice, str):
        mode = {"none": "NONE", "required": "ANY"}.get(choice or "auto")
        return functions, {"mode": mode} if mode else None
    if choice.type == "function" and choice.function:
        return functions, _forced([choice.function.name])
    if choice.type == "allowed_tools" and choice.allowed_tools:
        names = [_name_of(tool) for tool in choice.allowed_tools.tools]
        if choice.allowed_tools.mode == "required":
            return functions, _forced(names)
        return [one for one in functions if one.name in names], None
    raise UnsupportedParameter(
        f"Gemini cannot be told tool_choice of type {choice.type!r}.", param="tool_choice"
    )


def _forced(names: Sequence[str]) -> dict[str, Any]:
    return {"mode": "ANY", "allowedFunctionNames": list(names)}


def _name_of(tool: dict[str, Any]) -> str:
    function = tool.get("function")
    name = function.get("name") if isinstance(function, dict) else tool.get("name")
    if not isinstance(name, str):
        raise InvalidRequest("An allowed tool has no name.", param="tool_choice")
    return name
