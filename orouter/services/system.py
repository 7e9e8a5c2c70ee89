"""What this installation is: versions, nodes, the database, and how much there is in it."""

import platform
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, SQLModel, col, func, select

import orouter
from orouter.db import facts, schema
from orouter.models import AdmissionWorker, ApiKey, Organization
from orouter.models.base import now
from orouter.models.user import User
from orouter.schemas.actor import Actor
from orouter.schemas.system import Counts, DatabaseInfo, JournalInfo, NodeInfo, SystemPublic
from orouter.services.recording import node_name
from orouter.settings import Settings
from orouter.usage.segments import writers


def overview(
    session: Session, actor: Actor, settings: Settings, started_at: datetime
) -> SystemPublic:
    """Everything about this installation; ``started_at`` is when this process began to serve."""
    actor.require("system.read")
    return SystemPublic(
        version=orouter.__version__,
        python=platform.python_version(),
        node=node_name(),
        started_at=started_at,
        uptime_s=int((now() - started_at).total_seconds()),
        workers=settings.server.workers,
        nodes=_nodes(session),
        environment=settings.server.environment,
        configuration_file=settings.file,
        reporting_timezone=settings.reporting_timezone,
        database=_database(session),
        replica=settings.database.replica_url is not None,
        redis=settings.redis_url is not None,
        journal=_journal(settings),
        counts=Counts(
            orgs=_living(session, Organization),
            keys=_living(session, ApiKey),
            users=_living(session, User),
        ),
    )


def _database(session: Session) -> DatabaseInfo:
    connection = session.connection()
    return DatabaseInfo.model_validate(
        {
            "kind": facts.kind(connection),
            "version": facts.version(connection),
            "schema_revision": schema.current(connection),
            "schema_needed": schema.head(),
            "size_bytes": facts.size_bytes(connection),
        }
    )


def _nodes(session: Session) -> list[NodeInfo]:
    query = (
        select(AdmissionWorker.node, func.count())
        .group_by(col(AdmissionWorker.node))
        .order_by(col(AdmissionWorker.node))
    )
    return [NodeInfo(node=node, workers=count) for node, count in session.exec(query)]


def _journal(settings: Settings) -> JournalInfo:
    if settings.usage.mode == "direct":
        return JournalInfo(mode="direct", directory=None, writers=0)
    directory = Path(settings.usage.journal_dir)
    return JournalInfo(mode="journal", directory=str(directory), writers=len(writers(directory)))


def _living(session: Session, table: type[SQLModel]) -> int:
    deleted_at = getattr(table, "deleted_at")  # noqa: B009 - every one of these tables has it
    return session.exec(
        select(func.count()).select_from(table).where(col(deleted_at).is_(None))
    ).one()
