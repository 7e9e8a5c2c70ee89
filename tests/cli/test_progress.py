"""Signs of life, on a terminal only."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orouter.cli import progress
from tests.cli.conftest import Terminal


def count() -> None:
    assert list(progress.counted(range(3), "days")) == [0, 1, 2]


def weigh() -> None:
    assert list(progress.weighed([b"ab", b"c"], "days")) == [b"ab", b"c"]


def line() -> None:
    assert list(progress.lined([b"a\nb\n", b"c\n"], "days", lambda: 3)) == [b"a\nb\n", b"c\n"]


def measure() -> None:
    assert list(progress.measured(range(2500), "days", lambda: 2500)) == list(range(2500))


def watch() -> None:
    with Path(__file__).open("rb") as file, progress.watched(file, "days") as same:
        assert same.read(3) == b'"""'
        same.seek(0)
        assert same.read() == Path(__file__).read_bytes()


def wait() -> None:
    with progress.busy("days"):
        pass


@pytest.mark.parametrize("work", [count, weigh, line, measure, watch, wait])
def test_only_a_terminal_is_told(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        work()
        assert ("days" in stream.getvalue()) == stream.isatty()
        assert stream.isatty() or stream.getvalue() == ""
