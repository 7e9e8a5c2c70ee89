"""JSON answers: natively, beside functions, and not at all."""

import pytest

from orouter.dialects.base import Capabilities
from orouter.dialects.google_generate.structured import ANSWER
from orouter.errors import UnsupportedParameter
from tests.dialects.google_generate.exchange import (
    NEW,
    OLD,
    answer,
    chat,
    decoded,
    encoded,
    sse,
    streamed,
    target,
)

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
BY_SCHEMA = {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": True}}
ANY_JSON = {"type": "json_object"}
MIME = {"responseMimeType": "application/json"}
TOOLS = [{"type": "function", "function": {"name": "f"}}]
SEARCH = [{"type": "web_search"}]


def body(can=OLD, **fields):
    return encoded(chat(**fields), target(can))


def test_json_natively() -> None:
    assert body(response_format=ANY_JSON)["generationConfig"] == MIME
    native = {**MIME, "responseJsonSchema": SCHEMA}
    assert body(response_format=BY_SCHEMA)["generationConfig"] == native
    both = body(NEW, response_format=BY_SCHEMA, tools=TOOLS)
    assert both["generationConfig"] == native
    assert both["tools"] == [{"functionDeclarations": [{"name": "f"}]}]


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        (None, {"mode": "ANY"}),
        ("auto", {"mode": "ANY"}),
        ("none", {"mode": "ANY", "allowedFunctionNames": [ANSWER]}),
    ],
)
def test_before_gemini_3_the_answer_beside_functions_is_one_of_them(choice, config) -> None:
    said = body(response_format=BY_SCHEMA, tools=TOOLS, tool_choice=choice)
    function, stand_in = said["tools"][0]["functionDeclarations"]
    assert (function, stand_in["name"]) == ({"name": "f"}, ANSWER)
    assert stand_in["parametersJsonSchema"] == SCHEMA
    assert said["toolConfig"]["functionCallingConfig"] == config
    assert "generationConfig" not in said


def test_a_call_that_the_caller_forces_needs_no_answer() -> None:
    said = body(response_format=BY_SCHEMA, tools=TOOLS, tool_choice="required")
    assert said["tools"] == [{"functionDeclarations": [{"name": "f"}]}]
    assert said["toolConfig"] == {"functionCallingConfig": {"mode": "ANY"}}


def test_any_json_beside_functions_is_left_to_the_prompt() -> None:
    assert "generationConfig" not in body(response_format=ANY_JSON, tools=TOOLS)


def test_the_call_of_the_answer_is_the_answer() -> None:
    said = answer({"functionCall": {"name": ANSWER, "args": {"a": 1}}}, finishReason="STOP")
    choice = decoded(said).completion["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ('{"a":1}', "stop")
    assert "tool_calls" not in choice["message"]
    told = streamed(sse(said))
    assert [chunk["choices"][0]["delta"].get("content") for chunk in told[:2]] == ["", '{"a":1}']
    assert told[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("can", "fields"),
    [(Capabilities(structured_output=False), {}), (OLD, {"tools": SEARCH})],
)
def test_where_there_is_no_way(can, fields) -> None:
    with pytest.raises(UnsupportedParameter) as caught:
        body(can, response_format=BY_SCHEMA, **fields)
    assert caught.value.param == "response_format"
