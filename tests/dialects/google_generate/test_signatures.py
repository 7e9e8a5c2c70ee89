"""Thought signatures, there and back, by every way that a client may take."""

from typing import Any

from orouter.dialects.base import Recalled
from orouter.dialects.google_generate.signatures import UNSIGNED
from tests.dialects.google_generate.exchange import (
    NEW,
    OLD,
    answer,
    call,
    calling,
    contents,
    decoded,
    result,
    target,
    user,
)

SIGNED = answer(
    {"text": "Hmm.", "thought": True},
    {"text": "I look.", "thoughtSignature": "c2lnLXRleHQ="},
    {
        "functionCall": {"name": "f", "args": {"x": 1}, "id": "a"},
        "thoughtSignature": "c2lnLWNhbGw=",
    },
    {"functionCall": {"name": "f", "args": {"x": 1}, "id": "b"}},
    finishReason="STOP",
)
SENT = [
    {"text": "I look.", "thoughtSignature": "c2lnLXRleHQ="},
    {
        "functionCall": {"name": "f", "args": {"x": 1}, "id": "a"},
        "thoughtSignature": "c2lnLWNhbGw=",
    },
    {"functionCall": {"name": "f", "args": {"x": 1}, "id": "b"}},
]


def model_parts(message: dict[str, Any], recalled: dict[str, Recalled] | None = None) -> Any:
    said = [user("go"), message, result("a", "1"), result("b", "2")]
    return contents(*said, to=target(NEW, recalled))[1]["parts"]


def test_signatures_go_out_as_details_and_on_calls() -> None:
    message = decoded(SIGNED).completion["choices"][0]["message"]
    form = "google-gemini-v1"
    assert message["reasoning_details"] == [
        {"type": "reasoning.text", "text": "Hmm.", "format": form, "index": 0},
        {"type": "reasoning.encrypted", "data": "c2lnLXRleHQ=", "format": form, "index": 1},
        {
            "type": "reasoning.encrypted",
            "data": "c2lnLWNhbGw=",
            "format": form,
            "index": 2,
            "id": "a",
        },
    ]
    first, second = message["tool_calls"]
    assert first["extra_content"] == {"google": {"thought_signature": "c2lnLWNhbGw="}}
    assert "extra_content" not in second


def test_a_message_echoed_whole_puts_each_signature_on_its_part() -> None:
    assert model_parts(decoded(SIGNED).completion["choices"][0]["message"]) == SENT


def test_a_client_that_keeps_only_the_calls_as_they_were_keeps_their_signatures() -> None:
    message = decoded(SIGNED).completion["choices"][0]["message"]
    del message["reasoning_details"]
    assert model_parts(message)[1:] == SENT[1:]


def test_a_client_that_keeps_only_openai_fields_is_helped_by_memory() -> None:
    found = decoded(SIGNED)
    remembered = {one.call_id: one for one in found.recalled}
    assert list(remembered) == ["a"]
    message = found.completion["choices"][0]["message"]
    plain = {"role": "assistant", "content": message["content"]}
    plain["tool_calls"] = [
        {name: one[name] for name in ("id", "type", "function")} for one in message["tool_calls"]
    ]
    assert model_parts(plain, remembered) == SENT


def test_a_history_from_elsewhere_says_so_on_the_first_call_of_each_step() -> None:
    history = [
        user("go"),
        calling(call("a", "f"), call("b", "f")),
        result("a", "1"),
        result("b", "2"),
        calling(call("c", "f")),
        result("c", "3"),
    ]
    marks = [
        part.get("thoughtSignature")
        for turn in contents(*history, to=target(NEW))
        for part in turn["parts"]
        if "functionCall" in part
    ]
    assert marks == [UNSIGNED, None, UNSIGNED]
    assert "thoughtSignature" not in str(contents(*history, to=target(OLD)))


def test_reasoning_of_another_provider_is_not_taken_for_a_signature() -> None:
    foreign = {"type": "reasoning.encrypted", "data": "xyz", "format": "anthropic-claude-v1"}
    nonsense = {"format": "google-gemini-v1", "data": 7}
    message = calling(call("a", "f"), call("b", "f"), reasoning_details=[foreign, nonsense])
    assert model_parts(message)[0]["thoughtSignature"] == UNSIGNED


def test_a_signature_that_stands_alone_goes_back_alone() -> None:
    lone = answer({"text": "Yes."}, {"text": "", "thoughtSignature": "czE="}, finishReason="STOP")
    message = decoded(lone).completion["choices"][0]["message"]
    said = contents(user("go"), message, user("on"))
    assert said[1]["parts"] == [{"text": "Yes.", "thoughtSignature": "czE="}]


def test_several_signatures_of_text_all_go_back() -> None:
    told = answer(
        {"text": "A", "thoughtSignature": "czE="},
        {"text": "B", "thoughtSignature": "czI="},
        finishReason="STOP",
    )
    message = decoded(told).completion["choices"][0]["message"]
    assert contents(user("go"), message)[1]["parts"] == [
        {"text": "", "thoughtSignature": "czE="},
        {"text": "AB", "thoughtSignature": "czI="},
    ]


def test_the_signature_of_an_image_goes_back_on_it() -> None:
    image = {"inlineData": {"mimeType": "image/png", "data": "QUJD"}}
    told = answer({**image, "thoughtSignature": "czM="}, finishReason="STOP")
    message = decoded(told).completion["choices"][0]["message"]
    assert contents(user("draw"), message)[1]["parts"] == [{**image, "thoughtSignature": "czM="}]


def test_a_signature_on_the_whole_message_is_that_of_its_text() -> None:
    extra = {"google": {"thought_signature": "czQ="}}
    message = {"role": "assistant", "content": "Yes.", "extra_content": extra}
    assert contents(user("go"), message)[1]["parts"] == [
        {"text": "Yes.", "thoughtSignature": "czQ="},
    ]
