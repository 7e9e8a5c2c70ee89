"""``orouter chat``: in this process and through a running server."""

import json

import pytest

from orouter.cli.addresses import next_free
from tests.cli.test_organizations import PARSERS
from tests.cli.test_serve import answered, started


@pytest.fixture
def quiet(cli, monkeypatch):
    """Where no server answers, with the demo provider."""
    monkeypatch.setenv("OROUTER_SERVER__PORT", str(next_free("127.0.0.1", 18_700)))
    monkeypatch.setenv("OROUTER_PROVIDERS__DEMO__ENABLED", "true")
    return cli


@pytest.fixture
def key(quiet, acme, monkeypatch):
    issued = quiet("key", "issue", "--org", acme, "--name", "ci").out.strip()
    monkeypatch.setenv("OROUTER_KEY", issued)
    return issued


def test_without_a_server_this_process_asks_and_accounts(quiet, key):
    done = quiet("chat", "Hello there")
    assert (done.code, done.out, done.err) == (0, "Hello there\n", "")
    [request] = json.loads(quiet("logs", "list", "-o", "json").out)
    assert (request["model"], request["status"]) == ("demo/echo", 200)


def test_the_prompt_and_the_key_may_be_piped(quiet, key, monkeypatch):
    assert quiet("chat", "-m", "demo/echo", input="from a pipe\n").out == "from a pipe\n"
    monkeypatch.delenv("OROUTER_KEY")
    assert quiet("chat", "--key-stdin", input=f"{key}\nboth\n").out == "both\n"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert quiet("chat", "again").out == "again\n"


@pytest.mark.parametrize("style", PARSERS)
def test_every_form(quiet, key, style):
    done = quiet("chat", "Hello", "-o", style)
    assert done.code == 0, done.err
    if style == "plain":
        assert done.out == "Hello\n"
        return
    found = PARSERS[style](done.out)
    found = found[0] if isinstance(found, list) else found
    assert (found["content"], found["finish"]) == ("Hello", "stop")


def test_a_server_that_runs_is_asked(quiet, key, tmp_path, monkeypatch):
    with started(tmp_path, "serve", "--demo") as (_, url):
        assert answered(f"{url}/health") == 200
        monkeypatch.setenv("OROUTER_SERVER__PORT", url.rpartition(":")[2])
        assert quiet("chat", "Hello").out == "Hello\n"
        refused = quiet("chat", "Hello", "-m", "demo/ecco")
        assert (refused.code, refused.out) == (3, "")
        assert "demo/echo" in refused.err
        monkeypatch.setenv("OROUTER_KEY", "ork_wrong")
        assert quiet("chat", "Hello").code == 4


@pytest.mark.parametrize(
    ("argv", "wrong", "code"),
    [
        (["chat", "Hello", "-m", "demo/error-500"], None, 7),
        (["chat", "Hello", "-m", "demo/ecco"], None, 3),
        (["chat", "Hello"], "ork_wrong", 4),
        (["chat", "Hello"], "", 2),
        (["chat"], None, 2),
    ],
)
def test_mistakes_are_told(quiet, key, monkeypatch, argv, wrong, code):
    if wrong is not None:
        monkeypatch.setenv("OROUTER_KEY", wrong)
    done = quiet(*argv)
    assert done.code == code
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "hint"]
