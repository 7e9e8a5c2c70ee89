"""Every command in every output format: what comes out is that format, whole and nothing else."""

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from orouter.cli.main import main
from orouter.cli.output import FORMATS
from orouter.db.session import Database
from tests.cli.conftest import Run
from tests.cli.test_reference import COMMANDS
from tests.services.owned_usage import Owner

UTC = ZoneInfo("UTC")
KEY = "acme/acme-ci"
USER = "ada@example.com"

LISTS = {
    "org list": "",
    "key list": "",
    "limits show": "",
    "limits check": "--threshold 1",
    "user list": "",
    "user sessions": USER,
    "user token": USER,
    "audit list": "",
    "stats show": "--year 2026 --by org,day",
    "stats top": "--year 2026",
    "stats watch": "--times 1",
    "stats rebuild": "",
    "logs list": "",
    "logs tail": "",
    "model list": "--provider demo",
    "model sync": "--provider demo",
    "provider list": "",
    "provider test": "demo",
    "config show": "--origin",
    "doctor": "",
}
"""Commands that answer a list → what they are called with."""

THINGS = {
    "org create": "new",
    "org show": "acme",
    "org update": "acme --description x",
    "org enable": "acme",
    "org disable": "acme",
    "org delete": "acme --yes",
    "org restore": "gone",
    "key issue": "--org acme --name new",
    "key show": KEY,
    "key update": f"{KEY} --description x",
    "key enable": KEY,
    "key disable": KEY,
    "key rotate": KEY,
    "key delete": f"{KEY} --yes",
    "key restore": "{deleted_key}",
    "key move": f"{KEY} --org other",
    "key verify": "-",
    "user show": USER,
    "user update": f"{USER} --name Ada",
    "user role": f"{USER} operator",
    "user enable": USER,
    "user disable": USER,
    "user delete": f"{USER} --yes",
    "user restore": "{deleted_user}",
    "limits set": "acme --requests 5k",
    "limits clear": "acme --yes",
    "logs show": "{request}",
    "model show": "demo/echo",
    "model price": "demo/echo --input 1",
    "provider show": "demo",
    "provider add": "more --type demo",
    "provider update": "kept --timeout-s 9",
    "provider enable": "kept",
    "provider disable": "kept",
    "provider remove": "kept --yes",
    "config set": "routing.max_retries 2",
    "config unset": "routing.max_retries",
    "config check": "",
    "config path": "",
    "db upgrade": "",
    "db current": "",
    "db check": "",
    "db purge": "--older-than 1d --yes",
    "db restore": "b.gz --yes",
    "status": "",
    "version": "",
}
"""Commands that answer one thing."""

LISTS |= {each: THINGS.pop(each) for each in ("limits set", "limits clear", "db restore")}

OTHERS = {
    "quickstart": "welcomes a person",
    "init": "tells a person",
    "serve": "serves",
    "chat": "test_chat.py",
    "user create": "test_users.py: answers a link",
    "user passwd": "test_users.py: reads a password",
    "completion": "test_completion.py",
    "stats export": "test_stats.py: writes a file in formats of its own",
    "db backup": "test_schema.py: writes a file",
}
"""Commands without such an answer, and where they are tested."""

PEOPLE_ARE_TOLD = {"config unset", "config check", "db check", "db purge"}
"""Answer in words beside standard output unless a format is named."""


@pytest.fixture(scope="module")
def furnished(installation: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An installation in which something was done, and the names that commands need."""
    place, before = tmp_path_factory.mktemp("furnished") / "here", Path.cwd()
    shutil.copytree(installation, place)
    database = Database(f"sqlite:///{place}/data/orouter.db")
    owner, _, gone = (Owner(database, name, UTC) for name in ("acme", "other", "gone"))
    request = owner.use(datetime.now(UTC).replace(tzinfo=None).isoformat()).id
    owner.use("2026-10-03T10:00", code="upstream_error", status=502, cost=None)
    database.close()
    (place / "orouter.yaml").write_text("providers: {demo: {type: demo, enabled: true}}\n")
    os.chdir(place)
    try:
        for line in (
            *("limits set acme --requests 10", "org delete gone --yes"),
            *("key issue --org acme --name dead --env-file dead.env", "key delete acme/dead --yes"),
            *(
                "key issue --org acme --name live --env-file live.env",
                "limits check --mend",
                f"user create {USER} --name Ada",
                "user create gone@example.com",
                "user delete gone@example.com --yes",
                "provider add kept --type demo",
                "db backup --out b.gz",
            ),
        ):
            assert main(["-q", *line.split()]) == 0
    finally:
        os.chdir(before)
    secret = (place / "live.env").read_text().split("=", 1)[1].splitlines()[0]
    return {"place": place, "request": request, "secret": secret, "gone": gone.org}


@pytest.fixture
def ask(bare: Run, furnished: dict[str, Any], tmp_path: Path) -> Callable[..., Any]:
    """Runs a command by its words in a copy of the furnished installation."""
    shutil.copytree(furnished["place"], tmp_path, dirs_exist_ok=True)

    def ask(words: str, *options: str, sure: bool = True, **how: Any) -> Any:
        said = (LISTS | THINGS)[words].removesuffix("" if sure else "--yes")
        if "{deleted_key}" in said:
            deleted = json.loads(bare("key", "list", "--status", "deleted", "-o", "json").out)
            said = next(each["id"] for each in deleted if each["name"] == "dead")
        if "{deleted_user}" in said:
            said = bare("user", "list", "--status", "deleted", "-q").out
        argv = [*words.split(), *said.format(request=furnished["request"]).split(), *options]
        return bare(*argv, input=f"{furnished['secret']}\n", **how)

    return ask


def rows_of_ndjson(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def rows_of_csv(text: str) -> list[list[str]]:
    head, *rows = csv.reader(io.StringIO(text), strict=True)
    assert {len(row) for row in rows} <= {len(head)}
    return rows


def rows_of_plain(text: str) -> list[list[str]]:
    head, *rows = (line.split("\t") for line in text.splitlines())
    assert {len(row) for row in rows} <= {len(head)}
    return rows


def rows_of_markdown(text: str) -> list[list[str]]:
    lines = [re.split(r" ?(?<!\\)\| ?", line)[1:-1] for line in text.splitlines()]
    assert set(lines[1]) == {"---"}
    assert len({len(line) for line in lines}) == 1
    return lines[2:]


def rows_of_table(text: str) -> list[str]:
    assert "\x1b" not in text
    lines = [line for line in text.splitlines() if line.strip()]
    assert set(lines[1].strip()) == {"─"}
    return lines[2:]


PARSERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "ndjson": rows_of_ndjson,
    "csv": rows_of_csv,
    "yaml": yaml.safe_load,
    "plain": rows_of_plain,
    "markdown": rows_of_markdown,
    "table": rows_of_table,
}


def test_every_command_is_called_here_or_tested_elsewhere() -> None:
    assert sorted(LISTS | THINGS | OTHERS) == sorted(COMMANDS)
    assert sorted(PARSERS) == sorted(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("words", [*LISTS, *THINGS])
def test_a_command_answers_in_the_format_that_was_asked_for(
    ask: Callable[..., Any], words: str, form: str
) -> None:
    done = ask(words, "-o", form)
    assert done.code == (6 if words == "limits check" else 0), done.err
    found = PARSERS[form](done.out)
    if form in ("json", "yaml"):
        assert isinstance(found, list if words in LISTS else dict)
    elif words in THINGS and form not in ("table", "markdown"):
        assert len(found) == 1


@pytest.mark.parametrize("words", [*LISTS, *THINGS])
def test_a_pipe_gets_lines_with_a_header_and_ids_alone_when_asked(
    ask: Callable[..., Any], words: str
) -> None:
    plain = ask(words).out
    if words in PEOPLE_ARE_TOLD:
        assert plain == ""
    elif words in ("key issue", "key rotate"):
        assert re.fullmatch(r"ork_\w+\n", plain)
    else:
        rows_of_plain(plain)


@pytest.mark.parametrize("words", [*LISTS, *THINGS])
def test_quiet_is_one_value_a_line(ask: Callable[..., Any], words: str) -> None:
    done = ask(words, "-q")
    assert [line for line in done.lines if not line or "\t" in line] == []
    assert [line for line in done.err.splitlines() if not line.startswith(("error", "hint"))] == []


@pytest.mark.parametrize("words", [*LISTS, *THINGS])
def test_a_terminal_sees_a_table(ask: Callable[..., Any], words: str) -> None:
    done = ask(words, terminal=True)
    if words not in PEOPLE_ARE_TOLD:
        assert "─" in done.out


DESTRUCTIVE = [
    words for words, each in COMMANDS.items() if any("--dry-run" in o.opts for o in each.params)
]


def test_what_destroys_is_known() -> None:
    called = {words for words, said in (LISTS | THINGS).items() if said.endswith("--yes")}
    assert set(DESTRUCTIVE) == called


@pytest.mark.parametrize("words", DESTRUCTIVE)
def test_what_destroys_needs_a_yes_and_can_be_tried(ask: Callable[..., Any], words: str) -> None:
    refused = ask(words, sure=False)
    assert (refused.code, refused.out) == (9, "")
    assert "--yes" in refused.err
    assert "--dry-run" in refused.err
    tried = ask(words, "--dry-run", "-o", "json", sure=False)
    assert tried.code == 0, tried.err
    json.loads(tried.out)
    assert ask(words, sure=False).code == 9
