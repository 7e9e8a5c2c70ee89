"""Exports: CSV, JSON and ndjson as a stream of bytes, in a fixed order and constant memory.

Cells that a spreadsheet would take for a formula begin with an apostrophe in CSV. Money is a
decimal string, and empty (CSV) or null where nothing has a known price.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlmodel import Session

from orouter.schemas.actor import Actor
from orouter.schemas.requests import LoggedRequest, RequestListing
from orouter.services import request_log, statistics
from orouter.services.statistics import StatsQuery

Format = Literal["csv", "json", "ndjson"]

SUMMARY = (
    "period",
    "org_id",
    "org",
    "key_id",
    "key",
    "provider",
    "model",
    "requests",
    "errors",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cost_usd",
)
"""The columns of the default export, promised to scripts."""
DETAIL = tuple(LoggedRequest.model_fields)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_FLUSH = 64 * 1024


def summary(
    session: Session, wanted: StatsQuery, actor: Actor, form: Format = "csv"
) -> Iterator[bytes]:
    """One row for each period, organization, key, provider and model of the range.

    ``wanted.group_by`` says which period: its first of hour, day, week, month (default) and year.
    """
    rows = statistics.groups(session, statistics.as_export(wanted), actor)
    return encode(_dumped(rows, SUMMARY), SUMMARY, form)


def detail(
    session: Session, listing: RequestListing, wanted: StatsQuery, actor: Actor, form: Format
) -> Iterator[bytes]:
    """One row for each request of the range, oldest first."""
    within = {"since": wanted.span.start, "until": wanted.span.end}
    return requests(session, listing.model_copy(update=within), actor, wanted.calendar, form)


def requests(
    session: Session, listing: RequestListing, actor: Actor, zone: ZoneInfo, form: Format
) -> Iterator[bytes]:
    """One row for each request of a listing, oldest first."""
    rows = request_log.everything(session, listing, actor, zone)
    return encode(_dumped(rows, DETAIL), DETAIL, form)


def encode(
    rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], form: Format
) -> Iterator[bytes]:
    """The rows in one of the formats; without any, the header, ``[]`` or nothing."""
    pieces = {"csv": _csv, "json": _json, "ndjson": _ndjson}[form](rows, columns)
    waiting = io.StringIO()
    for piece in pieces:
        waiting.write(piece)
        if waiting.tell() >= _FLUSH:
            yield waiting.getvalue().encode()
            waiting = io.StringIO()
    if waiting.tell():
        yield waiting.getvalue().encode()


def _dumped(rows: Iterable[BaseModel], columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    return (row.model_dump(include=set(columns)) for row in rows)


def _csv(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    for values in _with_header(rows, columns):
        writer.writerow(values)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _with_header(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[Any]:
    yield columns
    for row in rows:
        yield [_cell(row[name]) for name in columns]


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _json(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + _object(row, columns)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _ndjson(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    for row in rows:
        yield _object(row, columns) + "\n"


def _object(row: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    return json.dumps({name: row[name] for name in columns}, ensure_ascii=False)
