"""Content parts: text, images, documents, cache marks; what Claude does not read is refused."""

import base64
from typing import Any

import pytest

from orouter.errors import InvalidRequest, OrouterError, UnsupportedParameter
from tests.dialects.anthropic_messages.exchange import HI, WEATHER, call, encode, turns

MARK = {"cache_control": {"type": "ephemeral"}}


def sent(part: dict[str, Any]) -> Any:
    return turns({"role": "user", "content": [part]})[0][1][0]


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, "detail": "high"}}


def file(**fields: str) -> dict[str, Any]:
    return {"type": "file", "file": fields}


@pytest.mark.parametrize(
    ("part", "block"),
    [
        (
            image("data:image/png;base64,QUJD"),
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"},
            },
        ),
        (
            image("data:image/jpg;base64,QUJD"),
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/jpeg", "data": "QUJD"},
            },
        ),
        (
            image("https://x.test/a.png"),
            {"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}},
        ),
        (
            {"type": "image_url", "image_url": "https://x.test/a.png"},
            {"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}},
        ),
        (
            file(file_data="data:application/pdf;base64,QUJD", filename="a.pdf"),
            {
                "type": "document",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"},
                "title": "a.pdf",
            },
        ),
        (
            file(file_data="QUJD"),
            {
                "type": "document",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"},
            },
        ),
        (
            file(file_data="https://x.test/a.pdf"),
            {"type": "document", "source": {"type": "url", "url": "https://x.test/a.pdf"}},
        ),
        (
            file(
                file_data="data:text/plain;charset=utf-8;base64,"
                + base64.b64encode("é".encode()).decode()
            ),
            {
                "type": "document",
                "source": {"type": "text", "media_type": "text/plain", "data": "é"},
            },
        ),
        (
            file(file_data="data:text/csv,a%2Cb"),
            {
                "type": "document",
                "source": {"type": "text", "media_type": "text/plain", "data": "a,b"},
            },
        ),
    ],
)
def test_parts(part: dict[str, Any], block: dict[str, Any]) -> None:
    assert sent(part) == block


@pytest.mark.parametrize(
    ("part", "error", "param"),
    [
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            UnsupportedParameter,
            "messages[0].content[0].type",
        ),
        (
            {"type": "video_url", "video_url": {"url": "https://x.test/a.mp4"}},
            UnsupportedParameter,
            "messages[0].content[0].type",
        ),
        (file(file_id="file-1"), UnsupportedParameter, "messages[0].content[0].file.file_id"),
        (
            file(file_data="data:application/zip;base64,QUJD"),
            UnsupportedParameter,
            "messages[0].content[0].file.file_data",
        ),
        (
            image("data:image/tiff;base64,QUJD"),
            UnsupportedParameter,
            "messages[0].content[0].image_url.url",
        ),
        (
            image("data:image/png;base64"),
            InvalidRequest,
            "messages[0].content[0].image_url.url",
        ),
        (
            file(file_data="data:text/plain;base64,/w=="),
            InvalidRequest,
            "messages[0].content[0].file.file_data",
        ),
    ],
)
def test_what_claude_does_not_read(
    part: dict[str, Any], error: type[OrouterError], param: str
) -> None:
    with pytest.raises(error) as caught:
        sent(part)
    assert type(caught.value) is error
    assert caught.value.param == param


def test_only_text_in_instructions() -> None:
    picture = {"role": "system", "content": [image("https://x.test/a.png")]}
    with pytest.raises(UnsupportedParameter, match="only text"):
        encode(messages=[picture, *HI])


def test_cache_marks_are_kept_where_they_stood() -> None:
    body = encode(
        messages=[
            {"role": "system", "content": [{"type": "text", "text": "Long.", **MARK}]},
            {"role": "user", "content": "hi", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"role": "assistant", "content": "x", "tool_calls": [call("a")], **MARK},
            {"role": "tool", "tool_call_id": "a", "content": "sunny", **MARK},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "so?", "prompt_cache_breakpoint": {"mode": "explicit"}}
                ],
            },
        ],
        tools=[{**WEATHER, **MARK}],
        cache_control={"type": "ephemeral", "ttl": "5m"},
    )
    assert body["system"] == [{"type": "text", "text": "Long.", **MARK}]
    assert body["tools"][0]["cache_control"] == MARK["cache_control"]
    assert body["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    marks = [[block.get("cache_control") for block in turn["content"]] for turn in body["messages"]]
    plain = MARK["cache_control"]
    assert marks == [[{"type": "ephemeral", "ttl": "1h"}], [None, plain], [plain, plain]]


@pytest.mark.parametrize("mark", [{"type": "eternal"}, {}, {"ttl": "1h"}])
def test_a_mark_that_is_none_is_dropped(mark: dict[str, str]) -> None:
    assert "cache_control" not in encode(cache_control=mark)


def test_an_unknown_time_to_live_is_dropped() -> None:
    body = encode(cache_control={"type": "ephemeral", "ttl": "24h"})
    assert body["cache_control"] == {"type": "ephemeral"}
