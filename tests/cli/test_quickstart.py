"""``orouter quickstart``, up to the moment of serving."""

import re
import shlex
from contextlib import ExitStack

import pytest

from orouter.errors import DatabaseUnavailable
from tests.databases import BACKENDS, new_database, server_url

SECRET = re.compile(r"ork_[0-9A-Za-z]{49}")
PROVIDER_KEY = "sk-canary-0123456789"


def test_the_first_start_makes_everything_and_shows_the_key(bare, tmp_path):
    done = bare("quickstart", "--no-serve", "--port", "9100")
    assert done.code == 0
    [secret] = set(SECRET.findall(done.out))
    assert f"export OPENAI_API_KEY={secret}" in done.lines
    assert "export OPENAI_BASE_URL=http://127.0.0.1:9100/v1" in done.lines
    assert bare("key", "verify", input=secret).code == 0
    assert (tmp_path / "data/orouter.db").exists()


def test_the_curl_line_can_be_pasted(bare):
    done = bare("quickstart", "--no-serve")
    [line] = [line for line in done.lines if line.startswith("curl ")]
    words = shlex.split(line)
    assert words[1] == "http://127.0.0.1:8000/v1/chat/completions"
    assert SECRET.search(words[3])
    assert '"demo/echo"' in words[-1]


def test_the_second_start_changes_nothing_and_says_where_the_key_was(bare):
    secret = SECRET.findall(bare("quickstart", "--no-serve").out)[0]
    keys, orgs = bare("key", "list").out, bare("org", "list").out
    again = bare("quickstart", "--no-serve")
    assert again.code == 0
    assert not SECRET.search(again.out)
    assert "export OPENAI_API_KEY" not in again.out
    assert "orouter key rotate demo/quickstart" in again.out
    assert (bare("key", "list").out, bare("org", "list").out) == (keys, orgs)
    assert bare("key", "verify", input=secret).code == 0


def test_provider_keys_are_named_and_never_printed(bare, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", PROVIDER_KEY)
    done = bare("quickstart", "--no-serve")
    assert done.lines[0] == "Providers: demo, openai (key from OPENAI_API_KEY)"
    assert PROVIDER_KEY not in done.out + done.err


def test_the_admin_link_is_printed_until_somebody_can_sign_in(bare):
    link = re.compile(
        r"^Admin web: (http://127\.0\.0\.1:9100/admin/setup#token=oral_\w{49})$", re.MULTILINE
    )
    first, second = (bare("quickstart", "--no-serve", "--port", "9100").out for _ in range(2))
    assert link.search(first)[1] != link.search(second)[1]
    [user] = bare("user", "list", "-q").lines
    assert bare("user", "passwd", user, input="correct horse battery").code == 0
    third = bare("quickstart", "--no-serve", "--port", "9100")
    assert "oral_" not in third.out
    assert "orouter user passwd admin@localhost" in third.out


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_empty_database_gets_its_schema(bare, tmp_path, monkeypatch, backend):
    with ExitStack() as stack:
        try:
            url = stack.enter_context(new_database(backend, tmp_path))
        except DatabaseUnavailable:
            pytest.skip(f"no server at {server_url(backend).rpartition('@')[2]}")
        monkeypatch.setenv("OROUTER_DATABASE__URL", url)
        assert bare("quickstart", "--no-serve").code == 0
        assert bare("db", "check").code == 0
