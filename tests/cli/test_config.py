"""``orouter config``."""

import json

CANARY = "canary-0123456789"


def test_everything_in_force_with_its_origin_and_no_secret(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("OROUTER_SERVER__PORT", "9")
    monkeypatch.setenv("ANTHROPIC_API_KEY", CANARY)
    (tmp_path / "orouter.yaml").write_text(f"""\
secret_key: {CANARY}
database:
  url: mysql://orouter:{CANARY}@db/orouter
providers: {{openai: {{api_keys: [{CANARY}], headers: {{x: {CANARY}}}}}}}
""")
    shown = bare("config", "show", "--origin", "-o", "json")
    rows = {row["setting"]: (row["value"], row["origin"]) for row in json.loads(shown.out)}
    assert CANARY not in shown.out
    assert rows["server.port"] == (9, "env:OROUTER_SERVER__PORT")
    assert rows["server.host"] == ("127.0.0.1", "default")
    assert rows["secret_key"] == ("***", "orouter.yaml:1")
    assert rows["database.url"] == ("mysql://orouter:***@db/orouter", "orouter.yaml:3")
    assert rows["providers.openai.api_keys"] == (["***"], "orouter.yaml:4")
    assert rows["providers.openai.headers.x"] == ("***", "orouter.yaml:4")
    assert rows["providers.anthropic.api_key"] == ("***", "env:ANTHROPIC_API_KEY")


def test_without_origin_there_are_two_columns(bare):
    assert bare("config", "show").lines[0] == "setting\tvalue"
    assert "database.url\tsqlite:///data/orouter.db" in bare("config", "show").lines


def test_a_file_is_checked_before_it_is_used(bare, tmp_path):
    (tmp_path / "new.json").write_text('{"server": {"port": 9}}')
    assert bare("config", "check", "new.json").err.splitlines()[0] == "new.json is in order."
    (tmp_path / "new.json").write_text('{"server": {"port": "x"}}')
    assert bare("config", "check", "new.json").code == 2
    assert bare("config", "check").code == 0


def test_the_path_of_the_file(bare, tmp_path):
    assert bare("config", "path").out == ""
    (tmp_path / "orouter.yaml").write_text("")
    assert bare("config", "path", "-q").out == "orouter.yaml\n"


def test_settings_are_stored_shown_with_their_origin_and_forgotten(cli):
    assert cli("config", "set", "routing.max_retries", "1", "-q").out == "routing.max_retries\n"
    assert cli("config", "set", "server.cors_origins", '["https://a.example"]').code == 0
    rows = json.loads(cli("config", "show", "--origin", "-o", "json").out)
    stored = {row["setting"]: row["value"] for row in rows if row["origin"] == "stored"}
    assert stored == {"routing.max_retries": 1, "server.cors_origins": ["https://a.example"]}
    assert (
        cli("config", "unset", "routing.max_retries").err == "routing.max_retries is forgotten.\n"
    )
    assert "was not stored" in cli("config", "unset", "routing.max_retries").err
    assert "routing.max_retries\t3" in cli("config", "show").lines


def test_what_cannot_be_stored_is_refused(cli):
    assert cli("config", "set", "server.port", "9").code == 2
    assert cli("config", "set", "routing.max_retries", "many").code == 2
    assert cli("config", "set", "server.cors_origins", "[oops").code == 2
