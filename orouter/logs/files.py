"""A log file that several processes append to and that is renamed when it has grown too large."""

import contextlib
import fcntl
import os
import sys
import threading
from pathlib import Path


class LogFile:
    """Whole lines, one ``write(2)`` each time, so that processes do not cut into each other.

    Kept at ``keep`` renamed files (``….1`` is the youngest) of about ``limit`` bytes. A full disk
    costs log lines, never a request: it is told once on standard error.
    """

    def __init__(self, path: Path, limit: int, keep: int) -> None:
        self._path = path
        self._limit = limit
        self._keep = keep
        self._lock = threading.Lock()
        self._failing = False
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = self._open()

    def write(self, lines: bytes) -> None:
        with self._lock:
            try:
                self._turn_over(len(lines))
                _write_all(self._descriptor, lines)
                self._failing = False
            except OSError as error:
                self._complain(error)

    def close(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            os.close(self._descriptor)

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)

    def _turn_over(self, more: int) -> None:
        """Follows a rename by somebody else, and renames where the file is full."""
        if self._moved():
            self._reopen()
        size = os.fstat(self._descriptor).st_size
        if not size or size + more <= self._limit:
            return
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)  # given back when the old file is closed
        if not self._moved():
            self._rename()
        self._reopen()

    def _moved(self) -> bool:
        ours = os.fstat(self._descriptor)
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return True
        return (ours.st_dev, ours.st_ino) != (there.st_dev, there.st_ino)

    def _rename(self) -> None:
        for number in range(self._keep, 1, -1):
            with contextlib.suppress(FileNotFoundError):
                self._numbered(number - 1).replace(self._numbered(number))
        if self._keep:
            self._path.replace(self._numbered(1))
        else:
            self._path.unlink(missing_ok=True)

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _reopen(self) -> None:
        new = self._open()
        os.close(self._descriptor)
        self._descriptor = new

    def _complain(self, error: OSError) -> None:
        if not self._failing:
            self._failing = True
            sys.stderr.write(f"orouter: the log file cannot be written: {error.strerror}\n")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
