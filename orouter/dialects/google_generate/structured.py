"""``response_format``: natively, or by a function where functions and JSON exclude each other.

Before Gemini 3 a request with functions cannot ask for a JSON answer. ``json_schema`` then becomes
one more function, ``ANSWER``, and one of the functions must be called: the arguments of ``ANSWER``
are the answer, given out as the message's text. So nothing is added to the prompt. ``json_object``
is left to the prompt, which must ask for JSON anyway.
"""

from typing import Any

import msgspec

from orouter.dialects.base import Capabilities
from orouter.dialects.google_generate.wire import FunctionCall
from orouter.errors import UnsupportedParameter
from orouter.schemas.chat import ChatRequest, Function

ANSWER = "orouter_json_answer"
"""Reserved: a call of this name is the answer itself."""

_DESCRIPTION = (
    "Gives the final answer to the user, as the JSON value that the conversation asks for."
)
_MIME = {"responseMimeType": "application/json"}


def answer_fields(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    """The part of ``generationConfig``. Raises UnsupportedParameter where there is no way."""
    wanted = request.response_format
    if wanted is None or wanted.type not in {"json_object", "json_schema"}:
        return {}
    if request.tools and not can.structured_output_with_tools:
        return _beside_tools(request)
    if wanted.type == "json_object":
        return _MIME
    if not can.structured_output:
        raise _unsupported("This model cannot answer by a JSON schema.")
    return {**_MIME, "responseJsonSchema": _schema(request)}


def answer_function(request: ChatRequest, can: Capabilities) -> Function | None:
    """The function that stands in for the schema, where one must."""
    wanted = request.response_format
    if wanted is None or wanted.type != "json_schema" or can.structured_output_with_tools:
        return None
    if not any(tool.function for tool in request.tools or ()):
        return None
    return Function(name=ANSWER, description=_DESCRIPTION, parameters=_schema(request))


def answer_text(call: FunctionCall) -> str | None:
    """The answer, if this call is one."""
    return msgspec.json.encode(call.args or {}).decode() if call.name == ANSWER else None


def plain_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the name of its dialect, which Gemini does not list among its keywords."""
    if "$schema" not in schema:
        return schema
    return {name: value for name, value in schema.items() if name != "$schema"}


def _schema(request: ChatRequest) -> dict[str, Any] | None:
    described = request.response_format.json_schema if request.response_format else None
    return plain_schema(described.schema) if described and described.schema else None


def _beside_tools(request: ChatRequest) -> dict[str, Any]:
    wants_schema = request.response_format and request.response_format.type == "json_schema"
    if wants_schema and not any(tool.function for tool in request.tools or ()):
        raise _unsupported("This model cannot answer by a JSON schema beside Google's own tools.")
    return {}


def _unsupported(why: str) -> UnsupportedParameter:
    return UnsupportedParameter(
        f"{why} Leave out response_format, or use Gemini 3 or later.", param="response_format"
    )
