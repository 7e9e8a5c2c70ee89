"""``orouter status`` and ``orouter doctor``."""

import json

import pytest

from orouter.cli.addresses import next_free
from tests.cli.test_organizations import PARSERS


@pytest.fixture
def quiet(cli, monkeypatch):
    """Where no server answers."""
    monkeypatch.setenv("OROUTER_SERVER__PORT", str(next_free("127.0.0.1", 18_700)))
    return cli


@pytest.mark.parametrize("style", PARSERS)
@pytest.mark.parametrize(("noun", "field"), [("status", "version"), ("doctor", "check")])
def test_every_form(quiet, noun, field, style):
    done = quiet(noun, "-o", style)
    assert done.code == 0, done.err
    found = PARSERS[style](done.out)
    found = found[0] if isinstance(found, list) else found
    assert found[field]


def test_the_status_of_an_installation(quiet, acme):
    quiet("key", "issue", "--org", acme, "--name", "ci")
    found = json.loads(quiet("status", "-o", "json").out)
    assert (found["organizations"], found["keys"], found["last_request_at"]) == (1, 1, None)
    assert found["schema_revision"] == found["schema_needed"]
    assert found["answering"] is False
    assert quiet("status", "-q").lines == [found["version"]]


def test_looking_makes_no_database(bare, tmp_path):
    (tmp_path / "data").mkdir()
    done = bare("status", "-o", "json")
    assert done.code == 0
    assert "orouter init" in json.loads(done.out)["problem"]
    assert bare("doctor").code == 6
    assert bare("config", "show").err == ""
    assert list((tmp_path / "data").iterdir()) == []


def test_the_doctor_fails_with_6_and_says_what_to_do(quiet, tmp_path):
    (tmp_path / "data/secret.key").chmod(0o644)
    done = quiet("doctor", "-o", "json")
    assert done.code == 6
    findings = {each["check"]: each for each in json.loads(done.out)}
    assert findings["secret key"]["mend"] == "chmod 600 data/secret.key"
    assert "secret key" in done.err


def test_the_doctor_asks_providers_on_request(quiet, monkeypatch):
    monkeypatch.setenv("OROUTER_PROVIDERS__DEMO__ENABLED", "true")
    assert "provider demo#1\tok" in quiet("doctor", "--online").out
    assert "provider demo#1" not in quiet("doctor").out
