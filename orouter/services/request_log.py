"""The request log: single requests, newest first, page by page.

Pages continue after an id instead of skipping rows, so the thousandth costs as much as the first.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from orouter.errors import NotFound
from orouter.ids import is_ulid, made_at, ulid
from orouter.models.usage_record import UsageRecord
from orouter.providers.prices import usd
from orouter.schemas.actor import Actor
from orouter.schemas.requests import LoggedRequest, RequestListing, RequestPage
from orouter.services.filters import matching
from orouter.services.owner_names import names_of
from orouter.usage.periods import moment

ROWS_AT_ONCE = 1000


def page(
    session: Session, listing: RequestListing, actor: Actor, zone: tzinfo = UTC, *, skip: int = 0
) -> RequestPage:
    """One page of requests that the actor may see; moments are shown in ``zone``.

    ``skip`` passes over newer ones and is for the first pages: what it passes over is read.
    """
    query = _ordered(_matching(listing, actor), listing).offset(skip or None)
    found = session.exec(query).all()
    more = len(found) > listing.limit
    shown = found[: listing.limit]
    return RequestPage(
        items=_logged(session, shown, zone), next=shown[-1].id if more and shown else None
    )


def get(session: Session, request: str, actor: Actor, zone: tzinfo = UTC) -> LoggedRequest:
    """The request of that id, which is the answer's ``x-generation-id``. NotFound otherwise."""
    query = _matching(RequestListing(), actor).where(col(UsageRecord.id) == request)
    record = session.exec(query).first() if request.isascii() else None
    if record is None:
        raise NotFound(
            "There is no such request", hint="It shows a second or two after its answer."
        )
    return _logged(session, [record], zone)[0]


def everything(
    session: Session, listing: RequestListing, actor: Actor, zone: tzinfo = UTC
) -> Iterator[LoggedRequest]:
    """All requests of a listing, oldest first, in constant memory; its limit does not count."""
    wanted = listing.model_copy(update={"after": listing.after or "0", "limit": ROWS_AT_ONCE})
    while True:
        records = session.exec(_ordered(_matching(wanted, actor), wanted)).all()[:ROWS_AT_ONCE]
        yield from _logged(session, records, zone)
        session.expunge_all()
        if len(records) < ROWS_AT_ONCE:
            return
        wanted = wanted.model_copy(update={"after": records[-1].id})


def _matching(listing: RequestListing, actor: Actor) -> SelectOfScalar[UsageRecord]:
    record = UsageRecord
    conditions: list[tuple[object, sa.ColumnElement[bool]]] = [
        (actor.orgs is not None, col(record.org_id).in_(sorted(actor.orgs or ()))),
        (actor.sees_only_itself, col(record.key_id) == actor.id),
        (listing.status, col(record.status) == listing.status),
        (listing.errors, col(record.failed).is_(True)),
        (listing.slower_than is not None, col(record.latency) > (listing.slower_than or 0)),
        (listing.min_cost is not None, col(record.cost) >= (listing.min_cost or 0)),
        (listing.search, _named(listing.search)),
        *_of_time(listing),
    ]
    return select(record).where(
        *(condition for wanted, condition in conditions if wanted), *_of_whom(listing)
    )


def _of_whom(listing: RequestListing) -> list[sa.ColumnElement[bool]]:
    record = UsageRecord
    return matching(
        (col(record.org_id), listing.org),
        (col(record.key_id), listing.key),
        (col(record.provider), listing.provider),
        (col(record.model), listing.model),
    )


def _named(name: str) -> sa.ColumnElement[bool]:
    """Ids of ours are looked up; what callers made up is compared within the range of time."""
    id_, named = col(UsageRecord.id), col(UsageRecord.request_id) == name
    if is_ulid(name):
        return id_ == name
    made = name.removeprefix("req_")
    if not is_ulid(made):
        return named
    at = made_at(made)
    return sa.and_(named, id_ >= first_id(at - _UPLOAD), id_ < first_id(at + _UPLOAD))


def _of_time(listing: RequestListing) -> list[tuple[object, sa.ColumnElement[bool]]]:
    """Ids begin with the millisecond they were made in, and the primary key finds them."""
    id_, at = col(UsageRecord.id), col(UsageRecord.at)
    since, until = listing.since or 0, listing.until or 0
    return [
        (since, sa.and_(id_ >= first_id(since - _DRIFT), at >= since)),
        (until, sa.and_(id_ < first_id(until + _DRIFT), at < until)),
        (listing.before, id_ < listing.before),
        (listing.after, id_ > listing.after),
    ]


_UPLOAD = 3_600_000_000
"""A request id is made when a request begins, an id when its body has arrived."""
_DRIFT = 60_000_000
"""An id is made at admission, a moment before or after ``at`` is read."""


def first_id(at: int) -> str:
    """The smallest id that can be made in the millisecond of ``at`` microseconds."""
    return ulid(max(at, 0))[:10] + "0" * 16


def _ordered(
    query: SelectOfScalar[UsageRecord], listing: RequestListing
) -> SelectOfScalar[UsageRecord]:
    id_ = col(UsageRecord.id)
    order = id_.asc() if listing.after else id_.desc()
    return query.order_by(order).limit(listing.limit + 1)


def _logged(session: Session, records: Iterable[UsageRecord], zone: tzinfo) -> list[LoggedRequest]:
    records = list(records)
    orgs, keys = names_of(
        session, orgs={each.org_id for each in records}, keys={each.key_id for each in records}
    )
    return [
        _shown(each, zone, orgs.get(each.org_id, ""), keys.get(each.key_id, "")) for each in records
    ]


def _shown(record: UsageRecord, zone: tzinfo, org: str, key: str) -> LoggedRequest:
    same = {name: getattr(record, name) for name in _SAME}
    return LoggedRequest(
        **same,
        org=org,
        key=key,
        at=moment(record.at).astimezone(zone).isoformat(timespec="milliseconds"),
        input_tokens=record.prompt_tokens,
        output_tokens=record.completion_tokens,
        cost_usd=None if record.cost is None else usd(record.cost),
        latency_ms=record.latency / 1000,
        ttft_ms=None if record.ttft is None else record.ttft / 1000,
        tries=_tries(record.tries),
    )


_SAME = LoggedRequest.model_fields.keys() & UsageRecord.model_fields.keys() - {"at", "tries"}


def _tries(text: str) -> list[dict[str, Any]]:
    tries = json.loads(text) if text else []
    return tries if isinstance(tries, list) else []
