import gzip
import io
import json
import zlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from orouter.errors import CheckFailed
from orouter.services import archive
from orouter.services.archive import Table

MOMENT = datetime(2026, 1, 31, 23, 59, 59, 600_000, tzinfo=UTC)
PARTS: list[Any] = [
    Table("a", ["id", "value"]),
    ["1", None],
    ["2", "ü😀\n\x7f'"],
    Table("empty", ["id"]),
    Table("b", ["number", "when", "bytes", "flag"]),
    [2**62, MOMENT, b"\0\xff", True],
]


def made(parts: list[Any] = PARTS) -> bytes:
    return b"".join(archive.packed("0001_first", parts))


def test_what_went_in_comes_out() -> None:
    file = io.BytesIO(made())
    contents = archive.check(file)
    assert (contents.revision, contents.rows) == ("0001_first", {"a": 2, "empty": 0, "b": 1})
    assert list(archive.read(file)) == PARTS


def test_it_is_read_with_gzip_and_json_by_anybody() -> None:
    lines = gzip.decompress(made()).splitlines()
    assert json.loads(lines[0])["format"] == "orouter-backup"
    assert json.loads(lines[2]) == ["1", None]
    assert json.loads(lines[-1])["end"] == {"a": 2, "empty": 0, "b": 1}


def test_moments_are_written_in_utc() -> None:
    local = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    _, [read] = archive.read(io.BytesIO(made([Table("a", ["when"]), [local]])))
    assert (read, read.tzinfo) == (MOMENT, UTC)


def test_no_byte_can_be_changed_or_missing_unnoticed() -> None:
    whole = made()
    for place in range(10, len(whole)):  # before it is gzip's own head
        harmed = bytearray(whole)
        harmed[place] ^= 0x10
        for data in (bytes(harmed), whole[:place]):
            if unpacked(data) == gzip.decompress(whole):
                continue  # a bit that deflate only fills its last byte up with: nothing changed
            with pytest.raises(CheckFailed):
                archive.check(io.BytesIO(data))


def unpacked(data: bytes) -> bytes | None:
    """What gzip makes of it, None if it refuses."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None


@pytest.mark.parametrize("change", [(b'["2"', b'["3"'), (b'["1",null]\n', b"")])
def test_lines_that_somebody_edited_are_noticed(change: tuple[bytes, bytes]) -> None:
    edited = gzip.compress(gzip.decompress(made()).replace(*change))
    with pytest.raises(CheckFailed, match="damaged"):
        archive.check(io.BytesIO(edited))


def test_other_files_and_newer_formats_are_told_apart() -> None:
    with pytest.raises(CheckFailed, match="no backup"):
        archive.check(io.BytesIO(gzip.compress(b'{"some": "json"}\n')))
    newer = gzip.compress(gzip.decompress(made()).replace(b'"version":1', b'"version":2'))
    with pytest.raises(CheckFailed, match="format 2"):
        archive.check(io.BytesIO(newer))
