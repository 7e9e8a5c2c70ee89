"""``orouter model``."""

import json

import pytest

from tests.cli.test_organizations import PARSERS
from tests.provider_lists import GOOD_KEY, listing_provider

VERBS = [
    ["list", "--search", "gpt-4.1-nano", "--provider", "openai"],
    ["show", "openai/gpt-4.1-nano"],
    ["price", "openai/gpt-4.1-nano"],
    ["price", "openai/gpt-4.1-nano", "--cached", "0.01"],
    ["price", "openai/gpt-4.1-nano", "--unset"],
]


@pytest.fixture
def listed(cli, monkeypatch):
    """With a provider on a socket, which lists gpt-9."""
    with listing_provider() as url:
        monkeypatch.setenv("OROUTER_PROVIDERS__OPENAI__BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", GOOD_KEY)
        yield cli


@pytest.mark.parametrize("style", PARSERS)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: "-".join(verb[:1] + verb[2:3]))
def test_every_verb_in_every_form(cli, verb, style):
    done = cli("model", *verb, "-o", style)
    assert done.code == 0, done.err
    found = PARSERS[style](done.out)
    found = found[0] if isinstance(found, list) else found
    assert found["id"] == "openai/gpt-4.1-nano"


@pytest.mark.parametrize("style", PARSERS)
def test_the_provider_s_own_list_in_every_form(listed, style):
    done = listed("model", "sync", "--provider", "openai", "-o", style)
    assert done.code == 0, done.err
    first = PARSERS[style](done.out)[0]
    assert first == {"model": "openai/gpt-9", "provider": "openai", "state": "new"}


def test_only_what_is_asked_is_added(listed):
    assert listed("model", "show", "openai/gpt-9").code == 3
    added = listed("model", "sync", "--add", "openai/gpt-9", "-q")
    assert (added.code, added.lines[0]) == (0, "openai/gpt-9")
    shown = json.loads(listed("model", "show", "openai/gpt-9", "-o", "json").out)
    assert (shown["enabled"], shown["set_by"]) == (True, {"enabled": "stored"})
    assert listed("model", "show", "openai/gpt-8").code == 3


def test_prices_are_set_shown_and_forgotten(cli):
    name = "openai/gpt-4.1"
    done = cli("model", "price", name, "--input", "$2.5", "--cache-write", "3", "-o", "json")
    told = json.loads(done.out)
    assert (told["input"], told["output"], told["cache_write"]) == ("2.5", "8", "3")
    assert told["set_by"] == {"input": "stored", "cache_write": "stored"}
    assert "models.openai/gpt-4.1.input_per_mtok\t2.5" in cli("config", "show").lines
    back = json.loads(cli("model", "price", name, "--unset", "-o", "json").out)
    assert (back["input"], back["set_by"]) == ("2", {})


def test_filters(cli):
    ids = cli("model", "list", "-q", "--provider", "demo").lines
    assert ids[0] == "demo/echo"
    assert cli("model", "list", "-q", "--enabled").lines == []
    assert cli("model", "list", "-q", "--search", "ECHO").lines == ["demo/echo"]
    assert cli("model", "list", "-q", "--provider", "openai", "--unpriced").lines == []
    assert "openai/gpt-4.1" in cli("model", "list", "-q").lines
    assert cli("model", "list", "-o", "json", "--search", "no such").out == "[]\n"


@pytest.mark.parametrize(
    ("argv", "code", "meant"),
    [
        (["show", "openai/gpt-4.l"], 3, "openai/gpt-4.1"),
        (["list", "--provider", "opnai"], 3, "openai"),
        (["price", "openai/gpt-4.l", "--input", "1"], 3, "openai/gpt-4.1"),
        (["price", "openai/gpt-4.1", "--input", "many"], 2, "--input"),
        (["price", "openai/gpt-4.1", "--input", "1", "--unset"], 2, "--unset"),
        (["sync", "--provider", "openai"], 7, "refused the API key"),
        (["sync", "--provider", "demo", "--add", "nobody/x"], 2, "there is no provider nobody"),
    ],
)
def test_mistakes_are_told(listed, monkeypatch, argv, code, meant):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    done = listed("model", *argv)
    assert (done.code, done.out) == (code, "")
    assert meant in done.err
    assert "canary-0" not in done.err


def test_the_output_of_a_price_is_not_the_format_of_the_answer(cli):
    """``--output`` is the price's own; the format is ``-o`` there."""
    priced = cli("model", "price", "demo/echo", "--input", "0.10", "--output", "0.40", "-o", "json")
    assert json.loads(priced.out)["output"] == "0.4"
