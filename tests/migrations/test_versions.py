"""Every revision, on each database: what it builds, and that it keeps what is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from orouter.db import schema
from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from tests.databases import BACKENDS, new_database

# Rows that a revision leaves behind and all later ones must keep: table to values.
SEEDS = {
    "0002_organizations": {
        "organizations": {
            "id": "org_1",
            "name": "a😀",
            "name_key": "a😀",
            "description": "",
            "enabled": True,
            "created_at": "2026-01-31 23:59:59.600000",
            "updated_at": "2026-01-31 23:59:59.600000",
            "version": 1,
        }
    },
}


@pytest.fixture(params=BACKENDS)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A database with nothing in it."""
    try:
        with new_database(request.param, tmp_path) as url:
            yield Server(url)
    except DatabaseUnavailable:
        pytest.skip("no server")


def step(server: Server, revision: str) -> None:
    """Apply one revision in a transaction of its own."""
    config = Config()
    config.set_main_option("script_location", str(schema.migrations()))
    with server.migration_engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_schema_is_the_models_schema(database: Database) -> None:
    with database.primary.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_each_revision_keeps_what_is_there(bare: Server) -> None:
    for revision in schema.revisions():
        step(bare, revision)
        with bare.migration_engine().begin() as connection:
            for table, values in SEEDS.get(revision, {}).items():
                connection.execute(sa.insert(sa.table(table, *map(sa.column, values))), values)
    with bare.migration_engine().connect() as connection:
        assert schema.current(connection) == schema.head()
        kept = connection.execute(sa.text("SELECT name, created_at FROM organizations")).one()
        assert (kept[0], str(kept[1])[:21]) == ("a😀", "2026-01-31 23:59:59.6")
        assert connection.scalar(sa.text("SELECT value FROM change_counter WHERE id = 1")) == 0


def test_a_revision_cut_short_can_be_run_again(bare: Server) -> None:
    """MySQL keeps the tables of a revision that died before it was written down."""
    for revision in schema.revisions():
        step(bare, revision)
        with bare.migration_engine().begin() as connection:
            before = schema.revisions()[: schema.revisions().index(revision)]
            connection.execute(sa.text("DELETE FROM alembic_version"))
            if before:
                values = {"version": before[-1]}
                insert = "INSERT INTO alembic_version (version_num) VALUES (:version)"
                connection.execute(sa.text(insert), values)
        step(bare, revision)
    with bare.migration_engine().connect() as connection:
        assert schema.current(connection) == schema.head()
