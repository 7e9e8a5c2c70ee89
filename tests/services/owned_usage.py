"""Organizations and keys with usage in a database, for tests of what reads it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from orouter.db.session import Database
from orouter.ids import ulid
from orouter.models import KeyCreate, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import keys, organizations
from orouter.usage.periods import Span, micros
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets
from orouter.usage.store import store

ZONE = ZoneInfo("Asia/Kolkata")


def at(text: str, zone: ZoneInfo = ZONE) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=zone))


def between(start: str, end: str) -> Span:
    return Span(at(start), at(end))


class Owner:
    """One organization with one key, and its requests."""

    def __init__(self, database: Database, name: str, zone: ZoneInfo = ZONE) -> None:
        self.database = database
        self.zone = zone
        self.org = database.call(organizations.create, OrganizationCreate(name=name), CLI).id
        made = database.call(
            keys.issue, self.org, KeyCreate(name=f"{name}-ci"), CLI, pepper=b"p" * 32
        )
        self.key = made.id

    def use(self, when: str, **fields: Any) -> Settlement:
        instant = at(when, self.zone)
        made: dict[str, Any] = {"id": ulid(instant), "at": instant, "request_id": "r"}
        made |= {"org_id": self.org, "key_id": self.key, "model": "openai/gpt-4o"}
        made |= {"provider": "openai", "prompt_tokens": 10, "completion_tokens": 5}
        made |= {"cost": 1_500_000, "latency": 400_000, "counted": True}
        settlement = Settlement(**made | fields)
        with self.database.begin() as session:
            store(session.connection(), [settlement], {}, Buckets(self.zone))
        return settlement
