"""``orouter init`` and the files that it makes."""

import stat


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_it_makes_what_is_missing_and_leaves_what_is_there(bare, tmp_path):
    assert bare("init").code == 0
    key = tmp_path / "data/secret.key"
    secret = key.read_text()
    assert (mode(key), mode(key.parent)) == (0o600, 0o700)
    assert len(secret.strip()) >= 43
    again = bare("init")
    assert again.code == 0
    assert key.read_text() == secret
    assert secret.strip() not in again.err


def test_a_database_is_written_down_for_its_owner_only(bare, tmp_path):
    assert bare("init", "--database", "sqlite:///elsewhere.db").code == 0
    assert mode(tmp_path / "orouter.yaml") == 0o600
    assert (tmp_path / "elsewhere.db").exists()
    assert bare("org", "list").code == 0
    assert bare("init", "--database", "sqlite:///third.db").code == 5


def test_a_bad_database_leaves_nothing_behind(bare, tmp_path):
    assert bare("init", "--database", "oracle://x").code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_secret_key_from_the_environment_is_enough(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("OROUTER_SECRET_KEY", "0123456789abcdef")
    assert bare("init").code == 0
    assert not (tmp_path / "data/secret.key").exists()
