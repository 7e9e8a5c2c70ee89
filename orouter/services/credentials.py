"""What the data plane holds of every key, read in one query each and without ORM objects."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlmodel import Session, col

from orouter.models import ApiKey, Organization
from orouter.schemas.actor import Permission

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Credential(Struct, frozen=True, kw_only=True):
    """A key and its organization as of ``version``: the later of the two rows' versions.

    Times are microseconds since the epoch; ``previous_digest`` is empty if there is none.
    """

    key_id: str
    org_id: str
    org_name: str
    org_enabled: bool
    org_deleted: bool
    name: str
    permission: Permission
    enabled: bool
    deleted: bool
    expires_at_us: int | None
    digest: str
    previous_digest: str
    previous_expires_at_us: int | None
    version: int


_COLUMNS: tuple[Any, ...] = (
    col(ApiKey.id).label("key_id"),
    col(ApiKey.org_id),
    col(Organization.name).label("org_name"),
    col(Organization.enabled).label("org_enabled"),
    col(Organization.deleted_at).is_not(None).label("org_deleted"),
    col(ApiKey.name),
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


def page_for_warmup(session: Session, after_id: str, limit: int) -> list[Credential]:
    """Return up to ``limit`` living credentials with ids above ``after_id``, sorted by id."""
    living = (col(ApiKey.deleted_at).is_(None), col(Organization.deleted_at).is_(None))
    query = _joined().where(col(ApiKey.id) > after_id, *living)
    return _credentials(session, query.order_by(col(ApiKey.id)).limit(limit))


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
    return Credential(**fields)


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND
