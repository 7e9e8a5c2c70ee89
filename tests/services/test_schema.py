from pathlib import Path

import pytest

from orouter.db.session import Database
from orouter.errors import SchemaBehind
from orouter.services import schema


def test_the_state_before_and_after_an_upgrade(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/orouter.db")
    done = schema.upgrade(database)
    assert (done.before, done.after) == (None, database.call(schema.check))
    assert database.call(schema.state).up_to_date
    database.close()


def test_a_database_without_schema_is_told_apart(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/orouter.db")
    state = database.call(schema.state)
    assert (state.current, state.up_to_date) == (None, False)
    with pytest.raises(SchemaBehind):
        database.call(schema.check)
    database.close()
