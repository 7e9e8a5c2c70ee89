"""Files that are there whole or not at all."""

import gzip
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from orouter.cli.progress import lined, weighed
from orouter.errors import InvalidRequest


@contextmanager
def destination(path: Path | None, *, compressed: bool, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file that takes its name only once it is complete; None is standard output.

    ``mode`` is what it may be opened for, as far as the umask allows.
    """
    with _opened(path, mode) as file:
        if not compressed:
            yield file
            return
        # No time stamp and no name inside: the same data is the same file.
        with gzip.GzipFile("", "wb", 6, fileobj=file, mtime=0) as packed:
            yield cast("IO[bytes]", packed)


def written(
    pieces: Iterable[bytes], file: IO[bytes], lines: Callable[[], int] | None = None
) -> None:
    """Write all of it; on a terminal it is told how much that is so far, or of how many lines."""
    told = weighed(pieces, "export") if lines is None else lined(pieces, "export", lines)
    file.writelines(told)


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """A file to read. Raises InvalidRequest if that is not possible."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise InvalidRequest(f"{path}: {error.strerror}", hint="Name a file to read.") from None
    with file:
        yield file


@contextmanager
def _opened(path: Path | None, mode: int) -> Iterator[IO[bytes]]:
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not path.parent.is_dir():
        raise InvalidRequest(f"There is no directory {path.parent}", hint="Make it first.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
