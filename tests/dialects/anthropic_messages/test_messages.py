"""Conversations: system apart, turns that alternate, results first, thinking as it came."""

from typing import Any

import pytest

from orouter.dialects.base import Recalled
from orouter.errors import InvalidRequest, UnsupportedParameter
from tests.dialects.anthropic_messages.exchange import BUDGET, HI, NEW, WEATHER, call, encode, turns

PARIS = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Paris"}}
SUNNY = {"type": "text", "text": "sunny"}
THOUGHT = {
    "type": "reasoning.text",
    "text": "Hm.",
    "signature": "sig",
    "format": "anthropic-claude-v1",
    "index": 0,
}
HIDDEN = {
    "type": "reasoning.encrypted",
    "data": "secret",
    "format": "anthropic-claude-v1",
    "index": 1,
}


def test_instructions_are_hoisted_from_everywhere() -> None:
    body = encode(
        messages=[
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "hi"},
            {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        ]
    )
    assert [block["text"] for block in body["system"]] == ["Be kind.", "Be brief."]
    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]


def test_one_instruction_is_a_plain_string() -> None:
    body = encode(messages=[{"role": "system", "content": "Be kind."}, *HI])
    assert body["system"] == "Be kind."


def test_instructions_alone_are_the_question() -> None:
    assert turns({"role": "system", "content": "Tell a joke."}) == [
        ("user", [{"type": "text", "text": "Tell a joke."}])
    ]


def test_a_conversation_that_the_assistant_opens() -> None:
    sent = turns({"role": "assistant", "content": "Hello!"}, *HI)
    assert [role for role, _ in sent] == ["user", "assistant", "user"]


def test_turns_of_one_role_are_one() -> None:
    assert turns(*HI, *HI) == [("user", [{"type": "text", "text": "hi"}] * 2)]


@pytest.mark.parametrize("blank", ["", " \n", [], [{"type": "text", "text": ""}], None])
def test_blank_texts_are_left_out(blank: object) -> None:
    assert turns(*HI, {"role": "assistant", "content": blank}, *HI) == [
        ("user", [{"type": "text", "text": "hi"}] * 2)
    ]


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        encode(messages=[{"role": "user", "content": " "}])


def test_results_are_together_and_first() -> None:
    sent = turns(
        *HI,
        {"role": "assistant", "content": "Let me look.", "tool_calls": [call("a"), call("b")]},
        {"role": "tool", "tool_call_id": "a", "content": "sunny"},
        {"role": "user", "content": "Hurry!"},
        {"role": "tool", "tool_call_id": "b", "content": ""},
        tools=[WEATHER],
    )
    assert sent[1:] == [
        (
            "assistant",
            [{"type": "text", "text": "Let me look."}, {**PARIS, "id": "a"}, {**PARIS, "id": "b"}],
        ),
        (
            "user",
            [
                {"type": "tool_result", "tool_use_id": "a", "content": [SUNNY]},
                {"type": "tool_result", "tool_use_id": "b"},
                {"type": "text", "text": "Hurry!"},
            ],
        ),
    ]


def test_images_in_results() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://x.test/a.png"}}
    sent = turns(
        *HI,
        {"role": "assistant", "tool_calls": [call("a")]},
        {"role": "tool", "tool_call_id": "a", "content": [picture]},
        tools=[WEATHER],
    )
    image = {"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}}
    assert sent[2][1][0]["content"] == [image]


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        ('{"city": "Paris"}', {"city": "Paris"}),
        ("", {}),
        ("  ", {}),
        ("[1]", {"arguments": "[1]"}),
        ('{"city": "Par', {"arguments": '{"city": "Par'}),
        ("null", {"arguments": "null"}),
    ],
)
def test_arguments_are_an_object(arguments: str, sent: object) -> None:
    got = turns(*HI, {"role": "assistant", "tool_calls": [call("a", arguments)]}, tools=[WEATHER])
    assert got[1][1][0]["input"] == sent


def test_foreign_ids_are_made_legal_and_stay_apart() -> None:
    ids = ["functions.weather:0", "functions.weather/0", "toolu_1"]
    sent = turns(
        *HI,
        {"role": "assistant", "tool_calls": [call(one) for one in ids]},
        *({"role": "tool", "tool_call_id": one, "content": "ok"} for one in ids),
        tools=[WEATHER],
    )
    calls = [block["id"] for block in sent[1][1]]
    assert calls == [block["tool_use_id"] for block in sent[2][1]]
    assert len(set(calls)) == 3
    assert calls[2] == "toolu_1"
    assert all(one.replace("_", "").replace("-", "").isalnum() for one in calls)


def test_a_result_without_an_id_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="id"):
        encode(messages=[*HI, {"role": "tool", "content": "ok"}])


def test_calls_of_other_kinds_are_refused() -> None:
    custom = {"id": "a", "type": "custom", "custom": {"name": "sql", "input": "select 1"}}
    with pytest.raises(UnsupportedParameter) as caught:
        encode(messages=[*HI, {"role": "assistant", "tool_calls": [custom]}])
    assert caught.value.param == "messages[1].tool_calls[0].type"


def test_deprecated_functions_are_tools() -> None:
    body = encode(
        messages=[
            *HI,
            {"role": "assistant", "function_call": {"name": "weather", "arguments": "{}"}},
            {"role": "function", "name": "weather", "content": "sunny"},
        ],
        functions=[WEATHER["function"]],
        function_call={"name": "weather"},
    )
    assert [tool["name"] for tool in body["tools"]] == ["weather"]
    choice = {"type": "tool", "name": "weather", "disable_parallel_tool_use": True}
    assert body["tool_choice"] == choice
    (use,), (result,) = (turn["content"] for turn in body["messages"][1:])
    assert use["id"] == result["tool_use_id"]


def test_a_refusal_is_what_the_assistant_said() -> None:
    sent = turns(*HI, {"role": "assistant", "content": None, "refusal": "No."}, *HI)
    assert sent[1] == ("assistant", [{"type": "text", "text": "No."}])


def test_reasoning_goes_back_first_and_unmodified() -> None:
    sent = turns(
        *HI,
        {
            "role": "assistant",
            "content": "Let me look.",
            "tool_calls": [call("toolu_1")],
            "reasoning_details": [THOUGHT, HIDDEN],
        },
        {"role": "tool", "tool_call_id": "toolu_1", "content": "sunny"},
        tools=[WEATHER],
        reasoning_effort="low",
    )
    assert sent[1][1] == [
        {"type": "thinking", "thinking": "Hm.", "signature": "sig"},
        {"type": "redacted_thinking", "data": "secret"},
        {"type": "text", "text": "Let me look."},
        PARIS,
    ]


def test_fragments_of_a_stream_are_put_together() -> None:
    fragments = [
        {"type": "reasoning.text", "text": "H", "index": 0},
        {"type": "reasoning.text", "text": "m.", "index": 0},
        {"type": "reasoning.text", "signature": "sig", "index": 0},
        {"type": "reasoning.text", "signature": "only", "index": 1},
    ]
    sent = turns(*HI, {"role": "assistant", "content": "x", "reasoning_details": fragments}, *HI)
    assert sent[1][1][:2] == [
        {"type": "thinking", "thinking": "Hm.", "signature": "sig"},
        {"type": "thinking", "thinking": "", "signature": "only"},
    ]


@pytest.mark.parametrize(
    "detail",
    [
        {**THOUGHT, "format": "google-gemini-v1"},
        {**HIDDEN, "format": "openai-responses-v1"},
        {"type": "reasoning.text", "text": "unsigned", "format": "anthropic-claude-v1"},
        {"type": "reasoning.summary", "summary": "short"},
    ],
)
def test_reasoning_that_claude_did_not_sign_stays_behind(detail: dict[str, object]) -> None:
    sent = turns(*HI, {"role": "assistant", "content": "x", "reasoning_details": [detail]}, *HI)
    assert sent[1][1] == [{"type": "text", "text": "x"}]


def test_what_the_client_dropped_is_recalled() -> None:
    sent = turns(
        *HI,
        {"role": "assistant", "tool_calls": [call("toolu_1")]},
        {"role": "tool", "tool_call_id": "toolu_1", "content": "sunny"},
        tools=[WEATHER],
        reasoning_effort="low",
        recalled=(Recalled(call_id="toolu_1", details=(THOUGHT,)),),
    )
    assert sent[1][1] == [{"type": "thinking", "thinking": "Hm.", "signature": "sig"}, PARIS]


def test_a_budget_gives_way_where_the_thinking_is_lost() -> None:
    lost = [
        *HI,
        {"role": "assistant", "tool_calls": [call("toolu_1")]},
        {"role": "tool", "tool_call_id": "toolu_1", "content": "sunny"},
    ]
    fields: dict[str, Any] = {"messages": lost, "tools": [WEATHER], "reasoning_effort": "low"}
    assert "thinking" not in encode(BUDGET, **fields)
    assert encode(NEW, **fields)["thinking"]["type"] == "adaptive"
    answered = [*lost, {"role": "assistant", "content": "Sunny."}, *HI]
    assert encode(BUDGET, **{**fields, "messages": answered})["thinking"]["type"] == "enabled"


def test_older_models_continue_what_the_assistant_began() -> None:
    begun = {"role": "assistant", "content": "```json \n"}
    assert turns(*HI, begun)[1] == ("assistant", [{"type": "text", "text": "```json"}])
    with pytest.raises(InvalidRequest, match="end with a user"):
        encode(NEW, messages=[*HI, begun])
