"""Tools and every choice among them."""

import pytest

from orouter.errors import InvalidRequest, UnsupportedParameter
from tests.dialects.google_generate.exchange import NEW, chat, encoded, target

SCHEMA = {
    "type": "object",
    "properties": {"city": {"$ref": "#/$defs/City"}},
    "$defs": {"City": {"type": "string"}},
    "additionalProperties": False,
}


def function(name, **fields):
    return {"type": "function", "function": {"name": name, **fields}}


TOOLS = [function("f", description="does f", parameters=SCHEMA, strict=True), function("g")]


def named(name):
    return {"type": "function", "function": {"name": name}}


def allowed(mode, *names):
    tools = [named(name) for name in names]
    return {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": tools}}


def test_all_functions_stand_in_one_entry_with_their_json_schema() -> None:
    assert encoded(chat(tools=TOOLS))["tools"] == [
        {
            "functionDeclarations": [
                {"name": "f", "description": "does f", "parametersJsonSchema": SCHEMA},
                {"name": "g"},
            ]
        }
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object", "properties": {}},
        {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
    ],
)
def test_a_function_that_takes_nothing_has_no_schema(schema) -> None:
    body = encoded(chat(tools=[function("f", parameters=schema)]))
    assert body["tools"] == [{"functionDeclarations": [{"name": "f"}]}]


def test_the_name_of_the_schemas_dialect_is_not_sent() -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMA}
    body = encoded(chat(tools=[function("f", parameters=schema)]))
    assert body["tools"][0]["functionDeclarations"][0]["parametersJsonSchema"] == SCHEMA


def test_a_function_that_takes_anything_keeps_its_schema() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    body = encoded(chat(tools=[function("f", parameters=schema)]))
    assert body["tools"][0]["functionDeclarations"][0]["parametersJsonSchema"] == schema


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        (None, None),
        ("auto", None),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        (named("g"), {"mode": "ANY", "allowedFunctionNames": ["g"]}),
        (allowed("required", "f", "g"), {"mode": "ANY", "allowedFunctionNames": ["f", "g"]}),
    ],
)
def test_a_choice(choice, config) -> None:
    body = encoded(chat(tools=TOOLS, tool_choice=choice))
    assert body.get("toolConfig") == (config and {"functionCallingConfig": config})
    assert len(body["tools"][0]["functionDeclarations"]) == 2


def test_a_free_choice_among_some_declares_only_these() -> None:
    body = encoded(chat(tools=TOOLS, tool_choice=allowed("auto", "g")))
    assert body["tools"] == [{"functionDeclarations": [{"name": "g"}]}]
    assert "toolConfig" not in body


def test_a_choice_without_tools_is_left_out() -> None:
    assert encoded(chat(tool_choice="required")).keys() == {"contents"}


def test_web_search_is_googles() -> None:
    assert encoded(chat(web_search_options={}))["tools"] == [{"googleSearch": {}}]
    tools = [{"type": "openrouter:web_search"}, {"type": "web_search"}]
    assert encoded(chat(tools=tools))["tools"] == [{"googleSearch": {}}]


def test_web_search_beside_functions_is_for_those_models_that_can() -> None:
    request = chat(tools=TOOLS, web_search_options={}, tool_choice="required")
    body = encoded(request, target(NEW))
    assert body["tools"][1] == {"googleSearch": {}}
    assert body["toolConfig"] == {
        "functionCallingConfig": {"mode": "ANY"},
        "includeServerSideToolInvocations": True,
    }
    with pytest.raises(UnsupportedParameter) as caught:
        encoded(request)
    assert caught.value.param == "web_search_options"


def test_what_gemini_does_not_know_is_refused() -> None:
    with pytest.raises(UnsupportedParameter, match="custom"):
        encoded(chat(tools=[{"type": "custom", "custom": {"name": "x"}}]))
    with pytest.raises(UnsupportedParameter, match="custom"):
        encoded(chat(tools=TOOLS, tool_choice={"type": "custom"}))
    nameless = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{}]}}
    with pytest.raises(InvalidRequest, match="no name"):
        encoded(chat(tools=TOOLS, tool_choice=nameless))
