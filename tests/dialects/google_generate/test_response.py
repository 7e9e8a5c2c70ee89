"""Whole answers: the envelope, several choices, and bodies that are no answer."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion

from orouter.dialects import google_generate
from orouter.errors import ContextLengthExceeded, OrouterError, UpstreamError
from tests.dialects.google_generate.exchange import answer, broken, context, decoded


def test_the_envelope() -> None:
    found = decoded(answer({"text": "Hi."}, finishReason="STOP"))
    assert found.finish == "stop"
    assert found.completion == {
        "id": "resp-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "gemini-test-001",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hi.", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": found.completion["usage"],
    }
    assert found.completion["usage"]["total_tokens"] == 15


def test_what_gemini_leaves_out_is_minted() -> None:
    found = decoded({"candidates": [{"content": {"parts": [{"text": "x"}]}}]}).completion
    assert (found["id"], found["model"]) == ("chatcmpl_1", "gemini-test")
    assert "usage" not in found


@pytest.mark.parametrize(
    ("time", "created"),
    [("2026-07-22T23:37:37.029264Z", 1784763457), ("soon", 1700000000), ("", 1700000000)],
)
def test_the_time_of_vertex(time, created) -> None:
    body = {**answer({"text": "x"}, finishReason="STOP"), "createTime": time}
    assert decoded(body).completion["created"] == created


def test_each_choice_has_its_own_reason() -> None:
    body = answer({"text": "a"}, finishReason="STOP")
    body["candidates"].append(
        {"content": {"parts": [{"text": "b"}]}, "index": 1, "finishReason": "MAX_TOKENS"}
    )
    choices = decoded(body).completion["choices"]
    told = [(one["index"], one["message"]["content"], one["finish_reason"]) for one in choices]
    assert told == [(0, "a", "stop"), (1, "b", "length")]


def test_an_answer_sent_as_an_array_is_put_together() -> None:
    pieces = [
        answer({"text": "a"}),
        answer({"text": "b"}, finishReason="STOP"),
        {"usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 3}},
    ]
    found = decoded(pieces)
    assert found.completion["choices"][0]["message"]["content"] == "ab"
    assert found.usage is not None
    assert found.usage.total_tokens == 3


def test_an_empty_answer_that_was_counted_is_an_answer() -> None:
    body = {"usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1}, "responseId": "r"}
    choice = decoded(body).completion["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("", "stop")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><h1>502 Bad Gateway</h1></html>",
        b"{}",
        b"[]",
        b'{"message": "hello"}',
        b'{"candidates": "none"}',
        b'{"candidates": [{"content": {"parts": [{"text": 5}]}}]}',
        b'{"candidates": [' + b"[" * 100_000,
    ],
)
def test_what_is_no_answer_is_the_providers_failure(body) -> None:
    with pytest.raises(UpstreamError):
        google_generate.decode_response(body, context())


def test_an_error_under_a_200_is_that_error() -> None:
    told = "The input token count (9) exceeds the maximum number of tokens allowed (8)."
    body = {"error": {"code": 400, "message": told, "status": "INVALID_ARGUMENT"}}
    for each in (body, [body]):
        with pytest.raises(ContextLengthExceeded, match="exceeds the maximum"):
            google_generate.decode_response(json.dumps(each).encode(), context())


EVERYTHING = answer(
    {"text": "Hm.", "thought": True},
    {"text": "a", "thoughtSignature": "czE="},
    {"functionCall": {"name": "f", "args": {"x": 1}, "id": "c"}},
    {"inlineData": {"mimeType": "image/png", "data": "QQ=="}},
    finishReason="STOP",
    groundingMetadata={
        "groundingChunks": [{"web": {"uri": "https://a.example", "title": "A"}}],
        "groundingSupports": [
            {"segment": {"startIndex": 0, "endIndex": 1}, "groundingChunkIndices": [0]}
        ],
        "webSearchQueries": ["q"],
    },
    logprobsResult={"chosenCandidates": [{"token": "a", "logProbability": -1}]},
)
rubbish = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"a": [1]}),
)


@given(place=st.integers(0, 60), value=rubbish)
def test_a_broken_answer_is_read_or_refused_cleanly(place, value) -> None:
    body = json.dumps(broken(EVERYTHING, place, value)).encode()
    with suppress(OrouterError):
        found = google_generate.decode_response(body, context())
        sent = msgspec.json.encode(found.completion)
        ChatCompletion.model_validate_json(sent, strict=True)
