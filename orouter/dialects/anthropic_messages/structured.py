"""``response_format``: natively where the model and the schema allow it, else by a forced call.

Anthropic's structured output takes closed objects and few keywords; its SDK writes the others into
the description, and so do we. A schema with open objects, ``json_object`` (any object) and models
from before structured output get one more tool, ``ANSWER_TOOL``, that must be called: its input is
the answer, and the decoders give it out as the message's text. So nothing is added to the prompt.

Source: anthropic-sdk-python ``types/json_output_format_param.py`` and ``lib/_parse/_transform.py``.
"""

from typing import Any, NamedTuple, cast

from orouter.dialects.anthropic_messages.content import Block
from orouter.dialects.base import Capabilities
from orouter.schemas.chat import ChatRequest

ANSWER_TOOL = "orouter_json_answer"
"""Reserved: a call of this name is the answer itself."""

_ANY_OBJECT: Block = {"type": "object", "additionalProperties": True}
_DESCRIPTION = (
    "Gives the final answer to the user, as the JSON value that the conversation asks for."
)

_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)
_KEPT = frozenset({"type", "enum", "const", "description", "title", "required", "$ref", "default"})
_NESTED = frozenset({"properties", "$defs", "definitions"})
_BRANCHES = {"anyOf": "anyOf", "oneOf": "anyOf", "allOf": "allOf"}


class Format(NamedTuple):
    """``native`` is an ``output_config.format``; ``tool`` the definition that stands in for it."""

    native: Block | None = None
    tool: Block | None = None


def response_format(request: ChatRequest, can: Capabilities) -> Format:
    """How the answer's form is asked for."""
    wanted = request.response_format
    if wanted is None or wanted.type == "text":
        return Format()
    described = wanted.json_schema
    if wanted.type != "json_schema" or described is None or not described.schema:
        return Format(tool=_tool(_ANY_OBJECT, None))
    native = native_schema(described.schema) if can.structured_output else None
    if native is None:
        return Format(tool=_tool(described.schema, described.description))
    return Format(native={"type": "json_schema", "schema": native})


def _tool(schema: Block, description: str | None) -> Block:
    shape = schema if "type" in schema else {"type": "object", **schema}
    return {"name": ANSWER_TOOL, "description": description or _DESCRIPTION, "input_schema": shape}


class _OpenObject(Exception):
    """The schema holds an object with free keys."""


def native_schema(schema: Block) -> Block | None:
    """The schema in Anthropic's subset; None if it cannot be said there."""
    try:
        return cast("Block", _closed(schema))
    except (_OpenObject, RecursionError):
        return None


def _closed(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    closed: Block = {}
    unsupported: Block = {}
    for name, value in schema.items():
        if name in _KEPT:
            closed[name] = value
        elif name in _NESTED and isinstance(value, dict):
            closed[name] = {key: _closed(inner) for key, inner in value.items()}
        elif name in _BRANCHES and isinstance(value, list):
            closed[_BRANCHES[name]] = [_closed(inner) for inner in value]
        elif name == "items":
            closed[name] = _closed(value)
        elif _is_supported(name, value):
            closed[name] = value
        elif name != "additionalProperties":
            unsupported[name] = value
    return _described(_object(closed, schema), unsupported)


def _is_supported(name: str, value: Any) -> bool:
    return (name == "format" and value in _FORMATS) or (name == "minItems" and value in (0, 1))


def _object(closed: Block, schema: Block) -> Block:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema or (isinstance(kind, list) and "object" in kind):
        if schema.get("additionalProperties") or not schema.get("properties", True):
            raise _OpenObject
        closed["additionalProperties"] = False
    return closed


def _described(closed: Block, unsupported: Block) -> Block:
    if unsupported:
        note = ", ".join(f"{name}: {value}" for name, value in unsupported.items())
        before = f"{closed['description']}\n\n" if closed.get("description") else ""
        closed["description"] = f"{before}{{{note}}}"
    return closed
