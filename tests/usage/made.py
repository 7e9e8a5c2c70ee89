"""Intents and settlements to test with, and what the database made of them."""

import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orouter.db.session import Database
from orouter.ids import ulid
from orouter.models.usage_record import UsageRecord
from orouter.models.usage_rollup import (
    DIMENSIONS,
    MEASURES,
    ORG_DIMENSIONS,
    ORG_ROLLUPS,
    USAGE_ROLLUPS,
)
from orouter.usage.ingest import Ingester, Source
from orouter.usage.records import Intent, Settlement
from orouter.usage.rollups import Buckets, summed

KOLKATA = ZoneInfo("Asia/Kolkata")


def intent(**fields: Any) -> Intent:
    at = time.time_ns() // 1000
    made: dict[str, Any] = {
        "id": ulid(),
        "at": at,
        "request_id": "req",
        "org_id": "org_a",
        "key_id": "key_a",
    }
    made |= {"model": "openai/gpt-4o", "provider": "openai", "estimated_prompt_tokens": 7}
    return Intent(**made | fields)


def settlement(of: Intent | None = None, **fields: Any) -> Settlement:
    of = of or intent()
    made = {name: getattr(of, name) for name in ("id", "at", "request_id", "org_id", "key_id")}
    made |= {"model": of.model, "provider": of.provider, "prompt_tokens": 3}
    made |= {"completion_tokens": 5, "cost": 11, "latency": 1_200_000, "counted": True}
    return Settlement(**made | fields)


def ingester(database: Database, directory: Path | None, own: Source | None = None) -> Ingester:
    return Ingester(database, directory, zone=KOLKATA, own=own)


def stored(database: Database) -> dict[str, Any]:
    """The usage rows by id."""
    with database.read() as session:
        rows = session.connection().execute(sa.select(UsageRecord))
        return {row.id: row for row in rows}


Rollups = dict[tuple[Any, ...], list[int]]


def rollups(database: Database) -> Rollups:
    """The sums by key."""
    with database.read() as session:
        return rows_of(session.connection(), USAGE_ROLLUPS, DIMENSIONS)


def org_rollups(database: Database) -> Rollups:
    """The sums by organization."""
    with database.read() as session:
        return rows_of(session.connection(), ORG_ROLLUPS, ORG_DIMENSIONS)


def rows_of(connection: sa.Connection, table: sa.Table, dimensions: tuple[str, ...]) -> Rollups:
    rows = connection.execute(sa.select(table)).mappings()
    return {
        tuple(row[name] for name in dimensions): [row[name] for name in MEASURES] for row in rows
    }


def assert_rollups_are_sums(database: Database, settlements: list[Settlement]) -> None:
    expected = summed(settlements, Buckets(KOLKATA))
    assert rollups(database) == {tuple(row): values for row, values in expected.by_key.items()}
    assert org_rollups(database) == {tuple(row): values for row, values in expected.by_org.items()}
