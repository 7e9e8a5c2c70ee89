"""The audit log over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from orouter.api.access import Caller, Db
from orouter.models.audit_entry import AuditEntryPublic, AuditListing
from orouter.schemas.pages import Page
from orouter.services import audit

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])


@router.get("")
async def list_audit_entries(
    listing: Annotated[AuditListing, Query()], actor: Caller, database: Db
) -> Page[AuditEntryPublic]:
    """List who changed what, newest first."""
    return await database.run_readonly(audit.list_all, listing, actor)
