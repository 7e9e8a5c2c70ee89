"""The part of ``/openapi.json`` that nobody derives: what is answered without FastAPI."""

from inspect import getdoc
from typing import Any

import msgspec

from orouter.api import health
from orouter.schemas.chat import ChatRequest

_ERROR = {"$ref": "#/components/schemas/Error"}
_COMPONENTS: dict[str, Any] = {
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["message", "type", "code"],
                "properties": {
                    "message": {"type": "string"},
                    "type": {"type": "string"},
                    "param": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "request_id": {"type": "string"},
                },
            }
        },
    },
    "Completion": {"type": "object", "description": "OpenAI's chat.completion, with usage.cost."},
    "Model": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "examples": ["openai/gpt-4"]},
            "object": {"const": "model"},
            "created": {"type": "integer"},
            "owned_by": {"type": "string"},
            "context_length": {"type": ["integer", "null"]},
            "pricing": {"type": ["object", "null"], "description": "USD per token, as strings."},
            "capabilities": {"type": "object"},
        },
    },
    "Key": {"type": "object", "description": "The calling key and its organization's limits."},
    "Generation": {"type": "object", "description": "One request: tokens, cost, attempts."},
    "Stats": {"type": "object", "description": "Usage of the key, or of its organization."},
}

_TEXTS = {"title": "Response Health", "type": "object", "additionalProperties": {"type": "string"}}


def with_the_rest(description: dict[str, Any]) -> dict[str, Any]:
    """``description`` with operations, the routes of ``/v1`` and the bearer key they want."""
    schemas, [request] = _request_schemas()
    components = description.setdefault("components", {})
    components.setdefault("schemas", {}).update({**_COMPONENTS, **schemas})
    schemes = components.setdefault("securitySchemes", {})
    schemes["apiKey"] = {"type": "http", "scheme": "bearer", "description": "A key of orouter."}
    description.setdefault("paths", {}).update(_operations() | _paths(request))
    return description


def _operations() -> dict[str, Any]:
    return {
        "/health": _asked_by_machines("health", getdoc(health.alive), _json(_TEXTS)),
        "/health/ready": _asked_by_machines("ready", getdoc(health.ready), _json({})),
        "/metrics": _asked_by_machines(
            "metrics",
            "For Prometheus; all workers of this node together. With ``metrics.token`` it asks for "
            "it.",
            {"text/plain": {"schema": {"type": "string"}}},
        ),
    }


def _asked_by_machines(
    name: str, description: str | None, content: dict[str, Any]
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": name.capitalize(),
            "description": description,
            "tags": ["operations"],
            "responses": {"200": {"description": "Successful Response", "content": content}},
        }
    }


def _request_schemas() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    refs, schemas = msgspec.json.schema_components(
        (ChatRequest,), ref_template="#/components/schemas/{name}"
    )
    shown = schemas["ChatRequest"]["properties"]
    for own in [name for name in shown if name.startswith("orouter:")]:
        del shown[own]
    return schemas, list(refs)


def _paths(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "/v1/chat/completions": {
            "post": {
                **_operation("createChatCompletion", "Chat completion, plain or streamed (SSE)"),
                "requestBody": {"required": True, "content": _json(request)},
                "responses": _answers("Completion", streamed=True),
            }
        },
        "/v1/models": {
            "get": {**_operation("listModels", "Models"), "responses": _answers("Model")}
        },
        "/v1/models/{id}": {
            "get": {
                **_operation("showModel", "One model"),
                "parameters": [_parameter("id", "path")],
                "responses": _answers("Model"),
            }
        },
        "/v1/key": {
            "get": {**_operation("showOwnKey", "The calling key"), "responses": _answers("Key")}
        },
        "/v1/generation": {
            "get": {
                **_operation("showGeneration", "One request's record"),
                "parameters": [_parameter("id", "query")],
                "responses": _answers("Generation"),
            }
        },
        "/v1/stats": {
            "get": {**_operation("showOwnStats", "Own usage"), "responses": _answers("Stats")}
        },
    }


def _operation(name: str, summary: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["data plane"],
        "security": [{"apiKey": []}],
    }


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": {"type": "string"}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _answers(schema: str, *, streamed: bool = False) -> dict[str, Any]:
    content = _json({"$ref": f"#/components/schemas/{schema}"})
    if streamed:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    return {
        "200": {"description": "OK", "content": content},
        "default": {"description": "An error", "content": _json(_ERROR)},
    }
