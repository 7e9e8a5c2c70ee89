"""Where the workers of a node put their figures, so that any of them can answer for all.

Each worker has a file, locked while it lives, into which it writes its snapshot once a second and
whenever it is asked: so whatever one worker told, another finds. Figures of dead workers stay, as
counters must not go backwards; a worker that starts puts them together into one file. Without a
directory a worker is alone.
"""

import fcntl
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orouter.ids import ulid
from orouter.telemetry.samples import Snapshot, decode, encode, merged

_HEAD = struct.Struct("<II")
_READ_ATTEMPTS = 20


class Board:
    """One worker's place. Any thread may call, one at a time."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._own = Snapshot([])
        self._file: int | None = None
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._alone(directory):
                _unite_the_dead(directory)
                path = directory / f"{ulid()}.figures"
                self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX)
            self.publish(self._own)

    def publish(self, snapshot: Snapshot) -> None:
        """Puts this worker's figures where the others look."""
        self._own = snapshot
        if self._file is not None:
            _write(self._file, snapshot)

    def gathered(self) -> list[Snapshot]:
        """The figures of every worker that lives, this one's first, then those of the dead."""
        if self._directory is None:
            return [self._own]
        with self._alone(self._directory, fcntl.LOCK_SH):
            others = [path for path in _figures(self._directory) if not self._is_own(path)]
            return [self._own, *filter(None, map(_seen, others))]

    def close(self) -> None:
        """Leaves the figures to the others."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _is_own(self, path: Path) -> bool:
        return self._file is not None and os.path.samestat(path.stat(), os.fstat(self._file))

    @staticmethod
    @contextmanager
    def _alone(directory: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
        """While files are put together nobody counts."""
        lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)


def _figures(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.figures"))


def _seen(path: Path) -> Snapshot | None:
    """What stands in a file; of a dead worker what counts on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        snapshot = _read(descriptor)
        return snapshot.departed() if snapshot is not None and _is_dead(descriptor) else snapshot
    finally:
        os.close(descriptor)


def _is_dead(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def _unite_the_dead(directory: Path) -> None:
    """One file in place of all those whose workers are gone; the first of them takes the sum."""
    found: dict[Path, Snapshot] = {}
    for path in _figures(directory):
        descriptor = os.open(path, os.O_RDWR)
        if _is_dead(descriptor):
            found[path] = (_read(descriptor) or Snapshot([])).departed()
        os.close(descriptor)
    if len(found) < 2:
        return
    first, *others = found
    # Emptied before the sum is written: a crash in between loses counts and never doubles them.
    for path in others:
        path.unlink()
    new = first.with_suffix(".new")
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    _write(descriptor, merged(found.values()))
    os.close(descriptor)
    new.replace(first)


def _write(descriptor: int, snapshot: Snapshot) -> None:
    body = encode(snapshot)
    with suppress(OSError):  # a full disk: the others see what was
        os.pwrite(descriptor, _HEAD.pack(len(body), zlib.crc32(body)) + body, 0)


def _read(descriptor: int) -> Snapshot | None:
    """The snapshot; None if there is no whole one. A writer may be at it: then once more."""
    for _ in range(_READ_ATTEMPTS):
        data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        if len(data) < _HEAD.size:
            return None
        length, crc = _HEAD.unpack_from(data)
        body = data[_HEAD.size : _HEAD.size + length]
        if zlib.crc32(body) == crc:
            return decode(body)
    return None
