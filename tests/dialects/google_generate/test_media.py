"""Images, audio, files and video as Gemini takes them."""

import pytest

from orouter.errors import InvalidRequest
from tests.dialects.google_generate.exchange import contents, user


def inline(mime: str, data: str) -> dict[str, object]:
    return {"inlineData": {"mimeType": mime, "data": data}}


def linked(uri: str, mime: str) -> dict[str, object]:
    return {"fileData": {"fileUri": uri, "mimeType": mime}}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            {"type": "image_url", "image_url": {"url": "data:image/webp;base64,QUJD"}},
            inline("image/webp", "QUJD"),
        ),
        ({"type": "image_url", "image_url": "data:;base64,QUJD"}, inline("image/jpeg", "QUJD")),
        (
            {"type": "image_url", "image_url": {"url": "https://a.example/b.png?size=2"}},
            linked("https://a.example/b.png?size=2", "image/png"),
        ),
        (
            {"type": "image_url", "image_url": {"url": "https://a.example/picture"}},
            linked("https://a.example/picture", "image/jpeg"),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "mp3"}},
            inline("audio/mp3", "QUJD"),
        ),
        (
            {"type": "file", "file": {"file_data": "data:application/pdf;base64,QUJD"}},
            inline("application/pdf", "QUJD"),
        ),
        (
            {"type": "file", "file": {"file_data": "data:text/plain,a%20b"}},
            inline("text/plain", "YSBi"),
        ),
        (
            {"type": "file", "file": {"file_data": "https://a.example/x", "filename": "y.csv"}},
            linked("https://a.example/x", "text/csv"),
        ),
        (
            {"type": "file", "file": {"file_id": "gs://bucket/z.pdf", "filename": "z.pdf"}},
            linked("gs://bucket/z.pdf", "application/pdf"),
        ),
        (
            {"type": "video_url", "video_url": {"url": "https://www.youtube.com/watch?v=1"}},
            linked("https://www.youtube.com/watch?v=1", "video/mp4"),
        ),
    ],
)
def test_a_part(part, expected) -> None:
    assert contents(user([part])) == [{"role": "user", "parts": [expected]}]


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"type": "file", "file": {"file_id": "file-abc"}}, "another provider"),
        ({"type": "file", "file": {}}, "file_data"),
        ({"type": "image_url", "image_url": {"url": "data:image/png;base64"}}, "no data"),
        ({"type": "image_url", "image_url": {"url": "ftp://a.example/b.png"}}, "http"),
        ({"type": "image_url", "image_url": {"url": "picture.png"}}, "http"),
    ],
)
def test_media_that_cannot_reach_gemini(part, why) -> None:
    with pytest.raises(InvalidRequest, match=why):
        contents(user([part]))
