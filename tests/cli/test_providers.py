"""``orouter provider``."""

import json

import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_organizations import PARSERS
from tests.provider_lists import GOOD_KEY, listing_provider


@pytest.fixture
def listed(cli, monkeypatch):
    with listing_provider() as url:
        monkeypatch.setenv("OROUTER_PROVIDERS__OPENAI__BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", GOOD_KEY)
        yield cli


@pytest.mark.parametrize("style", PARSERS)
@pytest.mark.parametrize("verb", [["list"], ["show", "openai"], ["test"], ["test", "openai"]])
def test_every_verb_in_every_form(listed, verb, style):
    done = listed("provider", *verb, "-o", style)
    assert done.code == 0, done.err
    found = PARSERS[style](done.out)
    rows = found if isinstance(found, list) else [found]
    assert "openai" in {row.get("name") or row.get("provider") for row in rows}
    assert GOOD_KEY not in done.out


def test_a_failing_key_is_7_with_the_provider_s_words(listed, monkeypatch):
    monkeypatch.setenv("OROUTER_PROVIDERS__OPENAI__API_KEYS", f"{GOOD_KEY},sk-canary-0123456789")
    done = listed("provider", "test", "openai")
    assert done.code == 7
    assert "openai#2\tfalse" in done.out
    assert "Incorrect API key" in done.err
    assert "canary-0" not in done.out + done.err


def test_nobody_to_test_is_said(cli):
    done = cli("provider", "test")
    assert done.code == 0
    assert "No provider is switched on" in done.err


def test_quiet_shows_names(cli):
    assert "openrouter" in cli("provider", "list", "-q").lines


@pytest.mark.parametrize("verb", ["show", "test"])
def test_a_near_name_is_suggested(cli, verb):
    done = cli("provider", verb, "antropic")
    assert (done.code, done.out) == (3, "")
    assert "anthropic" in done.err


CANARY = "canary-of-a-provider-key-7777"
URL = ("--base-url", "https://mine.example/v1")


def row_of(cli, name):
    return json.loads(cli("provider", "show", name, "-o", "json").out)


def test_the_life_of_a_stored_provider(cli):
    done = cli("provider", "add", "mine", *URL, "--api-key-stdin", input=f"{CANARY}\nother\n")
    assert done.code == 0, done.err
    found = row_of(cli, "mine")
    assert (found["type"], found["origin"], found["keys"]) == ("compatible", "stored", 2)
    assert cli("provider", "update", "mine", "--timeout-s", "7").code == 0
    assert cli("provider", "disable", "mine", "-q").lines == ["mine"]
    assert (row_of(cli, "mine")["timeout_s"], row_of(cli, "mine")["enabled"]) == (7, False)
    assert cli("provider", "enable", "mine").code == 0
    assert cli("provider", "remove", "mine", "--dry-run").code == 0
    assert cli("provider", "remove", "mine").code == 9
    assert cli("provider", "remove", "mine", "--yes").code == 0
    assert cli("provider", "show", "mine").code == 3


def test_a_key_is_nowhere_to_be_seen(cli, tmp_path):
    cli("provider", "add", "openai", "--api-key-stdin", input=CANARY)
    shown = cli("provider", "show", "openai").out + cli("config", "show", "--origin").out
    assert CANARY not in shown
    assert CANARY.encode() not in (tmp_path / "data/orouter.db").read_bytes()
    assert row_of(cli, "openai")["enabled"]


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")  # no echo to switch off here
def test_a_hidden_prompt_asks_for_the_key(cli):
    done = cli("provider", "add", "mine", *URL, input=Terminal(f"{CANARY}\n"))
    assert done.code == 0, done.err
    assert row_of(cli, "mine")["keys"] == 1
    assert CANARY not in done.out + done.err


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("add", "mine"), 2),
        (("add", "Mine", *URL), 2),
        (("add", "mine", "--type", "nonsense", *URL), 2),
        (("add", "mine", "--base-url", "http://public.example"), 2),
        (("add", "mine", "--base-url", "http://169.254.169.254"), 2),
        (("add", "mine", *URL, "--api-key-stdin"), 2),
        (("add", "demo", "--type", "openai"), 5),
        (("update", "openai"), 2),
        (("update", "nobody", "--timeout-s", "7"), 3),
        (("enable", "openai"), 2),
        (("remove", "openai", "--yes"), 5),
    ],
)
def test_what_cannot_be_is_refused(cli, argv, code):
    done = cli("provider", *argv)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("error: ")


def test_another_address_wants_the_key_again(cli):
    cli("provider", "add", "mine", *URL, "--api-key-stdin", input=CANARY)
    elsewhere = ("provider", "update", "mine", "--base-url", "https://elsewhere.example")
    assert "api_keys" in cli(*elsewhere).err
    assert cli(*elsewhere, "--api-key-stdin", input="another").code == 0
