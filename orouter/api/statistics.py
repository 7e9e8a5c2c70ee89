"""Statistics over HTTP: sums, exports as a stream, and the request log."""

from collections.abc import Callable, Iterator
from time import time_ns
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from orouter.api.access import Caller, Db
from orouter.db.session import Database
from orouter.schemas.requests import LoggedRequest, RequestLogPage
from orouter.schemas.statistics import StatsReport
from orouter.schemas.stats_requests import (
    ExportAsked,
    RequestsAsked,
    RequestsExported,
    StatsAsked,
    TopAsked,
)
from orouter.services import stats_reading
from orouter.services.exports import Format

router = APIRouter(prefix="/api/v1", tags=["statistics"])

_MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def _zone(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.app.state.calendar.zone
    return zone


Zone = Annotated[ZoneInfo, Depends(_zone)]


@router.get("/stats")
async def show_stats(
    asked: Annotated[StatsAsked, Query()], actor: Caller, database: Db, zone: Zone
) -> StatsReport:
    """Sum usage up, by any of the groups."""
    return await database.run_on_replica(stats_reading.report, asked, actor, zone, _now())


@router.get("/stats/top")
async def show_top(
    asked: Annotated[TopAsked, Query()], actor: Caller, database: Db, zone: Zone
) -> StatsReport:
    """Show the groups with the most of a measure; the totals are of all."""
    return await database.run_on_replica(stats_reading.top, asked, actor, zone, _now())


@router.get("/stats/export", response_class=StreamingResponse)
async def export_stats(
    asked: Annotated[ExportAsked, Query()], actor: Caller, database: Db, zone: Zone
) -> StreamingResponse:
    """Export usage as CSV, JSON or ndjson, as it is read."""
    stats_reading.wanted(asked, zone, _now())  # refused before the answer begins
    pieces = _exported(database, stats_reading.exported, asked, actor, zone)
    return _file("usage", asked.format, pieces)


@router.get("/requests")
async def list_requests(
    asked: Annotated[RequestsAsked, Query()], actor: Caller, database: Db, zone: Zone
) -> RequestLogPage:
    """List requests, newest first."""
    return await database.run_readonly(stats_reading.page, asked, actor, zone, _now())


@router.get("/requests/export", response_class=StreamingResponse)
async def export_requests(
    asked: Annotated[RequestsExported, Query()], actor: Caller, database: Db, zone: Zone
) -> StreamingResponse:
    """Export the request log as CSV, JSON or ndjson, oldest first."""
    stats_reading.listed(asked, zone, _now())  # refused before the answer begins
    pieces = _exported(database, stats_reading.exported_requests, asked, actor, zone)
    return _file("requests", asked.format, pieces)


@router.get("/requests/{request_id}")
async def show_request(
    request_id: str, actor: Caller, database: Db, zone: Zone, tz: str = ""
) -> LoggedRequest:
    """Show one request with its attempts."""
    return await database.run_readonly(stats_reading.request, request_id, actor, zone, tz)


def _exported(
    database: Database, verb: Callable[..., Iterator[bytes]], *given: Any
) -> Iterator[bytes]:
    """Starlette takes each piece in a thread, as the reader keeps up."""
    with database.read(replica=True) as session:
        yield from verb(session, *given, _now())


def _file(name: str, form: Format, pieces: Iterator[bytes]) -> StreamingResponse:
    return StreamingResponse(
        pieces,
        media_type=_MEDIA.get(form, "application/x-ndjson"),
        headers={
            "content-disposition": f'attachment; filename="{name}.{form}"',
            "cache-control": "no-store",
        },
    )


def _now() -> int:
    return time_ns() // 1000
