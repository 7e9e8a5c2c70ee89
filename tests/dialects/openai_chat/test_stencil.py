"""Runs of chunks that differ in their text only: taken together as one by one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.base import StreamDecoder
from orouter.dialects.openai_chat.stencil import Stencil
from tests.dialects.openai_chat.wire import DONE, IDENTITY, USAGE, chunk, chunks, decoder, event

LOOKS_LIKE_PROTOCOL = [
    "\n\n",
    "\\",
    '"',
    '\\"',
    "\0",
    '"},"logprobs":null,"finish_reason":null}]}',
    '","obfuscation":"',
    '"content":"',
    ',"usage":null',
]
TEXT = st.lists(st.sampled_from(LOOKS_LIKE_PROTOCOL) | st.text(max_size=8), max_size=3).map("".join)


def padded(text: str, pad: str = "xyz") -> bytes:
    """A chunk as OpenAI sends it: whatever its text is, something hides how long."""
    return chunk({"content": text}, usage=None, obfuscation=pad)


def argued(text: str) -> bytes:
    return chunk({"tool_calls": [{"index": 0, "function": {"arguments": text}}]})


def short(event: bytes) -> bytes:
    """Without the null that follows its choice; a quote in a text would be escaped."""
    return event.replace(b',"usage":null', b"")


FORMS: dict[str, Any] = {
    "text": lambda text: chunk({"content": text}),
    "padded text": padded,
    "again with the role": lambda text: chunk({"role": "assistant", "content": text}),
    "arguments": argued,
    "reasoning": lambda text: chunk({"reasoning": text}),
    "with a provider": lambda text: chunk({"content": text}, provider=text),
}
ENDS = {
    "usage": chunk({}, "stop") + event({**IDENTITY, "choices": [], "usage": USAGE}) + DONE,
    "none": chunk({}, "stop"),
    "text at the end": chunk({"content": "a"}, "length") + DONE,
    "an error": event({"error": {"message": "gone", "code": 502}}),
    "cut off": b"data: {",
}


@pytest.mark.parametrize("form", ["text", "padded text", "arguments"])
@given(texts=st.lists(TEXT, min_size=1, max_size=5))
def test_chunks_of_one_form_are_one_run(form: str, texts: list[str]) -> None:
    seen, run = FORMS[form]("first"), [FORMS[form](text) for text in texts]
    whole, told = b"".join(run), b"".join(map(short, run))
    assert Stencil(seen, seen).run(whole) == (len(texts), len(whole), whole)
    assert Stencil(seen, short(seen)).run(whole) == (len(texts), len(whole), told)


@pytest.mark.parametrize("form", ["text", "padded text", "arguments"])
@given(text=TEXT)
def test_a_chunk_alone_is_told_as_in_a_run_or_left_to_it(form: str, text: str) -> None:
    seen, block = FORMS[form]("first"), FORMS[form](text)
    for stencil in Stencil(seen, seen), Stencil(seen, short(seen)):
        told = stencil.alone(block)
        is_plain = not set(text) & {'"', "\\", "\n", "\0"} and text.isprintable()
        assert told == stencil.run(block)[2] or (told is None and not is_plain)
        assert stencil.alone(block * 2) is None
        assert stencil.alone(block[:-1]) is None


ODD = pytest.mark.parametrize(
    "odd",
    [
        chunk({"content": "a"}, "stop"),
        chunk({"content": "a", "refusal": "b"}),
        chunk({"content": "a"}, index=1),
        chunk({"content": "a"}, usage=USAGE),
        chunk({"content": "a"}).replace(b"chatcmpl-1", b"chatcmpl-2"),
        chunk({"content": "a"}).replace(b"\n\n", b"\nevent: error\n\n"),
        b": comment\n\n",
        b"event: error\n" + chunk({"content": "a"}),
        DONE,
        b"\n\n",
    ],
)


@ODD
def test_what_is_of_another_form_is_told_by_others(odd: bytes) -> None:
    for fine in chunk({"content": "a"}), padded("a"):
        assert Stencil(fine, fine).alone(odd) is None


@ODD
def test_a_run_ends_before_what_is_of_another_form(odd: bytes) -> None:
    fine = chunk({"content": "a"})
    stencil = Stencil(fine, fine)
    assert stencil.run(odd) == (0, 0, b"")
    events, size, told = stencil.run(fine * 4 + odd + fine)
    assert events <= 4
    assert told == fine * events
    assert size == len(told)


def test_a_text_whose_quote_is_not_escaped_is_no_text() -> None:
    fine = chunk({"content": "a"})
    stencil = Stencil(fine, fine)
    odd = fine.replace(b'"a"', b'"a","tool_calls":[],"x":"b"')
    assert stencil.run(fine * 2 + odd + fine)[2] in (fine, fine * 2)
    assert stencil.alone(odd) is None
    pad = padded("a")
    assert Stencil(pad, pad).run(pad + pad.replace(b'"obfuscation"', b'"o"'))[2] in (b"", pad)


def test_the_head_and_the_tail_of_a_chunk_do_not_share_bytes() -> None:
    fine = chunk({"content": ""})
    stencil = Stencil(fine, fine)
    short_by_one = fine.replace(b'""', b'"', 1)
    assert stencil.run(short_by_one) == (0, 0, b"")
    assert stencil.alone(short_by_one) is None


@pytest.mark.parametrize("odd", [{}, {"content": None}, {"refusal": "a"}])
def test_nothing_is_known_of_a_chunk_without_a_text(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="without a text"):
        Stencil(chunk(odd), chunk(odd))


def outcome(out: bytes, it: StreamDecoder) -> Any:
    ends = out.endswith(DONE)
    return chunks(out), ends, it.usage, it.finish, it.ended, str(it.error), it.delivered_tokens


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["openai", "compatible"])
@given(data=st.data())
def test_however_it_is_cut_a_stream_says_the_same(kind: str, end: str, data: st.DataObject) -> None:
    said = data.draw(
        st.lists(st.tuples(st.sampled_from(sorted(FORMS)), st.lists(TEXT, max_size=5)), max_size=4)
    )
    events = [chunk({"role": "assistant", "content": ""})]
    events += [FORMS[form](text) for form, texts in said for text in texts]
    events.append(ENDS[end])
    stream, asked = b"".join(events), data.draw(st.booleans())
    one, out = decoder(kind, include_usage=asked), b""
    for each in events:
        out += one.feed(each)
    expected = outcome(out + one.close(), one)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=6)))
    it, out = decoder(kind, include_usage=asked), b""
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        out += it.feed(stream[start:stop])
    assert outcome(out + it.close(), it) == expected
