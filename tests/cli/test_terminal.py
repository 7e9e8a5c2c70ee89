"""Commands on a real terminal: progress, colours, questions, Ctrl-C."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import Session, environment

OROUTER = [sys.executable, "-m", "orouter"]


@pytest.fixture
def place(installation: Path, tmp_path: Path) -> Path:
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("stats export --out usage.csv", "export"),
        ("db backup --out b.gz", "backup"),
        ("db purge --yes", "purge"),
        ("stats rebuild", "days"),
        ("db upgrade", "upgrade"),
    ],
)
def test_long_work_shows_that_it_goes_on(place: Path, line: str, shown: str) -> None:
    with Session([*OROUTER, *line.split()], place) as session:
        assert session.end() == 0
        assert shown in session.shown
        assert "\x1b[" in session.shown


def test_a_list_is_a_table_with_or_without_colours(place: Path) -> None:
    for options, coloured in (((), True), (("--no-color",), False)):
        with Session([*OROUTER, "config", "show", *options], place) as session:
            assert session.end() == 0
            assert "─" in session.shown
            assert ("\x1b[" in session.shown) == coloured
    with Session([*OROUTER, "config", "show"], place, NO_COLOR="1") as session:
        assert session.end() == 0
        assert "\x1b[" not in session.shown


def test_a_secret_is_typed_unseen(place: Path) -> None:
    with Session([*OROUTER, "key", "verify", "-"], place) as session:
        session.until("Key: ")
        session.type("ork_typed\n")
        assert session.end() == 4
        assert "ork_typed" not in session.shown


@pytest.mark.parametrize("line", ["logs tail -f", "stats watch"])
def test_ctrl_c_ends_with_130_and_no_trace(place: Path, line: str) -> None:
    with Session([*OROUTER, *line.split()], place) as session:
        session.until("model")
        session.process.send_signal(signal.SIGINT)
        assert session.end() == 130
        assert "Traceback" not in session.shown


def test_a_question_interrupted_has_done_nothing(place: Path) -> None:
    made = [*OROUTER, "org", "create", "acme", "-q"]
    subprocess.run(made, cwd=place, env=environment(), check=True, capture_output=True)  # noqa: S603 - our own command line
    with Session([*OROUTER, "org", "delete", "acme"], place) as session:
        session.until("Delete the organization")
        session.process.send_signal(signal.SIGINT)
        assert session.end() == 130
    shown = subprocess.run(  # noqa: S603 - the same
        [*OROUTER, "org", "show", "acme"], cwd=place, env=environment(), check=False
    )
    assert shown.returncode == 0


@pytest.mark.parametrize("line", ["org list", "config show", "stats export", "doctor"])
def test_no_terminal_no_input_and_no_home_are_enough(place: Path, line: str) -> None:
    bare = {"PATH": os.defpath, "PYTHONPATH": environment()["PYTHONPATH"]}
    done = subprocess.run(  # noqa: S603 - our own command line
        [*OROUTER, *line.split()],
        cwd=place,
        env=bare,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"\x1b" in done.stdout) == (0, False), done.stderr
