"""Server-sent events from bytes cut anywhere.

Source: WHATWG HTML, section 9.2 "Server-sent events": lines end in LF, CRLF or CR; an empty line
ends an event; lines that begin with a colon are comments; several ``data`` lines are joined by a
newline. Fields that no provider uses (``id``, ``retry``) are ignored.
"""

from typing import NamedTuple

from orouter.errors import UpstreamError

MAX_EVENT_BYTES = 16 * 1024 * 1024


class Event(NamedTuple):
    """``name`` is empty where the stream gave none; ``data`` is undecoded."""

    name: str
    data: bytes


class Splitter:
    """Collects blocks and returns the events that became whole.

    Memory is bounded by ``MAX_EVENT_BYTES`` and the size of one block; each byte is scanned once.
    """

    __slots__ = ("_after_cr", "_pending")

    def __init__(self) -> None:
        self._pending = bytearray()
        self._after_cr = False

    def feed(self, block: bytes) -> list[Event]:
        """Raises UpstreamError when an event is over ``MAX_EVENT_BYTES``."""
        if self._after_cr or b"\r" in block:
            block = self._with_line_feeds(block)
        pending = self._pending
        if not pending:
            end = block.rfind(b"\n\n") + 2
            whole, rest = (block[:end], block[end:]) if end > 1 else (b"", block)
            pending += rest
        else:
            seam = len(pending) - 1
            pending += block
            end = pending.rfind(b"\n\n", seam) + 2
            whole = bytes(pending[:end]) if end > 1 else b""
            del pending[: len(whole)]
        _bound(len(pending))
        return _events(whole) if whole else []

    def close(self) -> list[Event]:
        """The last event of a stream that ended without its empty line, if any."""
        whole = bytes(self._pending)
        self._pending.clear()
        return _events(whole)

    def _with_line_feeds(self, block: bytes) -> bytes:
        if not block:
            return block
        if self._after_cr:
            block = block.removeprefix(b"\n")
        self._after_cr = block.endswith(b"\r")
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _events(whole: bytes) -> list[Event]:
    found = []
    for chunk in whole.split(b"\n\n"):
        event = _event(chunk)
        if event is not None:
            found.append(event)
    return found


def _event(chunk: bytes) -> Event | None:
    _bound(len(chunk))
    name, data = b"", None
    for line in chunk.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            value = value.removeprefix(b" ")
            data = value if data is None else data + b"\n" + value
        elif field == b"event":
            name = value.removeprefix(b" ")
    return None if data is None else Event(name.decode("utf-8", "replace"), data)


def _bound(size: int) -> None:
    if size > MAX_EVENT_BYTES:
        raise UpstreamError(
            f"The provider sent a single stream event of over {MAX_EVENT_BYTES >> 20} MB."
        )
