"""``orouter db``."""

import json


def test_the_schema_can_be_asked_for_and_brought_up_to_date(bare):
    first = json.loads(bare("db", "upgrade", "-o", "json").out)
    again = json.loads(bare("db", "upgrade", "-o", "json").out)
    assert first["before"] is None
    assert again == {"before": first["after"], "after": first["after"]}
    state = json.loads(bare("db", "current", "-o", "json").out)
    assert state == {"current": first["after"], "head": first["after"], "up_to_date": True}
    assert bare("db", "check").code == 0


def test_a_database_without_a_schema_fails_the_check(bare, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orouter.db").touch()
    assert json.loads(bare("db", "current", "-o", "json").out)["up_to_date"] is False
    assert bare("db", "check").code == 8
