"""The names behind the ids that usage is stored under; what was deleted keeps its name."""

from collections.abc import Iterable
from itertools import islice

from sqlmodel import Session, col, select

from orouter.models import ApiKey, Organization

_AT_ONCE = 500


def names_of(
    session: Session, *, orgs: Iterable[str], keys: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Names by id of organizations and of keys; ids that nobody has are left out."""
    return (
        _named(session, Organization, orgs),
        _named(session, ApiKey, keys),
    )


def _named(
    session: Session, owner: type[Organization] | type[ApiKey], ids: Iterable[str]
) -> dict[str, str]:
    names: dict[str, str] = {}
    waiting = iter(sorted(ids))
    while chunk := list(islice(waiting, _AT_ONCE)):
        query = select(owner.id, owner.name).where(col(owner.id).in_(chunk))
        names |= dict(session.exec(query).all())
    return names
