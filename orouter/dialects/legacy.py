"""OpenAI's deprecated ``functions`` as tools and back, so that no dialect has to know both.

Source: openai-openapi, the fields marked ``deprecated`` in ``CreateChatCompletionRequest``.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from msgspec import structs

from orouter.schemas.chat import (
    ChatRequest,
    Message,
    NamedFunction,
    Tool,
    ToolCall,
    ToolChoiceObject,
)


def with_tools(request: ChatRequest) -> ChatRequest:
    """The same request said with ``tools``; the request itself if it uses nothing deprecated."""
    messages = request.messages
    if any(m.function_call is not None or m.role == "function" for m in messages):
        request = structs.replace(request, messages=_messages(messages))
    if request.functions is None and request.function_call is None:
        return request
    defined = [Tool(type="function", function=function) for function in request.functions or ()]
    return structs.replace(
        request,
        tools=[*(request.tools or ()), *defined] or None,
        tool_choice=_choice(request.function_call) or request.tool_choice,
        parallel_tool_calls=False,
        functions=None,
        function_call=None,
    )


def as_function_call(message: dict[str, Any]) -> dict[str, Any]:
    """A message or delta for a caller of ``functions``, who knows one call and no ids."""
    calls = message.get("tool_calls")
    if not calls:
        return message
    rest = {name: value for name, value in message.items() if name != "tool_calls"}
    first = calls[0]
    return rest if first.get("index", 0) else {**rest, "function_call": first["function"]}


def _choice(chosen: str | NamedFunction | None) -> str | ToolChoiceObject | None:
    if isinstance(chosen, NamedFunction):
        return ToolChoiceObject(type="function", function=chosen)
    return chosen


def _messages(messages: Iterable[Message]) -> list[Message]:
    """A deprecated result names its function only: it answers the latest call of that name."""
    ids = (f"call_{number}" for number in count())
    latest: dict[str | None, str] = {}
    return [_message(message, ids, latest) for message in messages]


def _message(message: Message, ids: Iterator[str], latest: dict[str | None, str]) -> Message:
    called = message.function_call
    if called is not None:
        latest[called.name] = call_id = next(ids)
        call = ToolCall(id=call_id, function=called)
        return structs.replace(message, tool_calls=[call], function_call=None)
    if message.role == "function":
        call_id = latest.get(message.name) or next(ids)
        return structs.replace(message, role="tool", tool_call_id=call_id, name=None)
    return message
