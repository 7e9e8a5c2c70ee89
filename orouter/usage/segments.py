r"""The journal's files: names, locks and the format of a segment.

A writer is one process that serves requests. It owns a lock file, ``flock``-ed while it lives, and
numbered segments, of which the last one is preallocated and waits as the reserve::

    web-1-4711-01K9ZJ….lock
    web-1-4711-01K9ZJ….000001.seg

A segment is an 8 byte head, then frames: magic, length of the body, CRC-32 of the body (both
``<I``), and the body: what was written down in one turn of the event loop, a line of JSON for each
`Intent` and `Settlement`. The magic holds bytes that UTF-8 never contains, so a damaged stretch
ends where the next magic is found.
"""

import fcntl
import os
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from orouter.ids import ulid
from orouter.usage.records import Begun, Intent, Settlement

HEAD = b"ORJ1\r\n\xf5\n"
MAGIC = b"\xf5\xc1\xff\xf8"
MAX_BODY = 1 << 17

_FRAME = struct.Struct("<4sII")
_decode_lines = msgspec.json.Decoder(Begun | Settlement).decode_lines
_decode_intent = msgspec.json.Decoder(Intent).decode

line: Callable[[Intent | Settlement], bytes] = msgspec.json.Encoder().encode
"""A record as it stands in a frame."""


def framed(lines: Sequence[bytes]) -> bytes:
    """Lines as they stand in a segment: together if they fit into one frame, else each alone."""
    body = b"\n".join(lines)
    if len(body) > MAX_BODY and len(lines) > 1:
        return b"".join([framed([each]) for each in lines])
    return _FRAME.pack(MAGIC, len(body), zlib.crc32(body)) + body


class Found(Struct, frozen=True):
    """One stretch of a segment: a frame's records, or bytes that are none (no records)."""

    records: Sequence[Begun | Settlement]
    start: int
    end: int


def scan(data: bytes, *, final: bool, base: int = 0) -> Iterator[Found]:
    """The stretches of ``data``, which stands at ``base`` and begins where a frame should begin.

    While the writer lives (not ``final``) what cannot be read at the end is left alone: it may be
    half written. After its death it is a torn tail and is yielded as bytes that are no records,
    except for the zeros of preallocation.
    """
    position = 0
    while position < len(data):
        records, end = _records_at(data, position)
        if not records:
            end = _end_of_gap(data, position, final=final)
        if not end:
            return
        yield Found(records, base + position, base + end)
        position = end


def read_intent(stretch: bytes, request: str) -> Intent:
    """The whole of what was found there as `Begun`. Raises msgspec.DecodeError."""
    lines = stretch[_FRAME.size :].split(b"\n")
    begun = Begun(request)
    return next(_decode_intent(each) for each in lines if begun in _decode_lines(each))


def _records_at(data: bytes, start: int) -> tuple[Sequence[Begun | Settlement], int]:
    """The records of a frame and where it ends."""
    body_start = start + _FRAME.size
    if len(data) < body_start:
        return (), 0
    magic, length, crc = _FRAME.unpack_from(data, start)
    end = body_start + length
    if magic != MAGIC or length > MAX_BODY or end > len(data):
        return (), 0
    body = data[body_start:end]
    if zlib.crc32(body) != crc:
        return (), 0
    try:
        return _decode_lines(body), end
    except msgspec.DecodeError:
        return (), 0


def _end_of_gap(data: bytes, start: int, *, final: bool) -> int:
    """Where the bytes that are no record end; 0 where that is not known yet, or nothing is left."""
    following = data.find(MAGIC, start + 1)
    if following >= 0:
        return following
    return len(data) if final and data[start:].strip(b"\0") else 0


class Writer(NamedTuple):
    """The family of files that one process writes."""

    directory: Path
    stem: str

    @classmethod
    def named(cls, directory: Path, node: str) -> "Writer":
        """A new writer of this process; ``node`` names the machine."""
        safe = re.sub(r"[^A-Za-z0-9_-]", "-", node)[:32] or "node"
        return cls(directory, f"{safe}-{os.getpid()}-{ulid()}")

    @property
    def lock_path(self) -> Path:
        """The file whose lock says that the writer lives."""
        return self.directory / f"{self.stem}.lock"

    def segment_path(self, number: int) -> Path:
        """Where the segment of that number is."""
        return self.directory / f"{self.stem}.{number:06}.seg"

    def segments(self) -> list[Path]:
        """The segments that exist, oldest first."""
        return sorted(self.directory.glob(f"{self.stem}.*.seg"))

    def lock(self) -> int | None:
        """Take the writer's lock: an open descriptor, or None if somebody holds it."""
        path = self.lock_path
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever finished with a dead writer removes its lock file while holding the lock.
            if os.fstat(descriptor).st_nlink:
                return descriptor
        except BlockingIOError:
            pass
        os.close(descriptor)
        return None


def writers(directory: Path) -> list[Writer]:
    """Every writer that left files in ``directory``, oldest first on each node."""
    paths = [*directory.glob("*.seg"), *directory.glob("*.lock")]
    return [Writer(directory, stem) for stem in sorted({path.name.split(".")[0] for path in paths})]
