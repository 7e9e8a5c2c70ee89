"""The installation as the admin pages show it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class DatabaseInfo(BaseModel):
    """The primary database. ``schema_revision`` is the newest migration that was applied."""

    kind: Literal["sqlite", "mysql", "mariadb", "postgresql"]
    version: str
    schema_revision: str | None
    schema_needed: str
    """The revision that this version of orouter was made for."""
    size_bytes: int | None


class JournalInfo(BaseModel):
    """Where usage waits until the database has it."""

    mode: Literal["journal", "direct"]
    directory: str | None
    writers: int
    """Processes on this node whose journal still holds files."""


class NodeInfo(BaseModel):
    """One machine that serves, and how many processes of it do."""

    node: str
    workers: int


class Counts(BaseModel):
    """How much there is; deleted ones do not count."""

    orgs: int
    keys: int
    users: int


class SystemPublic(BaseModel):
    """An installation, as the process that answers sees it."""

    version: str
    python: str
    node: str
    started_at: datetime
    uptime_s: int
    workers: int
    """Processes that this node was told to run."""
    nodes: list[NodeInfo]
    """Every node of this installation, this one included."""
    environment: Literal["production", "development"]
    configuration_file: str | None
    reporting_timezone: str
    database: DatabaseInfo
    replica: bool
    redis: bool
    journal: JournalInfo
    counts: Counts
