"""Reading without trust what a provider sent: JSON that is nearly JSON, counts that are none."""

import json
import math
from typing import Any, TypeVar

import msgspec

from orouter.dialects.faults import unreadable

T = TypeVar("T")

MAX_TOKENS = 1_000_000_000
"""No answer has more tokens; a larger figure is an upstream's mistake."""


def json_as(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """``body`` as the decoder's type.

    What JSON forbids and some servers send (``NaN``, numbers beyond a float, broken UTF-8) is
    mended: such numbers become strings. Raises UpstreamError for anything else that does not fit.
    """
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return decoder.decode(_mended(body))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise unreadable(body) from error


def _mended(body: bytes) -> str:
    value = json.loads(body.decode("utf-8", "replace"), parse_constant=str, parse_float=_number)
    return json.dumps(value)


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


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
