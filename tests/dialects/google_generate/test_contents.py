"""The conversation: roles, merging, tool calls and their results."""

import pytest

from tests.dialects.google_generate.exchange import (
    chat,
    contents,
    encoded,
    user,
)

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def test_system_and_developer_messages_become_the_instruction() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        user("hi"),
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
    ]
    body = encoded(chat(messages=messages))
    assert body["systemInstruction"] == {"parts": [{"text": "Be brief."}, {"text": "Be kind."}]}
    assert body["contents"] == [{"role": "user", "parts": [{"text": "hi"}]}]


def test_messages_of_one_role_become_one_turn() -> None:
    found = contents(user("a"), user("b"), {"role": "assistant", "content": "c"}, user("d"))
    assert found == [
        {"role": "user", "parts": [{"text": "a"}, {"text": "b"}]},
        {"role": "model", "parts": [{"text": "c"}]},
        {"role": "user", "parts": [{"text": "d"}]},
    ]


@pytest.mark.parametrize(
    "message",
    [
        {"role": "system", "content": "Be brief."},
        user(""),
        user([{"type": "text", "text": ""}]),
        {"role": "assistant", "content": None},
    ],
)
def test_contents_are_never_empty(message) -> None:
    assert contents(message) == [{"role": "user", "parts": [{"text": ""}]}]


def test_a_conversation_that_the_model_begins_gets_an_empty_first_turn() -> None:
    found = contents({"role": "assistant", "content": "Hello!"}, user("hi"))
    assert [turn["role"] for turn in found] == ["user", "model", "user"]


def test_a_refusal_in_the_history_is_text() -> None:
    found = contents(user("a"), {"role": "assistant", "content": None, "refusal": "No."})
    assert found[1]["parts"] == [{"text": "No."}]
    parts = [{"type": "refusal", "refusal": "Never."}]
    found = contents(user("a"), {"role": "assistant", "content": parts})
    assert found[1]["parts"] == [{"text": "Never."}]


def test_images_of_the_model_go_back_to_it() -> None:
    image = {"type": "image_url", "image_url": {"url": PIXEL}}
    found = contents(user("draw"), {"role": "assistant", "content": "", "images": [image]})
    assert found[1]["parts"] == [
        {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
    ]


def test_deprecated_functions_are_tools() -> None:
    called = {"role": "assistant", "content": None, "function_call": {"name": "f"}}
    answered = {"role": "function", "name": "f", "content": "1"}
    body = encoded(chat(messages=[user("a"), called, answered], functions=[{"name": "f"}]))
    assert body["tools"] == [{"functionDeclarations": [{"name": "f"}]}]
    assert body["contents"][2]["parts"][0]["functionResponse"]["name"] == "f"
