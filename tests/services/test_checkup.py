"""Each check, in order and out of order."""

import os
from pathlib import Path

import pytest

from orouter.db.session import Database
from orouter.services import checkup
from orouter.services.checkup import Finding
from orouter.services.providers import Trial
from orouter.settings import Settings, load
from orouter.usage.journal import Journal

KEY = "0123456789abcdef"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(**flags: object) -> Settings:
    return load(environ={}, flags={"logging.file": "none", **flags})


def examined(known: Settings, database: Database) -> dict[str, Finding]:
    return {each.check: each for each in checkup.examine(known, database)}


def test_an_installation_in_order(database: Database) -> None:
    known = settings(secret_key=KEY, **{"providers.demo.enabled": True})
    found = checkup.examine(known, database)
    assert [each for each in found if each.state != "ok" or each.mend] == []
    assert {each.check for each in found} == {
        *("configuration", "secret key", "database", "schema", "clock", "journal", "providers"),
        "permissions",
        "disk",
    }


def test_what_is_missing_is_told_with_the_way_to_mend_it(tmp_path: Path) -> None:
    absent = Database(f"sqlite:///{tmp_path}/nowhere/x.db")
    found = examined(settings(), absent)
    assert {name: each.state for name, each in found.items() if each.state != "ok"} == {
        "secret key": "fail",
        "database": "fail",
        "schema": "fail",
        "providers": "warn",
    }
    assert all(each.mend for each in found.values() if each.state != "ok")


def test_a_secret_key_that_others_can_read(here: Path, sqlite: Database) -> None:
    file = here / "k"
    file.write_text(KEY)
    for mode, state in ((0o644, "fail"), (0o600, "ok")):
        file.chmod(mode)
        found = examined(settings(secret_key_file="k"), sqlite)["secret key"]
        assert found.state == state
        assert (found.mend == "chmod 600 k") == (state == "fail")


def test_a_file_with_secrets_that_others_can_read(here: Path, sqlite: Database) -> None:
    file = here / "orouter.yaml"
    for content, mode, state in (
        (f"secret_key: {KEY}", 0o644, "warn"),
        (f"secret_key: {KEY}", 0o640, "ok"),
        (f"secret_key: {KEY}", 0o600, "ok"),
        ("secret_key: ${ELSEWHERE}", 0o644, "ok"),
        ("server: {port: 9000}", 0o666, "warn"),
    ):
        file.write_text(content)
        file.chmod(mode)
        environ = {"ELSEWHERE": KEY}
        known = load(str(file), environ=environ, flags={"logging.file": "none"})
        found = examined(known, sqlite)["permissions"]
        assert (found.state, bool(found.mend)) == (state, state != "ok"), (content, oct(mode))


def test_a_journal_that_cannot_be_written(here: Path, sqlite: Database) -> None:
    (here / "taken").touch()
    found = examined(settings(**{"usage.journal_dir": "taken/journal"}), sqlite)["journal"]
    assert (found.state, found.found) == ("fail", "taken/journal cannot be written")


def test_the_journal_s_backlog_is_told(here: Path, sqlite: Database) -> None:
    journal = Journal(here / "data/journal", node="n")
    journal.close()
    assert examined(settings(), sqlite)["journal"].found.startswith("data/journal, 0.0 MiB")
    full = here / "data/journal/n-1-X.000001.seg"
    full.write_bytes(b"x" * 9)
    os.truncate(full, checkup.BACKLOG_WARN + 1)
    assert examined(settings(), sqlite)["journal"].state == "warn"


def test_a_trial_is_a_check() -> None:
    good = Trial(provider="p", key="p#1", ok=True, latency_ms=5)
    bad = Trial(provider="p", key="p#2", ok=False, latency_ms=5, error="refused")
    assert checkup.of_trial(good).state == "ok"
    assert (checkup.of_trial(bad).state, checkup.of_trial(bad).found) == ("fail", "refused")
