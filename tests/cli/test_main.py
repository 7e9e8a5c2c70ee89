"""Exit codes, and the two lines of an error."""

import subprocess
import sys
from pathlib import Path

import pytest

ORG_ID = "org_" + "0" * 26


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["version"], 0),
        (["org", "create"], 2),
        (["org", "create", ""], 2),
        (["org", "show", "nobody"], 3),
        (["org", "show", ORG_ID], 3),
        (["key", "verify"], 4),
        (["org", "create", "acme"], 5),
        (["org", "delete", "acme"], 9),
        (["-c", "nowhere.yaml", "org", "list"], 2),
        (["--tz", "Mars/Olympus", "org", "list"], 2),
    ],
)
def test_exit_codes(cli, acme, argv, code):
    done = cli(*argv, input="ork_wrong")
    assert done.code == code
    if code:
        assert done.out == ""
        assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "hint"]


def test_a_database_that_is_not_there(bare):
    done = bare("org", "list")
    assert done.code == 8
    assert "does not answer" in done.err


def test_a_database_without_a_schema(bare, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orouter.db").touch()
    done = bare("org", "list")
    assert (done.code, done.err.splitlines()[1]) == (8, "hint: Run: orouter db upgrade")


def test_the_unexpected_is_one_line_and_debug_shows_more(bare, monkeypatch):
    canary = "sk-canary-0123456789"

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"{canary}\nsecond line")

    monkeypatch.setattr("platform.python_version", fail)
    done = bare("version")
    assert done.code == 1
    assert done.err.splitlines()[0] == "error: RuntimeError: sk-***"
    shown = bare("version", "--debug")
    assert "Traceback" in shown.err
    assert canary not in done.err + shown.err


def test_an_interrupt_is_130(bare, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("platform.python_version", interrupt)
    assert bare("version").code == 130


def test_a_reader_that_leaves_is_no_error(tmp_path: Path):
    script = f"{sys.executable} -m orouter config show | head -1"
    done = subprocess.run(  # noqa: S602  a pipe of our own making
        script, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "setting\tvalue\n"
    assert done.stderr == ""


def test_configuration_errors_tell_every_problem(bare, tmp_path):
    (tmp_path / "orouter.yaml").write_text("server: {prot: 1}\nlimits: {warn_at_percent: 200}\n")
    done = bare("config", "check")
    assert done.code == 2
    assert done.err.splitlines() == [
        "error: 2 problems in the configuration:",
        "  orouter.yaml:1: server.prot is not known; did you mean server.port?",
        "  orouter.yaml:2: limits.warn_at_percent must be at most 100",
        "hint: correct it, then see whether `orouter config check` agrees",
    ]
