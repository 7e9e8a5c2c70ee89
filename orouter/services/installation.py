"""What an installation consists of and whether it answers, for ``orouter status``."""

from datetime import datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from sqlmodel import Session, SQLModel, col, func, select

import orouter
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable, SchemaBehind
from orouter.models.api_key import ApiKey
from orouter.models.organization import Organization
from orouter.models.usage_record import UsageRecord
from orouter.services import schema
from orouter.settings import Settings
from orouter.usage.periods import moment

PATIENCE_S = 2.0


class Status(SQLModel):
    """What ``orouter status`` shows; counts and times are None where the database is silent."""

    version: str
    config: str | None
    server: str
    answering: bool
    database: str
    schema_revision: str | None = None
    schema_needed: str | None = None
    organizations: int | None = None
    keys: int | None = None
    last_request_at: datetime | None = None
    problem: str = ""


def status(settings: Settings, database: Database, url: str) -> Status:
    """Look at everything once; what does not answer is part of the result."""
    found = Status(
        version=orouter.__version__,
        config=settings.file,
        server=url,
        answering=answers(url),
        database=database.primary.place,
    )
    if not database.primary.exists():
        return found.model_copy(update={"problem": "The database is not there: orouter init"})
    try:
        with database.read() as session:
            state = schema.state(session)
        found.schema_revision, found.schema_needed = state.current, state.head
        with database.read() as session:
            return found.model_copy(update=_counts(session))
    except (DatabaseUnavailable, SchemaBehind) as e:
        return found.model_copy(update={"problem": e.message})


def answers(url: str) -> bool:
    """Whether an orouter serves there; ``url`` ends in ``/v1``."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(url.removesuffix("/v1") + "/health", timeout=PATIENCE_S) as answer:
            return bool(answer.status == 200)
    except HTTPError as e:
        e.close()
        return False
    except (OSError, ValueError):
        return False


def _counts(session: Session) -> dict[str, Any]:
    living = select(func.count()).where(col(Organization.deleted_at).is_(None))
    keys = select(func.count()).where(col(ApiKey.deleted_at).is_(None))
    last = session.exec(select(UsageRecord.at).order_by(col(UsageRecord.id).desc()).limit(1))
    at = last.first()
    return {
        "organizations": session.exec(living).one(),
        "keys": session.exec(keys).one(),
        "last_request_at": None if at is None else moment(at),
    }
