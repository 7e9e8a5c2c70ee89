import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from orouter.db import schema
from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable, SchemaBehind
from orouter.models.schema_floor import SchemaFloor
from tests.databases import BACKENDS, new_database


@pytest.fixture(params=BACKENDS)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    try:
        with new_database(request.param, tmp_path) as url:
            database = Database(url)
            if request.param == "sqlite":
                Server(url).engine.connect().close()
            yield database
            database.close()
    except DatabaseUnavailable:
        pytest.skip("no server")


def test_the_newest_file_is_alembics_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.migrations()))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [schema.head()]
    chain = [script.revision for script in scripts.walk_revisions()]
    assert chain[::-1] == schema.revisions()


def test_from_nothing_to_the_head(bare: Database) -> None:
    with bare.read() as session:
        assert schema.current(session.connection()) is None
        with pytest.raises(SchemaBehind) as behind:
            schema.check(session)
    assert behind.value.hint == "Run: orouter db upgrade"
    assert schema.upgrade(bare.primary) == (None, schema.head())
    with bare.read() as session:
        assert schema.check(session) == schema.head()


def test_an_upgrade_that_is_not_needed_is_quick(database: Database) -> None:
    schema.upgrade(database.primary)
    started = time.perf_counter()
    assert schema.upgrade(database.primary) == (schema.head(), schema.head())
    assert time.perf_counter() - started < 0.5  # 50 ms on a quiet machine; Alembic would show


def test_two_upgrades_at_once_do_it_once(bare: Database) -> None:
    done: list[tuple[str | None, str]] = []
    url = bare.primary.url.render_as_string(hide_password=False)
    threads = [
        threading.Thread(target=lambda: done.append(schema.upgrade(Server(url)))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done, key=str) == sorted(
        [(None, schema.head()), *[(schema.head(), schema.head())] * 2], key=str
    )


def test_a_newer_schema_is_not_touched(bare: Database) -> None:
    schema.upgrade(bare.primary)
    with bare.begin() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = '9999_new'"))
    with pytest.raises(SchemaBehind, match="newer"):
        schema.upgrade(bare.primary)
    with pytest.raises(SchemaBehind, match="newer"), bare.read() as session:
        schema.check(session)


@pytest.mark.parametrize("floor", ["ours", "9999_new", "none"])
def test_a_server_goes_on_with_a_newer_schema_if_that_allows_it(bare: Database, floor: str) -> None:
    schema.upgrade(bare.primary)
    floor = schema.head() if floor == "ours" else floor
    with bare.begin() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = '9999_new'"))
        raised = sa.update(SchemaFloor).values(revision=floor)
        session.connection().execute(sa.delete(SchemaFloor) if floor == "none" else raised)
    with bare.read() as session:
        if floor == schema.head():
            assert schema.check_to_serve(session) == "9999_new"
        else:
            with pytest.raises(SchemaBehind, match="newer"):
                schema.check_to_serve(session)


def test_a_server_wants_its_own_schema_at_least(bare: Database) -> None:
    with pytest.raises(SchemaBehind, match="nothing"), bare.read() as session:
        schema.check_to_serve(session)
    schema.upgrade(bare.primary, schema.revisions()[-2])
    with pytest.raises(SchemaBehind, match=schema.revisions()[-2]), bare.read() as session:
        schema.check_to_serve(session)
    schema.upgrade(bare.primary)
    with bare.read() as session:
        assert schema.check_to_serve(session) == schema.head()


async def test_the_server_checks_it_on_the_event_loop(async_database: Database) -> None:
    found = await async_database.run_readonly(lambda s: schema.current(s.connection()))
    assert found == schema.head()
