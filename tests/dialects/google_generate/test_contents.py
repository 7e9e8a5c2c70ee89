"""The conversation: roles, merging, tool calls and their results."""

import pytest

from orouter.dialects.google_generate.contents import MINTED
from orouter.errors import InvalidRequest
from tests.dialects.google_generate.exchange import (
    NEW,
    call,
    calling,
    chat,
    contents,
    encoded,
    result,
    target,
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


def test_results_carry_name_and_id_of_their_calls_and_stand_in_one_turn() -> None:
    found = contents(
        user("a"),
        calling(call("c1", "weather", '{"city": "Berlin"}'), call("c2", "time"), content="Well."),
        result("c1", "12 degrees"),
        result("c2", '{"hour": 9}'),
        user("thanks"),
    )
    assert found[1]["parts"] == [
        {"text": "Well."},
        {"functionCall": {"name": "weather", "args": {"city": "Berlin"}, "id": "c1"}},
        {"functionCall": {"name": "time", "args": {}, "id": "c2"}},
    ]
    weather, time = (
        {"name": "weather", "response": {"result": "12 degrees"}, "id": "c1"},
        {"name": "time", "response": {"hour": 9}, "id": "c2"},
    )
    assert found[2]["parts"] == [
        {"functionResponse": weather},
        {"functionResponse": time},
        {"text": "thanks"},
    ]


def test_an_id_that_we_minted_is_not_sent() -> None:
    minted = f"{MINTED}_01J"
    found = contents(user("a"), calling(call(minted, "f")), result(minted, "x"))
    assert found[1]["parts"] == [{"functionCall": {"name": "f", "args": {}}}]
    assert found[2]["parts"] == [
        {"functionResponse": {"name": "f", "response": {"result": "x"}}},
    ]


def test_results_of_one_function_come_in_the_order_of_its_calls() -> None:
    first, second = f"{MINTED}_1", f"{MINTED}_2"
    found = contents(
        user("a"),
        calling(call(first, "f"), call(second, "f"), call("c3", "g")),
        result("c3", "g"),
        result(second, "two"),
        result(first, "one"),
    )
    given = [part["functionResponse"]["response"]["result"] for part in found[2]["parts"]]
    assert given == ["g", "one", "two"]


def test_an_id_that_is_used_again_names_the_newest_call() -> None:
    found = contents(
        user("a"),
        calling(call("c", "f")),
        result("c", "1"),
        calling(call("c", "g")),
        result("c", "2"),
    )
    assert found[4]["parts"][0]["functionResponse"]["name"] == "g"


def test_a_result_without_its_call_is_refused_by_place() -> None:
    with pytest.raises(InvalidRequest, match="'c9'") as caught:
        contents(user("a"), result("c9", "x"))
    assert caught.value.param == "messages[1].tool_call_id"


@pytest.mark.parametrize(
    ("arguments", "args"),
    [
        ("", {}),
        ("  ", {}),
        ('{"a": 1.50}', {"a": 1.5}),
        ("not json", {"arguments": "not json"}),
        ("[1]", {"arguments": "[1]"}),
        ('{"a":', {"arguments": '{"a":'}),
    ],
)
def test_arguments_are_an_object_whatever_the_model_wrote(arguments, args) -> None:
    found = contents(user("a"), calling(call("c", "f", arguments)), result("c", "x"))
    assert found[1]["parts"][0]["functionCall"]["args"] == args


def test_media_of_results_stand_inside_or_beside_them() -> None:
    parts = [
        {"type": "text", "text": "seen"},
        {"type": "image_url", "image_url": {"url": PIXEL}},
        {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
    ]
    messages = [user("a"), calling(call("c", "f")), result("c", parts)]
    image = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    audio = {"inlineData": {"mimeType": "audio/wav", "data": "QUJD"}}
    given = {"name": "f", "response": {"result": "seen"}, "id": "c"}
    assert contents(*messages)[2]["parts"] == [{"functionResponse": given}, image, audio]
    new = contents(*messages, to=target(NEW))[2]["parts"]
    assert new == [{"functionResponse": {**given, "parts": [image]}}, audio]


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
