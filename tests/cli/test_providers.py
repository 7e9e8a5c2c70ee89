"""``orouter provider``."""

import pytest

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
