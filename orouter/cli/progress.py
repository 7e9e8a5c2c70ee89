"""A sign of life on the terminal while something takes its time; elsewhere nothing is said."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

if TYPE_CHECKING:  # only a terminal pays for it
    from rich.progress import Progress

T = TypeVar("T")
_STEP = 1000
"""Items for which the bar moves once: each move takes its time."""


def counted(items: Iterable[T], what: str) -> Iterator[T]:
    """The items, while a line tells how many there were so far."""
    with _progress("count") as progress:
        task = progress.add_task(what, total=None) if progress else None
        for item in items:
            yield item
            if progress and task is not None:
                progress.advance(task)


def weighed(pieces: Iterable[bytes], what: str) -> Iterator[bytes]:
    """The pieces, while a line tells how many bytes there were so far."""
    with _progress("bytes") as progress:
        task = progress.add_task(what, total=None) if progress else None
        for piece in pieces:
            yield piece
            if progress and task is not None:
                progress.advance(task, len(piece))


def lined(pieces: Iterable[bytes], what: str, total: Callable[[], int]) -> Iterator[bytes]:
    """The pieces, while a bar tells which part of the lines has been there; each is one item."""
    with _progress("part") as progress:
        task = progress.add_task(what, total=total()) if progress else None
        for piece in pieces:
            yield piece
            if progress and task is not None:
                progress.advance(task, piece.count(b"\n"))


def measured(items: Iterable[T], what: str, total: Callable[[], int]) -> Iterator[T]:
    """The items, while a bar tells which part of them has been there."""
    with _progress("part") as progress:
        if progress is None:
            yield from items
            return
        task = progress.add_task(what, total=total())
        for number, item in enumerate(items, start=1):
            yield item
            if number % _STEP == 0:
                progress.advance(task, _STEP)


@contextmanager
def watched(file: IO[bytes], what: str) -> Iterator[IO[bytes]]:
    """The file, while a bar tells how far it has been read."""
    with _progress("part") as progress:
        if progress is None:
            yield file
        else:
            total = os.fstat(file.fileno()).st_size
            yield cast(
                "IO[bytes]", progress.wrap_file(cast("BinaryIO", file), total, description=what)
            )


@contextmanager
def busy(what: str) -> Iterator[None]:
    """A line that tells what is being done, and for how long by now."""
    with _progress("time") as progress:
        if progress:
            progress.add_task(what, total=None)
        yield


@contextmanager
def _progress(measure: str) -> "Iterator[Progress | None]":
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    with Progress(*_columns(measure), console=console, transient=True) as progress:
        yield progress


def _columns(measure: str) -> list[Any]:
    from rich import progress

    middle: dict[str, list[Any]] = {
        "bytes": [progress.DownloadColumn()],
        "count": [progress.MofNCompleteColumn()],
        "part": [progress.BarColumn(), progress.TaskProgressColumn()],
        "time": [],
    }
    text = progress.TextColumn("{task.description}")
    return [progress.SpinnerColumn(), text, *middle[measure], progress.TimeElapsedColumn()]
