"""Files that are there whole or not at all."""

import gzip
import io
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orouter.cli.export_files import destination, written
from orouter.errors import InvalidRequest
from tests.cli.conftest import Terminal


def test_a_file_takes_its_name_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(b"old")
    with destination(path, compressed=False) as file:
        written([b"new ", b"data"], file)
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new data"
    assert list(tmp_path.iterdir()) == [path]


def test_what_breaks_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(b"old")

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise KeyError

    with pytest.raises(KeyError), destination(path, compressed=True) as file:
        written(pieces(), file)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_compressed_data_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with destination(tmp_path / name, compressed=True) as file:
            written([b"same"], file)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert gzip.decompress((tmp_path / "a").read_bytes()) == b"same"


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidRequest, match="no directory"),
        destination(tmp_path / "missing" / "usage.csv", compressed=False),
    ):
        pass


def test_only_a_terminal_sees_how_much_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        file = io.BytesIO()
        written([b"a" * 1000] * 3, file)
        assert file.getvalue() == b"a" * 3000
        assert ("3.0" in stream.getvalue()) == stream.isatty()
        assert stream.isatty() or stream.getvalue() == ""


def test_a_private_file_is_nobody_elses_from_its_first_byte(tmp_path: Path) -> None:
    with destination(tmp_path / "secret", compressed=False, mode=0o600) as file:
        file.write(b"x")
        assert [stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()] == [0o600]
