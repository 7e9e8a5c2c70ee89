"""The calendar that this installation counts by: dates that a client writes mean days of it."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from orouter.api.access import Caller

router = APIRouter(prefix="/api/v1", tags=["statistics"])


class CalendarShown(BaseModel):
    """The IANA name of ``reporting_timezone``."""

    timezone: str


@router.get("/calendar")
async def show_calendar(actor: Caller, request: Request) -> CalendarShown:  # noqa: ARG001 - who may ask
    """Tell the time zone of months, days, limits and exports."""
    return CalendarShown(timezone=request.app.state.calendar.zone.key)
