"""The installation over HTTP. ``app.state.started_at`` is set when the application starts."""

from fastapi import APIRouter, Request

from orouter.api.access import Caller, Db
from orouter.api.in_force import InForce
from orouter.schemas.system import SystemPublic
from orouter.services import system

router = APIRouter(prefix="/api/v1/system", tags=["system"])


@router.get("")
async def show_system(
    request: Request, actor: Caller, database: Db, known: InForce
) -> SystemPublic:
    """Show versions, nodes, the database and how much is in it."""
    started_at = request.app.state.started_at
    return await database.run_readonly(system.overview, actor, known, started_at)
