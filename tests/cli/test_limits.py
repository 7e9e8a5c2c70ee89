"""``orouter limits``, verb by verb."""

import json

import pytest


def shown(cli, *argv):
    done = cli("limits", *argv, "-o", "json")
    assert done.code == 0, done.err
    return {(line["period"], line["dimension"]): line for line in json.loads(done.out)}


@pytest.fixture
def ci(cli, acme):
    """The id of a key."""
    return json.loads(cli("key", "issue", "--org", acme, "--name", "ci", "-o", "json").out)["id"]


def test_amounts_as_people_write_them(cli, acme):
    lines = shown(cli, "set", "acme", "--requests", "5k", "--tokens", "2M", "--cost", "$100")
    assert lines["month", "requests"]["limit"] == 5000
    assert lines["month", "tokens"]["remaining"] == 2_000_000
    assert lines["month", "cost"]["limit"] == "100"
    assert lines["year", "cost"]["limit"] is None


def test_setting_merges_and_none_takes_away(cli, acme):
    shown(cli, "set", "acme", "--requests", "5", "--period", "year")
    shown(cli, "set", "acme", "--requests", "6", "--tokens", "7")
    lines = shown(cli, "set", "acme", "--requests", "none")
    assert lines["month", "requests"]["limit"] is None
    assert lines["month", "tokens"]["limit"] == 7
    assert lines["year", "requests"]["limit"] == 5


def test_keys_have_limits_of_their_own(cli, acme, ci):
    shown(cli, "set", "--key", ci, "--requests", "5")
    shown(cli, "set", acme, "--tokens", "9")
    assert shown(cli, "show", "--key", ci)["month", "requests"]["scope"] == "key"
    assert list(shown(cli, "show")) == [("month", "tokens"), ("month", "requests")]


def test_clearing_asks_first(cli, acme):
    shown(cli, "set", "acme", "--requests", "5")
    assert cli("limits", "clear", "acme").code == 9
    assert list(shown(cli, "clear", "acme", "--dry-run")) == [("month", "requests")]
    assert list(shown(cli, "show")) == [("month", "requests")]
    assert shown(cli, "clear", "acme", "--yes") == {}
    assert shown(cli, "show") == {}


def test_a_check_ends_with_6_when_a_limit_is_used_up(cli, acme):
    assert cli("limits", "check", "-o", "json").out.strip() == "[]"
    shown(cli, "set", "acme", "--requests", "0")
    done = cli("limits", "check", "--threshold", "90", "-o", "json")
    assert done.code == 6
    assert [line["dimension"] for line in json.loads(done.out)] == ["requests"]
    assert "used to 90 %" in done.err


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["set", "acme"], 2),
        (["set", "--requests", "5"], 2),
        (["set", "acme", "--key", "ci", "--requests", "5"], 2),
        (["set", "acme", "--requests", "many"], 2),
        (["set", "acme", "--cost", "-5"], 2),
        (["set", "acme", "--tokens", "99999999G"], 2),
        (["set", "acme", "--requests", "5", "--period", "day"], 2),
        (["set", "nobody", "--requests", "5"], 3),
        (["show", "nobody"], 3),
        (["show", "--key", "nobody"], 3),
        (["clear", "nobody", "--yes"], 3),
    ],
)
def test_mistakes_are_told(cli, acme, argv, code):
    done = cli("limits", *argv)
    assert (done.code, done.out) == (code, "")
    assert done.err
    assert "Traceback" not in done.err
