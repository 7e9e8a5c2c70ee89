"""``orouter key``, verb by verb."""

import json
import re
import stat

import pytest

from tests.cli.test_organizations import PARSERS

SECRET = re.compile(r"ork_[0-9A-Za-z]{49}")
VERBS = [
    ["list"],
    ["show", "acme/ci"],
    ["issue", "--org", "acme", "--name", "new", "--permission", "read", "--expires", "90d"],
    ["update", "acme/ci", "--description", "d", "--permission", "admin", "--expires", "never"],
    ["enable", "ci"],
    ["disable", "ci"],
    ["rotate", "ci", "--grace", "24h"],
    ["move", "ci", "--org", "beta"],
    ["delete", "ci", "--yes"],
    ["delete", "ci", "--dry-run"],
]


@pytest.fixture
def ci(cli, acme):
    """The secret of the key acme/ci."""
    return cli("key", "issue", "--org", "acme", "--name", "ci").out.strip()


@pytest.mark.parametrize("style", PARSERS)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: "-".join(verb[:3]))
def test_every_verb_in_every_form(cli, ci, verb, style):
    cli("org", "create", "beta")
    done = cli("key", *verb, "-o", style)
    assert done.code == 0, done.err
    found = PARSERS[style](done.out)
    found = found[0] if isinstance(found, list) else found
    assert found["id"].startswith("key_")
    assert found["name"] == ("new" if verb[0] == "issue" else "ci")


def test_a_pipe_gets_only_the_key(ci):
    assert SECRET.fullmatch(ci)


def test_a_person_is_told_that_it_is_shown_once(cli, acme):
    done = cli("key", "issue", "--org", acme, "--name", "x", terminal=True)
    assert SECRET.search(done.out)
    assert "this once" in done.err


def test_the_secret_is_nowhere_afterwards(cli, ci):
    shown = [
        cli("key", verb, *rest, "-o", "json").out for verb, *rest in (["list"], ["show", "ci"])
    ]
    assert ci not in "".join(shown)


def test_a_key_that_is_there_gives_nothing_to_catch(cli, ci):
    again = cli("key", "issue", "--org", "acme", "--name", "ci", "--if-not-exists")
    assert (again.code, again.out) == (0, "")
    assert "there already" in again.err
    assert cli("key", "issue", "--org", "acme", "--name", "ci").code == 5


def test_a_key_can_go_to_a_file_of_its_owner(cli, ci, tmp_path):
    argv = ("--org", "acme", "--name", "f", "--env-file", "app.env")
    done = cli("key", "issue", *argv)
    file = tmp_path / "app.env"
    assert not SECRET.search(done.out + done.err)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key, url = file.read_text().splitlines()
    assert SECRET.fullmatch(key.removeprefix("OPENAI_API_KEY="))
    assert url == "OPENAI_BASE_URL=http://127.0.0.1:8000/v1"
    assert cli("key", "rotate", "ci", "--env-file", "app.env").code == 5
    assert cli("key", "verify", "-", input=ci).code == 0


def test_verify_reads_standard_input_and_never_an_argument(cli, ci):
    found = json.loads(cli("key", "verify", "-", "-o", "json", input=ci + "\n").out)
    assert (found["org_name"], found["name"]) == ("acme", "ci")
    assert cli("key", "verify", ci).code == 2
    mistyped = ci[:-1] + ("x" if ci[-1] != "x" else "y")
    assert cli("key", "verify", "-", input=mistyped).code == 4


def test_rotation_ends_the_old_secret(cli, ci):
    new = cli("key", "rotate", "ci").out.strip()
    assert cli("key", "verify", input=ci).code == 4
    assert cli("key", "verify", input=new).code == 0
    assert cli("key", "rotate", "ci", "--grace", "soon").code == 2


def test_expiry_is_a_day_of_the_reporting_zone(cli, acme, monkeypatch):
    monkeypatch.setenv("OROUTER_REPORTING_TIMEZONE", "Asia/Tokyo")
    argv = ("--org", "acme", "--name", "t", "--expires", "2099-01-31", "-o", "json")
    found = json.loads(cli("key", "issue", *argv).out)
    assert found["expires_at"] == "2099-01-31T15:00:00Z"
    assert cli("key", "issue", "--org", "acme", "--name", "u", "--expires", "x").code == 2
    assert cli("key", "issue", "--org", "acme", "--name", "u", "--expires", "2001-01-01").code == 2


def test_filters(cli, ci):
    cli("key", "issue", "--org", "acme", "--name", "reader", "--permission", "read")
    assert len(cli("key", "list", "-q").lines) == 2
    assert len(cli("key", "list", "-q", "--permission", "read", "--org", "acme").lines) == 1
    assert len(cli("key", "list", "-q", "--name", "ci", "--status", "active").lines) == 1
    assert cli("key", "list", "-q", "--search", "nothing").out == ""


def test_deleting_and_restoring(cli, ci):
    assert cli("key", "delete", "ci").code == 9
    assert cli("key", "delete", "ci", "--dry-run", "-q").code == 0
    assert cli("key", "verify", input=ci).code == 0
    gone = cli("key", "delete", "ci", "-y", "-q").out.strip()
    assert cli("key", "verify", input=ci).code == 4
    assert cli("key", "restore", gone, "-q").out.strip() == gone
    assert cli("key", "verify", input=ci).code == 0
