"""Help is instant, and global options are welcome anywhere."""

import json
import subprocess
import sys

import pytest

from orouter.cli.frame import NOUNS

HEAVY = ["sqlalchemy", "sqlmodel", "fastapi", "starlette", "pydantic", "httpx", "uvicorn", "rich"]


LIGHT = ["org", "key", "limits", "logs", "model", "provider", "chat", "status", "doctor"]


@pytest.mark.parametrize("argv", [["--help"], ["nonsense"], *([noun, "--help"] for noun in LIGHT)])
def test_help_imports_nothing_heavy(argv):
    script = f"""
import sys
from orouter.cli.main import main
main({argv!r})
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_names_every_noun(bare):
    shown = bare("--help")
    assert shown.code == 0
    assert all(f"\n  {noun} " in shown.out for noun in NOUNS)
    assert bare().out == shown.out


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_help_of_its_own(bare, noun):
    shown = bare(noun, "--help")
    assert shown.code == 0
    assert shown.out.startswith(f"Usage: orouter {noun}")
    assert shown.err == ""


@pytest.mark.parametrize("noun", ["org", "key", "db", "config"])
def test_a_noun_alone_shows_its_verbs(bare, noun):
    assert bare(noun).out == bare(noun, "--help").out


@pytest.mark.parametrize(
    "argv",
    [
        ["-o", "json", "config", "show"],
        ["config", "-o", "json", "show"],
        ["config", "show", "-ojson"],
    ],
)
def test_global_options_stand_anywhere(bare, argv):
    assert {"setting": "server.port", "value": 8000} in json.loads(bare(*argv).out)


@pytest.mark.parametrize(
    ("argv", "meant"),
    [
        (["confg"], "Did you mean 'config'?"),
        (["config", "shw"], "Did you mean 'show'?"),
        (["config", "show", "--orign"], "--origin"),
        (["-o", "jsn", "version"], "'jsn' is none of table, json"),
        (["completion", "tcsh"], "'tcsh' is not one of 'bash', 'zsh', 'fish'"),
    ],
)
def test_usage_errors_say_what_was_meant(bare, argv, meant):
    refused = bare(*argv)
    assert refused.code == 2
    assert refused.out == ""
    error, hint = refused.err.splitlines()
    assert error.startswith("error: ")
    assert meant in error
    assert hint.startswith("hint: `orouter")
