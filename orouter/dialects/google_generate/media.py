"""OpenAI's media parts as Gemini's ``inlineData`` and ``fileData``.

Source: google-genai ``Blob`` and ``FileData``; the Developer API fetches public https URLs itself.
"""

import base64
import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote_to_bytes

from orouter.errors import InvalidRequest
from orouter.schemas.chat import FileRef, Part

_SCHEMES = frozenset({"http", "https", "gs"})
_MIMES = {
    ".avi": "video/x-msvideo",
    ".csv": "text/csv",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".md": "text/md",
    ".mov": "video/quicktime",
    ".mp3": "audio/mp3",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
"""Of the formats that Gemini reads; the machine's own table differs from one to the next."""

_OWN_FILES = ("https://generativelanguage.googleapis.com/", "gs://")


def media_part(part: Part) -> dict[str, Any] | None:
    """A Gemini part for an image, audio, file or video; None for a part of another type.

    Raises InvalidRequest for media that cannot reach Gemini.
    """
    if part.type == "image_url" and part.image_url is not None:
        image = part.image_url
        return _from_url(image if isinstance(image, str) else image.url, "image/jpeg")
    if part.type == "input_audio" and part.input_audio is not None:
        audio = part.input_audio
        return _inline(f"audio/{audio.format.lower()}", audio.data)
    if part.type == "file" and part.file is not None:
        return _file(part.file)
    if part.type in ("video_url", "input_video") and part.video_url is not None:
        return _from_url(part.video_url.url, "video/mp4")
    return None


def _file(file: FileRef) -> dict[str, Any]:
    if file.file_data:
        return _from_url(file.file_data, "application/pdf", file.filename)
    if file.file_id and file.file_id.startswith(_OWN_FILES):
        mime = _mime_of(file.filename)
        return {"fileData": {"fileUri": file.file_id} | ({"mimeType": mime} if mime else {})}
    raise InvalidRequest(
        "Gemini cannot read a file by the id of another provider; send its content as file_data.",
        param="messages",
    )


def _from_url(url: str, default_mime: str, filename: str | None = None) -> dict[str, Any]:
    if url.startswith("data:"):
        return _from_data_url(url, default_mime)
    scheme, _, address = url.partition("://")
    if scheme not in _SCHEMES:
        raise InvalidRequest(
            "Media must be a data: URL (data:<mime>;base64,...) or an http(s) URL.",
            param="messages",
        )
    name = re.split(r"[?#]", address)[0].rpartition("/")[2]
    mime = _mime_of(name) or _mime_of(filename)
    return {"fileData": {"fileUri": url, "mimeType": mime or default_mime}}


def _mime_of(name: str | None) -> str | None:
    return _MIMES.get(PurePosixPath(name or "").suffix.lower())


def _from_data_url(url: str, default_mime: str) -> dict[str, Any]:
    head, comma, data = url[5:].partition(",")
    if not comma or not data:
        raise InvalidRequest("A data: URL in the messages holds no data.", param="messages")
    mime, *parameters = head.split(";")
    if "base64" not in parameters:
        data = base64.b64encode(unquote_to_bytes(data)).decode()
    return _inline(mime or default_mime, data)


def _inline(mime: str, data: str) -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime, "data": data}}
