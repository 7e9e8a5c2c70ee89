"""``orouter db``."""

import json
import stat

from orouter.db.session import Database
from tests.services.owned_usage import Owner


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


def test_a_backup_is_private_whole_and_silent(cli, acme, tmp_path):
    done = cli("db", "backup", "--out", "b-{date}.gz")
    assert (done.code, done.out, done.err) == (0, "", "")
    [file] = tmp_path.glob("b-*.gz")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".b-*"))
    shown = json.loads(cli("db", "restore", file.name, "--dry-run", "-o", "json").out)
    assert {"table": "organizations", "rows": 1} in shown


def test_only_the_newest_backups_are_kept(cli, tmp_path):
    for name in ("b-2026-01-01T000000Z.gz", "b-2026-01-02T000000Z.gz", "b-other.gz"):
        (tmp_path / name).touch()
    assert cli("db", "backup", "--out", "b-{date}.gz", "--keep", "2").code == 0
    names = sorted(each.name for each in tmp_path.glob("b-*"))
    assert names[0] == "b-2026-01-02T000000Z.gz"
    assert len(names) == 3
    refused = cli("db", "backup", "--out", "b.gz", "--keep", "2")
    assert refused.code == 2
    assert "{date}" in refused.err


def test_a_restore_replaces_only_when_it_is_meant_to(cli, acme, tmp_path):
    assert cli("db", "backup", "--out", "b.gz").code == 0
    assert cli("org", "create", "later").code == 0
    assert cli("db", "restore", "b.gz").code == 9
    assert len(json.loads(cli("org", "list", "-o", "json").out)) == 2
    assert cli("db", "restore", "b.gz", "--yes").code == 0
    assert [each["id"] for each in json.loads(cli("org", "list", "-o", "json").out)] == [acme]


def test_a_backup_goes_into_a_new_database_without_asking(cli, acme, tmp_path, monkeypatch):
    cli("db", "backup", "--out", "b.gz")
    monkeypatch.setenv("OROUTER_DATABASE__URL", f"sqlite:///{tmp_path}/new.db")
    assert cli("db", "restore", "b.gz").code == 0
    assert [each["id"] for each in json.loads(cli("org", "list", "-o", "json").out)] == [acme]


def test_what_is_no_backup_is_refused(cli, tmp_path):
    (tmp_path / "b.gz").write_bytes(b"no backup")
    assert cli("db", "restore", "b.gz", "--yes").code == 6
    assert cli("db", "restore", "missing.gz", "--yes").code == 2


def test_old_requests_are_purged(cli, tmp_path):
    database = Database(f"sqlite:///{tmp_path}/data/orouter.db")
    used = Owner(database, "acme").use("2024-01-01T10:00")
    database.close()
    assert json.loads(cli("db", "purge", "--dry-run", "-o", "json").out) == {"requests": 1}
    assert cli("logs", "show", used.id).code == 0
    assert cli("db", "purge").code == 9
    done = cli("db", "purge", "--older-than", "90d", "--yes", "-o", "json")
    assert json.loads(done.out) == {"requests": 1}
    assert cli("logs", "show", used.id).code == 3
    assert cli("db", "purge", "--older-than", "90x").code == 2
