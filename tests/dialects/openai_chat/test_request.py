"""What is sent: the caller's own body, without what the upstream would refuse."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat.completion_create_params import CompletionCreateParamsBase

from orouter.dialects.base import Capabilities, Recalled
from orouter.dialects.openai_chat.fields import OPENAI_FIELDS
from orouter.dialects.openai_chat.request import MAX_CALL_ID, call_id
from orouter.errors import UnsupportedParameter
from tests.dialects.openai_chat.wire import encoded, target

OPENAI = target("openai", "gpt-4o")
OPENROUTER = target("openrouter", "anthropic/claude-sonnet-4.5")
COMPATIBLE = target("compatible", "qwen-max")
OPENROUTERS_OWN = {
    "transforms": ["middle-out"],
    "plugins": [{"id": "web"}],
    "route": "fallback",
    "usage": {"include": True},
    "top_k": 4,
    "min_p": 0.1,
    "include_reasoning": True,
    "cache_control": {"type": "ephemeral"},
}


def test_every_field_of_the_openai_sdk_is_known() -> None:
    assert set(CompletionCreateParamsBase.__annotations__) | {"stream"} == OPENAI_FIELDS


def test_openai_gets_nothing_that_it_would_refuse() -> None:
    body = encoded(
        OPENAI, models=["a/b"], provider={"order": ["x"]}, temperature=0.5, **OPENROUTERS_OWN
    )
    assert body == {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "hi"}],
        "temperature": 0.5,
    }


def test_compatible_servers_get_unknown_fields_untouched() -> None:
    body = encoded(COMPATIBLE, models=["a/b"], provider={"order": ["x"]}, **OPENROUTERS_OWN)
    assert body.pop("messages")
    assert body == {"model": "qwen-max", **OPENROUTERS_OWN}


def test_openrouter_gets_its_own_fields_and_its_own_names() -> None:
    body = encoded(
        OPENROUTER,
        models=["openrouter/openai/gpt-4o", "google/gemini-2.5-pro"],
        provider={"order": ["anthropic"]},
        reasoning={"max_tokens": 2000},
        **OPENROUTERS_OWN,
    )
    assert body["models"] == ["openai/gpt-4o", "google/gemini-2.5-pro"]
    assert body["provider"] == {"order": ["anthropic"]}
    assert body["reasoning"] == {"max_tokens": 2000}
    assert {name: body[name] for name in OPENROUTERS_OWN} == OPENROUTERS_OWN


def test_openrouter_gives_one_choice() -> None:
    assert "n" not in encoded(OPENROUTER, n=1)
    with pytest.raises(UnsupportedParameter) as caught:
        encoded(OPENROUTER, n=2)
    assert caught.value.param == "n"


@pytest.mark.parametrize("to", [OPENAI, OPENROUTER, COMPATIBLE])
def test_streams_always_ask_for_usage(to: Any) -> None:
    options = {"include_obfuscation": False, "include_usage": False}
    body = encoded(to, stream=True, stream_options=options)
    assert body["stream_options"] == {"include_obfuscation": False, "include_usage": True}
    assert encoded(to, stream=True)["stream_options"] == {"include_usage": True}
    assert "stream_options" not in encoded(to, stream_options={"include_usage": True})


@pytest.mark.parametrize(
    ("reasoning", "effort"),
    [
        ({"effort": "high"}, "high"),
        ({"enabled": False}, "none"),
        ({"max_tokens": 4000}, None),
        ({"exclude": True}, None),
    ],
)
def test_openrouters_reasoning_becomes_openais_effort(reasoning: Any, effort: str | None) -> None:
    body = encoded(target("openai", "gpt-5.5"), reasoning=reasoning)
    assert body.get("reasoning_effort") == effort
    assert "reasoning" not in body


def test_the_callers_effort_wins_over_openrouters_spelling() -> None:
    body = encoded(OPENAI, reasoning_effort="low", reasoning={"effort": "high"})
    assert body["reasoning_effort"] == "low"


SAMPLING = {"temperature": 0.2, "top_p": 0.9, "presence_penalty": 1, "logit_bias": {"1": 2}}


@pytest.mark.parametrize("model", ["o3", "gpt-5-mini", "gpt-5.5", "gpt-6-sol"])
def test_reasoning_models_get_no_sampling(model: str) -> None:
    body = encoded(target("openai", model), max_tokens=9, **SAMPLING)
    assert body.keys() == {"model", "messages", "max_completion_tokens"}
    assert body["max_completion_tokens"] == 9


@pytest.mark.parametrize(
    ("model", "effort", "is_sent"),
    [
        ("gpt-4o", None, True),
        ("gpt-5.1", None, True),
        ("gpt-5.1", "low", False),
        ("gpt-5.5", "none", True),
        ("a-model-of-tomorrow", None, True),
    ],
)
def test_sampling_goes_where_the_model_does_not_reason(
    model: str, effort: str | None, *, is_sent: bool
) -> None:
    body = encoded(target("openai", model), reasoning_effort=effort, temperature=0.2)
    assert ("temperature" in body) is is_sent


def test_logprobs_of_a_reasoning_model_are_refused_not_dropped() -> None:
    with pytest.raises(UnsupportedParameter) as caught:
        encoded(target("openai", "o3"), logprobs=True)
    assert caught.value.param == "logprobs"
    assert "logprobs" not in encoded(target("openai", "o3"), logprobs=False)


def test_a_model_without_a_system_role_gets_a_users() -> None:
    messages = [{"role": "developer", "content": "be brief"}, {"role": "user", "content": "hi"}]
    body = encoded(target("openai", "o1-mini"), messages=messages)
    assert [message["role"] for message in body["messages"]] == ["user", "user"]


def test_developers_speak_as_system_to_compatible_servers_only() -> None:
    messages = [{"role": "developer", "content": "be brief"}]
    assert encoded(COMPATIBLE, messages=messages)["messages"][0]["role"] == "system"
    assert encoded(OPENROUTER, messages=messages)["messages"][0]["role"] == "developer"
    assert encoded(OPENAI, messages=messages)["messages"][0]["role"] == "developer"


def test_strict_servers_get_only_what_they_know() -> None:
    echoed = {"role": "assistant", "content": "a", "refusal": None, "reasoning": "hm"}
    body = encoded(
        target("compatible", "mistral-small-latest"),
        messages=[{"role": "user", "content": "hi"}, echoed],
        max_completion_tokens=9,
        stream=True,
        stream_options={"include_usage": True},
        safe_prompt=True,
    )
    assert body["messages"][1] == {"role": "assistant", "content": "a"}
    assert body["max_tokens"] == 9
    assert body["safe_prompt"] is True
    assert body.keys().isdisjoint({"max_completion_tokens", "stream_options"})


FOREIGN_CALL = "toolu_" + "x" * 60
ASSISTANT = {
    "role": "assistant",
    "content": None,
    "reasoning": "hm",
    "reasoning_details": [{"type": "reasoning.text", "text": "hm", "signature": "s"}],
    "tool_calls": [
        {
            "id": FOREIGN_CALL,
            "type": "function",
            "function": {"name": "f", "arguments": "{}"},
            "extra_content": {"google": {"thought_signature": "s"}},
        }
    ],
}
RESULT = {"role": "tool", "tool_call_id": FOREIGN_CALL, "content": "ok"}


def test_openai_gets_its_own_message_fields_and_short_ids_that_still_match() -> None:
    assistant, result = encoded(OPENAI, messages=[ASSISTANT, RESULT])["messages"]
    call = assistant["tool_calls"][0]
    assert assistant.keys() == {"role", "content", "tool_calls"}
    assert call.keys() == {"id", "type", "function"}
    assert len(call["id"]) <= MAX_CALL_ID
    assert result["tool_call_id"] == call["id"] == call_id(FOREIGN_CALL)


@pytest.mark.parametrize("to", [OPENROUTER, COMPATIBLE])
def test_reasoning_and_ids_stay_in_the_history_elsewhere(to: Any) -> None:
    assert encoded(to, messages=[ASSISTANT, RESULT])["messages"] == [ASSISTANT, RESULT]


def test_openrouter_gets_back_the_reasoning_that_a_client_dropped() -> None:
    details = ({"type": "reasoning.encrypted", "data": "d"},)
    to = target("openrouter", recalled={"c1": Recalled(call_id="c1", details=details)})
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    bare = {"role": "assistant", "content": None, "tool_calls": [call]}
    messages = encoded(to, messages=[bare, {**RESULT, "tool_call_id": "c1"}])["messages"]
    assert messages[0] == {**bare, "reasoning_details": list(details)}


def test_openrouter_gets_reasoning_as_it_gave_it_however_a_client_joined_it() -> None:
    given = {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "unknown"}
    joined = {**ASSISTANT, "reasoning_details": [{**given, "format": "unknownunknown"}]}
    messages = encoded(OPENROUTER, messages=[joined, RESULT])["messages"]
    assert messages[0]["reasoning_details"] == [given]


def test_foreign_marks_do_not_reach_openai() -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    body = encoded(
        OPENAI,
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "hi", **mark},
                    {"type": "image_url", "image_url": "https://example.com/a.png"},
                ],
            }
        ],
        tools=[{"type": "function", **mark, "function": {"name": "f", "strict": True, **mark}}],
    )
    assert "cache_control" not in json.dumps(body)
    assert body["tools"] == [{"type": "function", "function": {"name": "f", "strict": True}}]
    image = body["messages"][0]["content"][1]
    assert image["image_url"] == {"url": "https://example.com/a.png"}


@given(st.text(min_size=1, max_size=120))
def test_call_ids_are_stable_short_and_plain(given_id: str) -> None:
    short = call_id(given_id)
    assert short == call_id(given_id) == call_id(short)
    assert len(short) <= MAX_CALL_ID
    assert short.isascii()


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=8,
)


@given(JSON_VALUES)
def test_values_arrive_exactly_as_they_were_sent(value: Any) -> None:
    assert encoded(COMPATIBLE, vendor_field=value)["vendor_field"] == value


def test_capabilities_are_the_operators_to_correct() -> None:
    to = target("openai", "o3", Capabilities(thinking="level", sampling="any"))
    assert encoded(to, temperature=0.5)["temperature"] == 0.5


def test_openrouter_is_told_deprecated_functions_as_tools() -> None:
    function = {"name": "f", "parameters": {"enum": [None]}}
    called = {"name": "f", "arguments": "{}"}
    body = encoded(
        OPENROUTER,
        functions=[function],
        function_call={"name": "f"},
        messages=[
            {"role": "user", "content": "hi", "name": "u"},
            {"role": "assistant", "content": None, "function_call": called},
            {"role": "function", "name": "f", "content": "1"},
        ],
    )
    assert body["tools"] == [{"type": "function", "function": function}]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "f"}}
    assert body["parallel_tool_calls"] is False
    assert not body.keys() & {"functions", "function_call"}
    user, call, result = body["messages"]
    assert user == {"role": "user", "content": "hi", "name": "u"}
    [made] = call["tool_calls"]
    assert made["function"] == called
    assert result == {"role": "tool", "tool_call_id": made["id"], "content": "1"}


def test_others_of_the_family_know_functions_themselves() -> None:
    functions = [{"name": "f"}]
    for to in (OPENAI, COMPATIBLE):
        assert encoded(to, functions=functions)["functions"] == functions
