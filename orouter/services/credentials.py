"""What the data plane holds of a key, read in one query for many and without ORM objects."""

from datetime import UTC, datetime, timedelta
from sys import intern
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from orouter.models import ApiKey, Organization
from orouter.models.usage_rollup import USAGE_ROLLUPS
from orouter.services.key_ring import Credential

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


_COLUMNS: tuple[Any, ...] = (
    col(ApiKey.id).label("key_id"),
    col(ApiKey.org_id),
    col(Organization.name).label("org_name"),
    col(Organization.enabled).label("org_enabled"),
    col(Organization.deleted_at).is_not(None).label("org_deleted"),
    col(ApiKey.name).label("key_name"),
    col(ApiKey.permission),
    col(ApiKey.enabled),
    col(ApiKey.deleted_at).is_not(None).label("deleted"),
    col(ApiKey.expires_at),
    col(ApiKey.digest),
    col(ApiKey.previous_digest),
    col(ApiKey.previous_expires_at),
    col(ApiKey.version),
    col(Organization.version).label("org_version"),
)


def load_credentials(session: Session, digests: list[str]) -> list[Credential]:
    """Return the credentials behind the digests, current or previous; unknown ones are left out."""
    known = sa.or_(col(ApiKey.digest).in_(digests), col(ApiKey.previous_digest).in_(digests))
    return _credentials(session, _joined().where(known)) if digests else []


def changed_since(session: Session, version: int) -> list[Credential]:
    """Return every credential that changed after ``version``, itself or by its organization."""
    newer_owners = sa.select(col(Organization.id)).where(col(Organization.version) > version)
    newer = sa.or_(col(ApiKey.version) > version, col(ApiKey.org_id).in_(newer_owners))
    return _credentials(session, _joined().where(newer))


def ids_to_warm(session: Session, used_since_us: int, limit: int) -> list[str]:
    """Return the ids of up to ``limit`` keys: those used since then, the last first; the newest."""
    used = USAGE_ROLLUPS.c
    lately = (
        sa.select(used.key_id)
        .where(used.grain == "day", used.start >= used_since_us)
        .group_by(used.key_id)
        .order_by(sa.func.max(used.start).desc(), used.key_id)
        .limit(limit)
    )
    newest = (
        sa.select(col(ApiKey.id))
        .where(col(ApiKey.deleted_at).is_(None))
        .order_by(col(ApiKey.id).desc())
        .limit(limit)
    )
    found = [row[0] for query in (lately, newest) for row in session.connection().execute(query)]
    return list(dict.fromkeys(found))[:limit]


def living(session: Session, ids: list[str]) -> list[Credential]:
    """Return the credentials with these ids, without those that are deleted."""
    is_living = (col(ApiKey.deleted_at).is_(None), col(Organization.deleted_at).is_(None))
    return _credentials(session, _joined().where(col(ApiKey.id).in_(ids), *is_living))


def _joined() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*_COLUMNS).join_from(
        ApiKey, Organization, col(Organization.id) == col(ApiKey.org_id)
    )


def _credentials(session: Session, query: sa.Select[*tuple[Any, ...]]) -> list[Credential]:
    return [_credential(row) for row in session.connection().execute(query)]


def _credential(row: sa.Row[*tuple[Any, ...]]) -> Credential:
    fields = row._asdict()
    fields["version"] = max(fields["version"], fields.pop("org_version"))
    for moment in ("expires_at", "previous_expires_at"):
        fields[f"{moment}_us"] = _microseconds(fields.pop(moment))
    for shared in ("org_id", "org_name", "permission"):
        fields[shared] = intern(fields[shared])
    return Credential(**fields)


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND
