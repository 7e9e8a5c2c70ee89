"""Streams: exactly OpenAI's chunks, for every quirk and however the bytes are cut."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionChunk

from orouter.dialects import openai_chat
from orouter.dialects.base import StreamDecoder
from orouter.errors import InvalidRequest, OrouterError, UpstreamError, UpstreamUnavailable
from tests.dialects.openai_chat.wire import (
    CREATED,
    DONE,
    HELLO,
    IDENTITY,
    USAGE,
    choices,
    chunk,
    chunks,
    decode_context,
    decoder,
    event,
    text,
    whole,
)

USAGE_CHUNK = event({**IDENTITY, "choices": [], "usage": USAGE})
OPENROUTER = (
    b": OPENROUTER PROCESSING\n\n"
    + chunk({"role": "assistant", "content": "Grü"}, provider="X")
    + chunk({"role": "assistant", "content": "ße"}, "stop", provider="X")
    + chunk({"role": "assistant", "content": ""}, "stop", usage={**USAGE, "cost": 0.5})
    + DONE
)
CALLS = (
    chunk({"role": "assistant", "content": None, "tool_calls": [
        {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}]})
    + chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"ä'}}]})
    + chunk({"tool_calls": [{"index": 0, "function": {"arguments": '":1}'}}]})
    + chunk({}, "tool_calls")
)  # fmt: skip
MISTRAL = (
    chunk({"role": "assistant", "content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]})
    + chunk({"content": "44"}, "stop", usage=USAGE)
)  # fmt: skip
STREAMS = {
    "plain": HELLO + DONE,
    "with usage": HELLO + USAGE_CHUNK + DONE,
    "with nulls": HELLO.replace(b"}\n\n", b',"usage":null}\n\n') + USAGE_CHUNK + DONE,
    "openrouter": OPENROUTER,
    "calls": CALLS + USAGE_CHUNK + DONE,
    "mistral": MISTRAL,
    "crlf": (HELLO + USAGE_CHUNK + DONE).replace(b"\n", b"\r\n"),
    "error": HELLO + event({"error": {"message": "gone", "code": 502}}) + DONE,
    "cut off": HELLO[:-30],
}


def outcome(out: bytes, it: StreamDecoder) -> Any:
    ends = out.endswith(DONE)
    return chunks(out), ends, it.usage, it.finish, it.recalled, str(it.error), it.delivered_tokens


@pytest.mark.parametrize("name", STREAMS)
@given(data=st.data())
def test_any_cut_gives_the_same_result(name: str, data: st.DataObject) -> None:
    stream = STREAMS[name]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=12)))
    asked = data.draw(st.booleans())
    expected = outcome(*whole(stream, include_usage=asked))
    it, out = decoder(include_usage=asked), b""
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        out += it.feed(stream[start:end])
    assert outcome(out + it.close(), it) == expected


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("include_usage", [True, False])
def test_every_chunk_is_the_sdks(name: str, *, include_usage: bool) -> None:
    out, _ = whole(STREAMS[name], include_usage=include_usage)
    for each in chunks(out):
        ChatCompletionChunk.model_validate(each, strict=True)


@pytest.mark.parametrize("name", [name for name in STREAMS if name not in ("error", "cut off")])
def test_every_stream_has_openais_form(name: str) -> None:
    out, it = whole(STREAMS[name], include_usage=True, cost=0.25)
    got = chunks(out)
    finished = [choice for choice in choices(out) if choice["finish_reason"]]
    assert out.endswith(DONE)
    assert out.count(b"[DONE]") == 1
    assert b": " not in out.replace(b"data: ", b"")
    assert got[0]["choices"][0]["delta"]["role"] == "assistant"
    assert {each["id"] for each in got} == {"chatcmpl-1"}
    assert len(finished) == 1
    assert finished[0]["delta"] == {}
    if it.usage is not None:
        assert [each for each in got if each.get("usage")] == [got[-1]]
        assert got[-1]["choices"] == []
        assert got[-1]["usage"]["cost"] == 0.25


@pytest.mark.parametrize("name", STREAMS)
def test_callers_who_did_not_ask_see_no_usage(name: str) -> None:
    out, _ = whole(STREAMS[name])
    assert all("usage" not in each for each in chunks(out))


def test_the_chunks_of_a_stream_in_order_are_relayed_as_they_are() -> None:
    it = decoder()
    it.feed(chunk({"role": "assistant", "content": ""}))
    odd = chunk({"content": "a"}).replace(b'"content"', b'"x":1.50,"content"')
    assert it.feed(odd * 3) == odd * 3


def test_the_null_usage_of_our_own_asking_is_cut_out() -> None:
    null = chunk({"content": "a"}, usage=None, obfuscation="xyz")
    first = chunk({"role": "assistant", "content": ""}, usage=None)
    it = decoder("openai")
    it.feed(first)
    assert it.feed(null * 2) == null.replace(b',"usage":null', b"") * 2
    asked = decoder("openai", include_usage=True)
    asked.feed(first)
    assert asked.feed(null * 2) == null * 2


def test_comments_give_nothing_and_do_no_harm() -> None:
    it = decoder("openrouter")
    assert it.feed(b": OPENROUTER PROCESSING\n\n") == b""
    assert it.error is None


def test_openrouters_text_after_its_first_finish_is_kept_and_cost_is_its_own() -> None:
    out, it = whole(OPENROUTER, kind="openrouter", include_usage=True)
    assert text(out) == "Grüße"
    assert it.usage is not None
    assert it.usage.cost_nano == 500_000_000
    assert it.finish == "stop"


def test_perplexitys_usage_in_every_chunk_comes_once_with_its_sources() -> None:
    url = "https://example.com/"
    stream = b"".join(
        chunk({"role": "assistant", "content": each}, finish, usage=USAGE, citations=[url])
        for each, finish in (("a", None), ("b", None), ("c", "stop"))
    )
    out, it = whole(stream, include_usage=True)
    assert it.error is None
    assert text(out) == "abc"
    assert len([each for each in chunks(out) if each.get("usage")]) == 1
    cited = choices(out)[-1]["delta"]["annotations"]
    assert cited[0]["url_citation"]["url"] == url


def test_reasoning_of_compatible_servers_has_one_name() -> None:
    stream = chunk({"reasoning_content": "hm"}) + chunk({"content": "a"}, "stop") + DONE
    out, _ = whole(stream)
    assert choices(out)[0]["delta"]["reasoning"] == "hm"
    mistral, _ = whole(MISTRAL)
    assert choices(mistral)[0]["delta"]["reasoning"] == "hm"
    assert text(mistral) == "44"


def test_both_choices_of_n_2_keep_their_role_and_finish() -> None:
    stream = (
        chunk({"role": "assistant", "content": ""})
        + chunk({"role": "assistant", "content": ""}, index=1)
        + chunk({"content": "a"})
        + chunk({"content": "b"}, index=1)
        + chunk({}, "stop")
        + chunk({}, "length", index=1)
        + DONE
    )
    out, _ = whole(stream, kind="openai")
    ends = {each["index"]: each["finish_reason"] for each in choices(out) if each["finish_reason"]}
    assert ends == {0: "stop", 1: "length"}
    roles = [each["index"] for each in choices(out) if each["delta"].get("role")]
    assert roles == [0, 1]


def test_azures_first_chunk_waits_for_the_streams_id() -> None:
    early = {"id": "", "object": "", "created": 0, "model": "", "choices": []}
    filters = {**early, "prompt_filter_results": [{"prompt_index": 0}]}
    out, _ = whole(event(filters) + HELLO + DONE)
    first = chunks(out)[0]
    assert (first["id"], first["created"], first["model"]) == ("chatcmpl-1", 5, "m-1")
    assert first["prompt_filter_results"] == [{"prompt_index": 0}]


def test_a_stream_without_identity_gets_one() -> None:
    out, _ = whole(event({"choices": [{"delta": {"content": "a"}, "finish_reason": "stop"}]}))
    for each in chunks(out):
        assert each["id"] == "chatcmpl-minted1"
        assert (each["created"], each["model"]) == (CREATED, "m")


def test_the_moderation_of_the_usage_chunk_is_shown_to_who_did_not_ask_for_usage() -> None:
    last = event({**IDENTITY, "choices": [], "usage": USAGE, "moderation": {"flagged": False}})
    out, _ = whole(HELLO + last + DONE, kind="openai")
    assert [each["moderation"] for each in chunks(out) if "moderation" in each]
    assert all("usage" not in each for each in chunks(out))


@pytest.mark.parametrize(
    ("failure", "error", "message"),
    [
        (event({"error": {"message": "Overloaded", "code": 503}}), UpstreamUnavailable, "Overlo"),
        (b'event: error\ndata: {"error":{"message":"bad call","status_code":400}}\n\n',
         InvalidRequest, "bad call"),
        (event({**IDENTITY, "error": {"code": 400, "message": "Token limit reached"},
                "choices": [{"index": 0, "delta": {}, "finish_reason": None}], "usage": USAGE}),
         InvalidRequest, "Token limit"),
        (chunk({"content": ""}, "error"), UpstreamError, "broke the answer off"),
        (b"data: <html>oops</html>\n\n", UpstreamError, "oops"),
    ],
)  # fmt: skip
def test_failures_in_the_middle(failure: bytes, error: type[Exception], message: str) -> None:
    it = decoder("openrouter")
    before = it.feed(chunk({"role": "assistant", "content": "a"}) + failure + HELLO)
    assert text(before) == "a"
    assert isinstance(it.error, error)
    assert message in it.error.message
    assert (it.feed(HELLO), it.close()) == (b"", b"")


@pytest.mark.parametrize("stream", [HELLO[:-90], HELLO[:150], b"", b": ping\n\n", DONE])
def test_a_stream_that_ends_too_early_is_an_error(stream: bytes) -> None:
    out, it = whole(stream)
    assert b"[DONE]" not in out
    assert isinstance(it.error, UpstreamError)


def test_a_stream_that_ends_after_its_finish_without_done_is_in_order() -> None:
    out, it = whole(HELLO)
    assert it.error is None
    assert out.endswith(DONE)


def test_what_comes_after_done_is_ignored() -> None:
    it = decoder()
    assert it.feed(HELLO + DONE + HELLO).count(DONE) == 1
    assert it.ended
    assert (it.feed(HELLO), it.close()) == (b"", b"")


def test_an_endless_event_is_refused_in_bounded_memory() -> None:
    it = decoder()
    block = b"data: " + b"x" * (1 << 20)
    for _ in range(40):
        it.feed(block)
        if it.error is not None:
            break
    assert isinstance(it.error, UpstreamError)
    assert "16 MB" in it.error.message


def test_delivered_tokens_are_the_chunks_delivered() -> None:
    it = decoder()
    it.feed(chunk({"role": "assistant", "content": ""}))
    it.feed(chunk({"content": "a"}) * 5)
    assert it.delivered_tokens == 6


@pytest.mark.parametrize("count", [1, 7])
def test_of_servers_that_send_many_tokens_at_once_the_text_counts(count: int) -> None:
    spoken = chunk({"content": "word " * 20}) * count
    for opening in (b"", chunk({"role": "assistant", "content": ""})):
        it = decoder()
        it.feed(opening + spoken)
        assert count * 15 <= it.delivered_tokens <= count * 30
    padded = decoder("openai")
    padded.feed(chunk({"role": "assistant", "content": ""}) + spoken)
    assert padded.delivered_tokens == count + 1


def test_the_reasoning_of_openrouters_calls_is_recalled_whole() -> None:
    fragment = {"type": "reasoning.text", "index": 0}
    stream = (
        chunk({"reasoning_details": [{**fragment, "text": "h"}]})
        + chunk({"reasoning_details": [{**fragment, "text": "m", "signature": "s"}]})
        + CALLS
        + DONE
    )
    _, it = whole(stream, kind="openrouter")
    assert [(each.call_id, each.details) for each in it.recalled] == [
        ("a", ({**fragment, "text": "hm", "signature": "s"},))
    ]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_garbage_never_escapes_as_an_exception(blocks: list[bytes]) -> None:
    it = decoder()
    for block in blocks:
        it.feed(b"data: " + block + b"\n\n")
    it.close()
    assert it.ended or it.error is not None


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        -5,
        10**30,
        0.5,
        "",
        "a",
        "stop",
        "error",
        [],
        {},
        [None],
        [1],
        ["a"],
        [{}],
        {"a": 1},
    ]
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of these fields, each of them sane or junk; or junk altogether."""
    return JUNK | st.fixed_dictionaries(
        {}, optional={name: value | JUNK for name, value in fields.items()}
    )


CALL = some(index=st.integers(0, 1), id=JUNK, type=JUNK, function=some(name=JUNK, arguments=JUNK))
DELTA = some(
    role=JUNK,
    content=st.lists(some(type=st.just("thinking"), thinking=JUNK, text=JUNK), max_size=2),
    reasoning_content=JUNK,
    reasoning_details=st.lists(some(index=JUNK, type=JUNK, text=JUNK), max_size=2),
    tool_calls=st.lists(CALL, max_size=2),
)
CHOICE = some(index=JUNK, delta=DELTA, message=DELTA, finish_reason=JUNK, error=JUNK, logprobs=JUNK)
BODY = some(
    id=JUNK,
    created=JUNK,
    model=JUNK,
    choices=st.lists(CHOICE, max_size=2),
    usage=some(prompt_tokens=JUNK, prompt_tokens_details=JUNK, cost=JUNK | some(total_cost=JUNK)),
    error=some(message=JUNK, code=JUNK, type=JUNK, param=JUNK, metadata=some(raw=JUNK)),
    citations=JUNK,
    search_results=st.lists(some(url=JUNK, title=JUNK), max_size=2),
)


@given(st.lists(BODY, max_size=4), st.sampled_from(["openrouter", "compatible", "openai"]))
def test_json_of_any_shape_never_escapes_as_an_exception(values: list[Any], kind: str) -> None:
    it = decoder(kind, include_usage=True)
    out = b"".join(it.feed(b"data: " + json.dumps(value).encode() + b"\n\n") for value in values)
    chunks(out + it.close())
    for value in values:
        openai_chat.decode_error(400, {}, json.dumps(value).encode())
        with suppress(OrouterError):
            openai_chat.decode_response(json.dumps(value).encode(), decode_context(kind))


def test_a_caller_of_functions_gets_a_function_call() -> None:
    out, it = whole(CALLS + DONE, kind="openrouter", functions=True)
    deltas = [each["delta"] for each in choices(out)]
    assert all("tool_calls" not in delta for delta in deltas)
    called = [delta["function_call"] for delta in deltas if "function_call" in delta]
    assert called[0]["name"]
    assert json.loads("".join(each.get("arguments", "") for each in called)) == {"ä": 1}
    assert it.finish == choices(out)[-1]["finish_reason"] == "function_call"
