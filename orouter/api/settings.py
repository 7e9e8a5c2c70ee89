"""Settings over HTTP: what is in force in this installation, and changing what can change."""

from fastapi import APIRouter

from orouter.api.access import Caller, Db
from orouter.api.in_force import InForce
from orouter.schemas.settings import SettingList, SettingsChange
from orouter.services import settings

router = APIRouter(prefix="/api/v1/settings", tags=["settings"])


@router.get("")
async def list_settings(actor: Caller, known: InForce) -> SettingList:
    """List every setting with its origin; secrets are masked."""
    return SettingList(items=settings.listing(known, actor))


@router.patch("")
async def change_settings(
    change: SettingsChange, actor: Caller, database: Db, known: InForce
) -> SettingList:
    """Store values, in force everywhere within a second; the whole is validated first."""
    after = await database.run(settings.change, change.values, actor, known)
    return SettingList(items=settings.listing(after, actor))


@router.delete("/{path:path}")
async def reset_setting(path: str, actor: Caller, database: Db, known: InForce) -> SettingList:
    """Forget a stored value, so that file or default hold again."""
    after = await database.run(settings.reset, path, actor, known)
    return SettingList(items=settings.listing(after, actor))
