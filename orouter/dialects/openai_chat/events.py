"""Whole events of a stream as raw bytes, so that those in order can be relayed untouched."""

from orouter.dialects.sse import MAX_EVENT_BYTES
from orouter.errors import UpstreamError


class Boundary:
    """Cuts a stream, however it arrives, after its last complete event.

    CRLF and CR become LF on the way, as events end in an empty line whatever the line ends are.
    """

    __slots__ = ("_after_cr", "pending")

    def __init__(self) -> None:
        self.pending = bytearray()
        """What came of an event that is not whole."""
        self._after_cr = False

    def feed(self, block: bytes) -> bytes:
        """The events that became whole, possibly none; raises UpstreamError if one has no end."""
        if self._after_cr or b"\r" in block:
            block = self._with_line_feeds(block)
        pending = self.pending
        if not pending and block.endswith(b"\n\n"):
            return block
        seam = max(0, len(pending) - 1)
        pending += block
        end = pending.rfind(b"\n\n", seam) + 2
        if end < 2:
            if len(pending) > MAX_EVENT_BYTES:
                raise UpstreamError(
                    f"The provider sent a stream event of over {MAX_EVENT_BYTES >> 20} MB."
                )
            return b""
        whole = bytes(pending[:end])
        del pending[:end]
        return whole

    def close(self) -> bytes:
        """What came after the last empty line."""
        rest = bytes(self.pending)
        self.pending.clear()
        return rest

    def _with_line_feeds(self, block: bytes) -> bytes:
        if self._after_cr and block:
            self._after_cr = False
            block = block.removeprefix(b"\n")
        if block.endswith(b"\r"):
            self._after_cr = True
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
