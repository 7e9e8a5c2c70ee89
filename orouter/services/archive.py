"""The format of backups: every table as lines of JSON, compressed; the same for each database.

One gzip file. Its first line is the head, then each table's line of columns and its rows as
arrays, and at last the counts and a SHA-256 of everything before::

    {"format":"orouter-backup","version":1,"revision":"0014_chores","taken":"2026-11-23T10:00:00Z"}
    {"table":"organizations","columns":["id","name",…]}
    ["org_…","acme",…]
    {"end":{"organizations":1,…},"sha256":"…"}

Moments are ``{"t":"2026-11-23T10:00:00.000000+00:00"}``, bytes ``{"b":"base64"}``.
"""

import gzip
import hashlib
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple

import msgspec

from orouter.errors import CheckFailed

FORMAT, VERSION = "orouter-backup", 1
LEVEL = 6
_FLUSH = 256 * 1024
_UNREADABLE = (
    *(EOFError, zlib.error, gzip.BadGzipFile),
    *(msgspec.DecodeError, ValueError, KeyError, TypeError),
)
_HEAD = b'{"format":"orouter-backup"'

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

Row = Sequence[Any]


class Table(NamedTuple):
    """A table's name and columns, which its rows follow."""

    name: str
    columns: list[str]


class Head(msgspec.Struct, frozen=True):
    """The first line."""

    format: str
    version: int
    revision: str
    taken: str


class Contents(NamedTuple):
    """A backup that is whole: its schema's revision, when it was taken, rows of each table."""

    revision: str
    taken: str
    rows: dict[str, int]


def packed(revision: str, parts: Iterable[Table | Row]) -> Iterator[bytes]:
    """The file, piece by piece, of tables and their rows in order."""
    packer = zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS | 16)
    digest, counts, waiting = hashlib.sha256(), dict[str, int](), bytearray()
    taken = datetime.now(UTC).isoformat(timespec="seconds")
    waiting += _encode(Head(FORMAT, VERSION, revision, taken)) + b"\n"
    table = ""
    for part in parts:
        if isinstance(part, Table):
            table, line = part.name, {"table": part.name, "columns": part.columns}
            counts[table] = 0
            waiting += _encode(line) + b"\n"
        else:
            counts[table] += 1
            waiting += _encode([_told(value) for value in part]) + b"\n"
        if len(waiting) >= _FLUSH:
            digest.update(waiting)
            yield packer.compress(waiting)
            waiting.clear()
    digest.update(waiting)
    waiting += _encode({"end": counts, "sha256": digest.hexdigest()}) + b"\n"
    yield packer.compress(waiting) + packer.flush()


def check(file: IO[bytes]) -> Contents:
    """Read all of it. Raises CheckFailed if it is no backup, cut short or damaged."""
    with _open(file) as lines, _damaged():
        head, digest, counts, table = _head(lines), hashlib.sha256(), dict[str, int](), ""
        digest.update(_encode(head) + b"\n")
        for line in lines:
            if line.startswith(b"["):
                counts[table] += 1
            elif line.startswith(b'{"end"'):
                end = _decode(line)
                told = (end["end"], end["sha256"])
                if told == (counts, digest.hexdigest()) and not lines.read(1):
                    return Contents(head.revision, head.taken, counts)
                break
            else:
                table = _decode(line)["table"]
                counts[table] = 0
            digest.update(line)
    raise CheckFailed("The backup is damaged or cut short", hint="Use another one.")


def read(file: IO[bytes]) -> Iterator[Table | Row]:
    """The tables and rows of a file that was checked."""
    with _open(file) as lines, _damaged():
        _head(lines)
        for line in lines:
            value = _decode(line)
            if isinstance(value, list):
                yield [_understood(each) for each in value]
            elif "table" in value:
                yield Table(value["table"], value["columns"])


def _head(lines: gzip.GzipFile) -> Head:
    first = lines.readline()
    if not first.startswith(_HEAD):
        raise CheckFailed(
            "This is no backup of orouter", hint="They are made by: orouter db backup"
        )
    head = msgspec.json.decode(first, type=Head)
    if head.version != VERSION:
        raise CheckFailed(
            f"The backup has format {head.version}, this orouter reads {VERSION}",
            hint="Restore it with the orouter that made it.",
        )
    return head


def _open(file: IO[bytes]) -> gzip.GzipFile:
    file.seek(0)
    return gzip.GzipFile(fileobj=file, mode="rb")


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise CheckFailed(
            "The backup is damaged, or none of orouter's", hint="Use another one."
        ) from error


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.astimezone(UTC).isoformat(timespec="microseconds")}
    return {"b": b64encode(value).decode()} if isinstance(value, bytes) else value


def _understood(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["t"]) if "t" in value else b64decode(value["b"])
