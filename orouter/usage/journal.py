"""The journal: what this process promises to account for, on disk before it is spent.

Rules: an intent is written before a provider is called and a settlement before the last byte
leaves, all of one turn of the event loop with one ``pwrite`` (``orouter.departures``) and without
fsync, which survives ``kill -9``; a thread calls ``fdatasync`` within 20 ms of a write, which
bounds what a power cut can take. An intent is accepted only while a preallocated segment stands
behind it, so a settlement finds room on a full disk. All methods are called from one thread, the
event loop's.
"""

import contextlib
import errno
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from orouter.errors import Overloaded, ServiceError
from orouter.logs import get_logger
from orouter.usage.inbox import Inbox
from orouter.usage.records import Intent, Settlement
from orouter.usage.segments import HEAD, Writer, framed, line

SEGMENT_BYTES = 16 << 20
RESERVE_BYTES = 4 << 20
"""Room for about 8,000 settlements: more than one process has in flight."""
SYNC_SECONDS = 0.02

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

log = get_logger(__name__)


class _Segment(NamedTuple):
    path: Path
    descriptor: int


class Journal:
    """One process's writer into ``directory``, which is made if it is missing.

    ``later`` is asked to have ``commit`` called before anything leaves that rests on a record;
    without it every record is committed at once. Raises Overloaded if the directory cannot be
    written.
    """

    def __init__(
        self,
        directory: Path,
        *,
        node: str = "node",
        segment_bytes: int = SEGMENT_BYTES,
        later: Callable[[], None] | None = None,
    ) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.writer, self._lock = _lock_new(directory, node)
            self._segment_bytes = segment_bytes
            self._number = 0
            self._segment = self._lay_down()
            self._end = len(HEAD)
            self._reserve: _Segment | None = self._lay_down()
        except OSError as error:
            raise _refusal(error) from error
        self._later = later
        self._lines: list[bytes] = []
        self._held: list[bytes] = []
        self._retired: deque[tuple[_Segment, int]] = deque()
        self._dirty = False
        self._closing = False
        self._wake = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name="journal-sync", daemon=True)
        self._syncer.start()

    def intend(self, intent: Intent) -> None:
        """Write down a request that is about to be sent.

        Raises Overloaded (503) when it cannot be written: nothing may be spent then.
        """
        try:
            if self._reserve is None:
                self._reserve = self._lay_down()
            if self._held:
                self._write_held()
        except OSError as error:
            raise _refusal(error) from error
        self._lines.append(line(intent))
        self._promise()

    def settle(self, settlement: Settlement) -> None:
        """Write down what became of a request; on a full disk into the reserve. Never raises."""
        self._lines.append(line(settlement))
        try:  # noqa: SIM105 - suppress() takes three more calls, for each request
            self._promise()
        except Overloaded:
            pass

    def commit(self) -> None:
        """Write what was written down since the last time; on a full disk into the reserve.

        Raises Overloaded if there is no room for it at all: it is kept in memory then.
        """
        if self._lines:
            records, self._lines = framed(self._lines), []
            try:
                self._append(records)
            except OSError:
                self._append_to_reserve(records)

    def inbox(self) -> Inbox:
        """Where an ingester of this process reads, while the journal grows."""
        return Inbox(self.writer, {})

    def close(self) -> None:
        """Bring everything to the disk and let go of the files: any ingester may finish them."""
        self._closing = True
        self._wake.set()
        self._syncer.join()
        try:
            self.commit()
            self._write_held()
        except (Overloaded, OSError):
            log.critical("journal_records_lost", bytes=sum(map(len, self._held)))
        _seal(self._segment, self._end)
        if self._reserve is not None:
            os.close(self._reserve.descriptor)
            self._reserve.path.unlink(missing_ok=True)
        os.close(self._lock)

    def _promise(self) -> None:
        if self._later is None:
            self.commit()
        elif len(self._lines) == 1:
            self._later()

    def _append(self, records: bytes) -> None:
        written = os.pwrite(self._segment.descriptor, records, self._end)
        if written != len(records):
            raise OSError(errno.ENOSPC, "short write")
        self._end += written
        if not self._dirty:
            self._dirty = True
            self._wake.set()
        if self._end >= self._segment_bytes and self._reserve is not None:
            self._rotate()

    def _append_to_reserve(self, records: bytes) -> None:
        try:
            self._rotate()
            self._append(records)
        except OSError as error:
            # Bounded by what is in flight: no intent is accepted until these are written.
            self._held.append(records)
            log.critical("journal_records_held_in_memory", error=error.strerror)
            raise _refusal(error) from error

    def _write_held(self) -> None:
        while self._held:
            self._append(self._held[0])
            del self._held[0]

    def _rotate(self) -> None:
        """Go on in the reserve, and lay the next one down if there is room.

        Raises OSError if there is no reserve to go on in.
        """
        if self._reserve is None:
            raise OSError(errno.ENOSPC, "no reserve is left")
        self._retired.append((self._segment, self._end))
        self._segment, self._end, self._reserve = self._reserve, len(HEAD), None
        with contextlib.suppress(OSError):
            self._reserve = self._lay_down()

    def _lay_down(self) -> _Segment:
        """Preallocate the next segment."""
        path = self.writer.segment_path(self._number + 1)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _allocate(descriptor, min(RESERVE_BYTES, self._segment_bytes))
            os.pwrite(descriptor, HEAD, 0)
        except OSError:
            os.close(descriptor)
            path.unlink()
            raise
        self._number += 1
        return _Segment(path, descriptor)

    def _sync(self) -> None:
        while not self._closing:
            self._wake.wait()
            time.sleep(SYNC_SECONDS)
            self._wake.clear()
            self._dirty = False
            current = self._segment
            while self._retired:
                _seal(*self._retired.popleft())
            _sync_data(current)


def _lock_new(directory: Path, node: str) -> tuple[Writer, int]:
    while True:
        writer = Writer.named(directory, node)
        lock = writer.lock()
        if lock is not None:
            return writer, lock


def _seal(segment: _Segment, end: int) -> None:
    """Cut the preallocated rest off, sync and close."""
    with contextlib.suppress(OSError):
        os.ftruncate(segment.descriptor, end)
    _sync_data(segment)
    os.close(segment.descriptor)


def _sync_data(segment: _Segment) -> None:
    try:
        _fdatasync(segment.descriptor)
    except OSError as error:
        log.warning("journal_sync_failed", segment=segment.path.name, error=error.strerror)


if sys.platform == "darwin":
    _fdatasync = os.fsync

    def _allocate(descriptor: int, size: int) -> None:
        os.pwrite(descriptor, bytes(size), 0)

else:
    _fdatasync = os.fdatasync

    def _allocate(descriptor: int, size: int) -> None:
        os.posix_fallocate(descriptor, 0, size)


def _refusal(error: OSError) -> ServiceError:
    what = "disk full" if error.errno in _FULL else f"cannot be written ({error.strerror})"
    return Overloaded(
        f"journal {what}: requests are refused until they can be accounted for",
        hint="Free space in the journal directory; serving resumes by itself.",
        headers={"retry-after": "5"},
    )
