"""The settings in force, as routes ask for them: also what was stored a moment ago elsewhere.

``app.state.with_stored`` is set when the application starts.
"""

from collections.abc import Callable, Mapping
from time import time_ns
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from orouter.api.access import Db
from orouter.services import stored_settings
from orouter.settings import Settings


async def _in_force(request: Request, database: Db) -> Settings:
    with_stored: Callable[[Mapping[str, Any]], Settings] = request.app.state.with_stored
    return with_stored(await database.run_readonly(stored_settings.all_values))


def _zone(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.app.state.calendar.zone
    return zone


def _now() -> int:
    return time_ns() // 1000


InForce = Annotated[Settings, Depends(_in_force)]
Zone = Annotated[ZoneInfo, Depends(_zone)]
"""The reporting zone."""
Now = Annotated[int, Depends(_now)]
"""Microseconds since the epoch."""
