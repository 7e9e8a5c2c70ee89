"""Streams: exact chunks, one reason a choice, usage when asked, and every way to break off."""

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from orouter.errors import UpstreamError, UpstreamRateLimited
from tests.dialects.google_generate.exchange import (
    answer,
    broken,
    chunks,
    decoded,
    decoder,
    deltas,
    sse,
    streamed,
)

GROUNDING = {
    "groundingChunks": [{"web": {"uri": "https://a.example", "title": "A"}}],
    "groundingSupports": [
        {"segment": {"endIndex": 4, "text": "Zür"}, "groundingChunkIndices": [0]}
    ],
    "webSearchQueries": ["zürich"],
}
PIECES = [
    answer({"text": "Hm, ", "thought": True}),
    answer({"text": "ja.", "thought": True}),
    answer({"text": "Zür"}),
    answer({"text": "ich · 🏔"}),
    answer({"functionCall": {"name": "f", "args": {"x": 1}}, "thoughtSignature": "czE="}),
    answer({"functionCall": {"name": "f", "args": {"x": 1}}}, groundingMetadata=GROUNDING),
    answer({"text": "", "thoughtSignature": "czI="}, finishReason="STOP"),
]
STREAM = sse(*PIECES)
PLAIN = sse(answer({"text": "Hi"}), answer({"text": "."}, finishReason="STOP"))


def test_the_chunks_of_a_plain_answer() -> None:
    envelope = {
        "id": "resp-1",
        "object": "chat.completion.chunk",
        "created": 1700000000,
        "model": "gemini-test-001",
    }
    told = [
        ({"role": "assistant", "content": "", "refusal": None}, None),
        ({"content": "Hi"}, None),
        ({"content": "."}, None),
        ({}, "stop"),
    ]
    assert streamed(PLAIN) == [
        {
            **envelope,
            "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}],
        }
        for delta, reason in told
    ]


def test_usage_comes_last_without_choices_if_it_was_asked_for() -> None:
    found = streamed(PLAIN, include_usage=True)
    assert all(chunk["usage"] is None for chunk in found[:-1])
    assert found[-1]["choices"] == []
    assert found[-1]["usage"]["total_tokens"] == 15
    assert found[-1]["usage"]["cost"] == 0.5


def test_a_stream_says_what_the_whole_answer_says() -> None:
    found = streamed(STREAM)
    assert "".join(deltas(found, "reasoning")) == "Hm, ja."
    assert "".join(deltas(found, "content")) == "Zürich · 🏔"
    calls = [call for delta in deltas(found, "tool_calls") for call in delta]
    assert [(call["index"], call["function"]["arguments"]) for call in calls] == [
        (0, '{"x":1}'),
        (1, '{"x":1}'),
    ]
    assert calls[0]["id"] != calls[1]["id"]
    cited = deltas(found, "annotations")[0][0]["url_citation"]
    assert (cited["start_index"], cited["end_index"]) == (0, 3)
    whole = decoded(PIECES).completion["choices"][0]["message"]
    details = [item for delta in deltas(found, "reasoning_details") for item in delta]
    told = {item["index"]: item for item in details if item["type"] == "reasoning.encrypted"}
    assert [told[1]["data"], told[2]["data"]] == ["czE=", "czI="]
    assert [item["index"] for item in whole["reasoning_details"]] == [0, 1, 2]


def test_one_reason_a_choice_and_the_last_one_counts() -> None:
    twice = sse(answer({"text": "a"}, finishReason="MAX_TOKENS"), answer(finishReason="STOP"))
    reasons = [c["finish_reason"] for chunk in streamed(twice) for c in chunk["choices"]]
    assert [each for each in reasons if each] == ["stop"]


def test_choices_are_kept_apart() -> None:
    def piece(index, text, **fields):
        return {"candidates": [{"index": index, "content": {"parts": [{"text": text}]}, **fields}]}

    found = streamed(
        sse(
            piece(0, "a"),
            piece(1, "b"),
            piece(1, "B", finishReason="STOP"),
            piece(0, "A", finishReason="MAX_TOKENS"),
        )
    )
    told = {0: "", 1: ""}
    reasons = {}
    for choice in (choice for chunk in found for choice in chunk["choices"]):
        told[choice["index"]] += choice["delta"].get("content") or ""
        reasons |= {choice["index"]: choice["finish_reason"]}
    assert told == {0: "aA", 1: "bB"}
    assert reasons == {0: "length", 1: "stop"}


def test_a_blocked_prompt() -> None:
    found = streamed(sse({"promptFeedback": {"blockReason": "SAFETY"}, "responseId": "r"}))
    assert found[-1]["choices"][0]["finish_reason"] == "content_filter"
    assert "SAFETY" in deltas(found, "refusal")[0]


def test_figures_of_the_last_piece_count() -> None:
    reader = decoder()
    early = {"usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8}}
    reader.feed(sse(answer({"text": "x"}) | early, answer({"text": "y"}, finishReason="STOP")))
    reader.close()
    assert reader.usage is not None
    assert (reader.usage.prompt_tokens, reader.usage.completion_tokens) == (10, 5)
    assert reader.finish == "stop"


def test_signatures_are_remembered_as_soon_as_they_came() -> None:
    reader = decoder()
    reader.feed(sse(*PIECES[:5]))
    (remembered,) = reader.recalled
    assert remembered.call_id.startswith("call_gemini")
    assert [item["data"] for item in remembered.details] == ["czE="]
    reader.feed(sse(*PIECES[5:]))
    assert [item["data"] for item in reader.recalled[0].details] == ["czE=", "czI="]


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_any_cut_gives_the_same(cuts) -> None:
    edges = sorted({0, len(STREAM), *cuts})
    reader = decoder(include_usage=True)
    events = b"".join(reader.feed(STREAM[start:end]) for start, end in pairwise(edges))
    assert chunks(events + reader.close()) == streamed(STREAM, include_usage=True)


def test_an_array_is_a_stream_too() -> None:
    assert streamed(json.dumps(PIECES, indent=1).encode()) == streamed(STREAM)


def test_what_proxies_add_says_nothing() -> None:
    assert streamed(b": ping\n\n" + PLAIN + b"data:\n\ndata: [DONE]\n\n") == streamed(PLAIN)


def test_a_stream_without_a_reason_was_cut() -> None:
    reader = decoder()
    said = reader.feed(sse(*PIECES[:3]))
    assert b"Z" in said
    assert reader.close() == b""
    assert isinstance(reader.error, UpstreamError)
    assert "ended before" in reader.error.message
    assert reader.usage is not None
    assert reader.delivered_tokens == 3


def test_a_stream_cut_inside_a_piece() -> None:
    reader = decoder()
    reader.feed(STREAM[:-60])
    reader.close()
    assert isinstance(reader.error, UpstreamError)


def test_an_empty_stream_or_a_page_of_html_is_no_answer() -> None:
    for stream in (b"", b"<html>502</html>", b"[]"):
        reader = decoder()
        assert reader.feed(stream) + reader.close() == b""
        assert isinstance(reader.error, UpstreamError)


def test_an_error_in_the_middle_ends_the_stream() -> None:
    error = {"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}}
    reader = decoder()
    said = reader.feed(sse(answer({"text": "a"}), error, answer({"text": "b"})))
    assert b'"a"' in said
    assert b'"b"' not in said
    assert isinstance(reader.error, UpstreamRateLimited)
    assert reader.feed(PLAIN) + reader.close() == b""


def test_an_error_instead_of_a_stream() -> None:
    reader = decoder()
    reader.feed(b'[{"error": {"code": 503, "message": "Overloaded."}}]')
    assert reader.close() == b""
    assert reader.error is not None
    assert "Overloaded." in reader.error.message


def test_a_failure_without_any_answer_is_an_error() -> None:
    reader = decoder()
    reader.feed(sse(answer(finishReason="MALFORMED_FUNCTION_CALL", finishMessage="f(")))
    assert reader.close() == b""
    assert isinstance(reader.error, UpstreamError)


def test_a_piece_that_is_too_large_is_an_error() -> None:
    reader = decoder()
    for _ in range(5):
        reader.feed(b"data: " + b"x" * (4 << 20))
    assert isinstance(reader.error, UpstreamError)


rubbish = st.one_of(st.none(), st.booleans(), st.integers(), st.just([{}]), st.text())


@given(place=st.integers(1, 130), value=rubbish)
def test_a_broken_piece_is_read_or_ends_the_stream(place, value) -> None:
    reader = decoder(include_usage=True)
    events = reader.feed(sse(*broken(PIECES, place, value))) + reader.close()
    if reader.error is None:
        chunks(events)
    else:
        assert not events.endswith(b"[DONE]\n\n")
