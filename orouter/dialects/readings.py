"""Reading without trust what a provider sent: JSON that is nearly JSON, counts that are none."""

import json
import re
from typing import Any, TypeVar

import msgspec

from orouter.dialects.faults import unreadable

T = TypeVar("T")

_SURROGATES = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)

MAX_TOKENS = 1_000_000_000
"""No answer has more tokens; a larger figure is an upstream's mistake."""


def parse(body: bytes) -> Any:
    """The JSON value of a body, None where it is not JSON.

    What JSON forbids and some servers send is read: ``NaN``, numbers beyond a float, halves of
    surrogate pairs, broken UTF-8.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError):
        pass
    try:
        return json.loads(_SURROGATES.sub(_paired, body.decode("utf-8", "replace")))
    except (RecursionError, ValueError):
        return None


def json_as(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """``body`` as the decoder's type, read as leniently as by ``parse``.

    Raises UpstreamError for what does not fit.
    """
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return msgspec.convert(parse(body), decoder.type)
    except msgspec.ValidationError as error:
        raise unreadable(body) from error


def _paired(found: re.Match[str]) -> str:
    return found[0] if found[1] else r"\ufffd"


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
