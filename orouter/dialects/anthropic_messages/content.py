"""Content parts as Anthropic's blocks: text, images, documents; and cache marks on them.

Source: anthropic-sdk-python ``types/*_block_param.py``. URLs go to the provider as they are.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.schemas.chat import Content, FileRef, ImageURL, Part

Block = dict[str, Any]

_IMAGE_TYPES: Mapping[str, str] = {
    "image/jpeg": "image/jpeg",
    "image/jpg": "image/jpeg",
    "image/png": "image/png",
    "image/gif": "image/gif",
    "image/webp": "image/webp",
}
_PDF = "application/pdf"
_CACHE_TTLS = ("5m", "1h")


class _Data(NamedTuple):
    """A data URL taken apart; ``base64`` is its payload as it stood there."""

    media_type: str
    base64: str


def blocks_of(content: Content, message: int) -> list[Block]:
    """All parts of a user's message or a tool's result; blank texts are left out.

    Raises UnsupportedParameter for audio, video and files that Claude does not read, and
    InvalidRequest for a part that is not well formed; ``message`` is the number for its path.
    """
    if content is None or isinstance(content, str):
        return _said(content)
    path = f"messages[{message}].content"
    blocks = (_marked_block(part, f"{path}[{n}]") for n, part in enumerate(content))
    return [block for block in blocks if block is not None]


def text_blocks_of(content: Content, message: int) -> list[Block]:
    """The parts of a message that may hold text only: system, developer, assistant."""
    if content is None or isinstance(content, str):
        return _said(content)
    for n, part in enumerate(content):
        if part.type not in {"text", "refusal"}:
            raise UnsupportedParameter(
                f"Anthropic takes only text here, not a part of type {part.type!r}.",
                param=f"messages[{message}].content[{n}].type",
            )
    return blocks_of(content, message)


def cache_mark(control: Mapping[str, Any] | None) -> Block | None:
    """A valid ``cache_control``, None for anything that is not one."""
    if control is None or control.get("type") != "ephemeral":
        return None
    if control.get("ttl") in _CACHE_TTLS:
        return {"type": "ephemeral", "ttl": control["ttl"]}
    return {"type": "ephemeral"}


def mark_last(blocks: list[Block], control: Mapping[str, Any] | None) -> None:
    """Put a message's cache mark on its last block."""
    mark = cache_mark(control)
    if mark is not None and blocks:
        blocks[-1] = {**blocks[-1], "cache_control": mark}


def _said(text: str | None) -> list[Block]:
    """Anthropic refuses text blocks that are empty or only whitespace."""
    return [{"type": "text", "text": text}] if text and not text.isspace() else []


def _marked_block(part: Part, path: str) -> Block | None:
    block = _block(part, path)
    if block is None:
        return None
    mark = cache_mark(part.cache_control)
    if mark is None and part.prompt_cache_breakpoint is not None:
        mark = {"type": "ephemeral"}
    if mark is not None:
        block["cache_control"] = mark
    return block


def _block(part: Part, path: str) -> Block | None:
    if part.type == "text":
        return next(iter(_said(part.text)), None)
    if part.type == "refusal":
        return next(iter(_said(part.refusal)), None)
    if part.type == "image_url" and part.image_url is not None:
        return {"type": "image", "source": _image_source(part.image_url, path)}
    if part.type == "file" and part.file is not None:
        return _document(part.file, path)
    raise UnsupportedParameter(
        f"Anthropic takes text, image_url and file, not content of type {part.type!r}.",
        param=f"{path}.type",
    )


def _image_source(image: ImageURL | str, path: str) -> Block:
    url = image if isinstance(image, str) else image.url
    if not url.startswith("data:"):
        return {"type": "url", "url": url}
    data = _data(url, f"{path}.image_url.url")
    media_type = _IMAGE_TYPES.get(data.media_type)
    if media_type is None:
        raise UnsupportedParameter(
            f"Anthropic reads images of type jpeg, png, gif and webp, not {data.media_type!r}.",
            param=f"{path}.image_url.url",
        )
    return {"type": "base64", "media_type": media_type, "data": data.base64}


def _document(file: FileRef, path: str) -> Block:
    if file.file_data is None:
        raise UnsupportedParameter(
            "A file_id cannot be carried to another provider; send the file itself as file_data.",
            param=f"{path}.file.file_id",
        )
    source = _document_source(file.file_data, f"{path}.file.file_data")
    document: Block = {"type": "document", "source": source}
    if file.filename:
        document["title"] = file.filename
    return document


def _document_source(value: str, path: str) -> Block:
    if value.startswith(("https://", "http://")):
        return {"type": "url", "url": value}
    # Bare base64 is what OpenAI's reference shows; it only takes PDFs.
    data = _data(value, path) if value.startswith("data:") else _Data(_PDF, value)
    if data.media_type == _PDF:
        return {"type": "base64", "media_type": _PDF, "data": data.base64}
    if data.media_type.startswith("text/") or data.media_type == "application/json":
        return {"type": "text", "media_type": "text/plain", "data": _text(data, path)}
    raise UnsupportedParameter(
        f"Anthropic reads PDF and text documents, not {data.media_type!r}.", param=path
    )


def _data(url: str, path: str) -> _Data:
    head, comma, payload = url.partition(",")
    media_type, *attributes = head.removeprefix("data:").split(";")
    if not comma:
        raise InvalidRequest("This is not a data URL; write data:<type>;base64,<data>.", param=path)
    if "base64" not in attributes:
        payload = base64.b64encode(unquote_to_bytes(payload)).decode()
    return _Data(media_type.lower() or "text/plain", payload)


def _text(data: _Data, path: str) -> str:
    try:
        return base64.b64decode(data.base64, validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest("This text document is not base64 of UTF-8.", param=path) from error
