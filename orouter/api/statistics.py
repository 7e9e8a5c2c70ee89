"""Statistics over HTTP: sums, exports as a stream, and the request log."""

from collections.abc import Iterator
from time import time_ns
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from orouter.api.access import Caller, Db
from orouter.db.session import Database
from orouter.schemas.actor import Actor
from orouter.schemas.requests import LoggedRequest, RequestLogPage
from orouter.schemas.statistics import StatsReport
from orouter.schemas.stats_requests import ExportAsked, RequestsAsked, StatsAsked
from orouter.services import exports, request_log, statistics, stats_reading
from orouter.services.statistics import StatsQuery

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
    wanted = stats_reading.wanted(asked, zone, _now())
    return await database.run_on_replica(statistics.query, wanted, actor)


@router.get("/stats/export", response_class=StreamingResponse)
async def export_stats(
    asked: Annotated[ExportAsked, Query()], actor: Caller, database: Db, zone: Zone
) -> StreamingResponse:
    """Export usage as CSV, JSON or ndjson, as it is read."""
    wanted = stats_reading.wanted(asked, zone, _now())
    name = f'attachment; filename="usage.{asked.format}"'
    return StreamingResponse(
        _exported(database, asked, wanted, actor),
        media_type=_MEDIA.get(asked.format, "application/x-ndjson"),
        headers={"content-disposition": name, "cache-control": "no-store"},
    )


@router.get("/requests")
async def list_requests(
    asked: Annotated[RequestsAsked, Query()], actor: Caller, database: Db, zone: Zone
) -> RequestLogPage:
    """List requests, newest first."""
    return await database.run_readonly(stats_reading.page, asked, actor, zone, _now())


@router.get("/requests/{request_id}")
async def show_request(request_id: str, actor: Caller, database: Db, zone: Zone) -> LoggedRequest:
    """Show one request with its attempts."""
    return await database.run_readonly(request_log.get, request_id, actor, zone)


def _exported(
    database: Database, asked: ExportAsked, wanted: StatsQuery, actor: Actor
) -> Iterator[bytes]:
    """Starlette takes each piece in a thread, as the reader keeps up."""
    with database.read(replica=True) as session:
        if asked.detail:
            listing = stats_reading.requests_of(wanted)
            yield from exports.detail(session, listing, wanted, actor, asked.format)
        else:
            yield from exports.summary(session, wanted, actor, asked.format)


def _now() -> int:
    return time_ns() // 1000
