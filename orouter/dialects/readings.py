"""Reading without trust what a provider sent: JSON that is nearly JSON, counts that are none."""

import json
from typing import Any, TypeVar

import msgspec

from orouter.errors import UpstreamError

T = TypeVar("T")

MAX_TOKENS = 1_000_000_000
"""No answer has more tokens; a larger figure is an upstream's mistake."""

_EXCERPT = 200


def json_as(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """``body`` as the decoder's type.

    ``NaN``, ``Infinity`` and numbers beyond a float, which JSON forbids and some servers send, are
    read like Python's ``json`` does. Raises UpstreamError for anything else that is not the type.
    """
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return msgspec.convert(json.loads(body), decoder.type)
    except (ValueError, RecursionError) as error:
        raise UpstreamError(f"The provider's answer cannot be read: {excerpt(body)}") from error


def excerpt(body: bytes) -> str:
    """The beginning of an unreadable body, for an error message."""
    text = " ".join(body[: 4 * _EXCERPT].decode("utf-8", "replace").split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


class Figures:
    """The token counts of one usage object.

    A figure that is negative, over ``MAX_TOKENS`` or no number reads as 0 and sets ``flawed``;
    absent and ``null`` are 0 and in order.
    """

    __slots__ = ("_raw", "flawed")

    def __init__(self, raw: object) -> None:
        self.flawed = not isinstance(raw, dict)
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}

    def __getitem__(self, name: str) -> int:
        value = self._raw.get(name)
        if value is None:
            return 0
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and 0 <= value <= MAX_TOKENS
        ):
            return int(value)
        self.flawed = True
        return 0

    def nested(self, name: str) -> "Figures":
        """The figures under ``name``; absent is empty."""
        value = self._raw.get(name)
        inner = Figures({} if value is None else value)
        self.flawed = self.flawed or inner.flawed
        return inner

    def has(self, name: str) -> bool:
        """Whether the provider gave this figure at all."""
        return self._raw.get(name) is not None
