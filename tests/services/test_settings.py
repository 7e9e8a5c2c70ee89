"""Settings as operators see them: who says what, and what holds over what is stored."""

from pathlib import Path

import pytest

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import Conflict, PermissionDenied
from orouter.schemas.actor import CLI, of_key
from orouter.schemas.settings import SettingPublic
from orouter.services import settings
from orouter.settings import Settings


def loaded(folder: Path, text: str = "", **environ: str) -> Settings:
    file = folder / "o.yaml"
    file.write_text(text or "{}")
    return configuration.load(str(file), {"server.port": 9}, environ=environ)


def found(known: Settings, path: str) -> SettingPublic:
    return next(each for each in settings.listing(known, CLI) if each.path == path)


def test_every_origin_is_told(tmp_path: Path) -> None:
    text = "routing:\n  timeout_s: 5\ndatabase: {url: mysql://me:canary@db/orouter}"
    known = loaded(tmp_path, text, OROUTER_ROUTING__MAX_RETRIES="1")
    said = {
        path: (found(known, path).origin, found(known, path).origin_detail)
        for path in ("routing.timeout_s", "routing.max_retries", "server.port", "logging.level")
    }
    assert said == {
        "routing.timeout_s": ("file", f"{tmp_path}/o.yaml:2"),
        "routing.max_retries": ("environment", "OROUTER_ROUTING__MAX_RETRIES"),
        "server.port": ("flag", ""),
        "logging.level": ("default", ""),
    }
    assert found(known, "database.url").value == "mysql://me:***@db/orouter"
    assert found(known, "routing.timeout_s").editable
    assert not found(known, "routing.max_retries").editable


def test_what_the_environment_holds_is_not_stored(sqlite: Database, tmp_path: Path) -> None:
    known = loaded(tmp_path, OROUTER_ROUTING__MAX_RETRIES="1")
    with pytest.raises(Conflict, match="OROUTER_ROUTING__MAX_RETRIES"):
        sqlite.call(settings.change, {"routing.max_retries": 2}, CLI, known)


def test_a_change_goes_over_the_file_and_a_reset_back_to_it(
    sqlite: Database, tmp_path: Path
) -> None:
    known = loaded(tmp_path, "routing: {max_retries: 2}")
    after = sqlite.call(settings.change, {"routing.max_retries": 1}, CLI, known)
    assert (after.routing.max_retries, found(after, "routing.max_retries").origin) == (1, "stored")
    back = sqlite.call(settings.reset, "routing.max_retries", CLI, known)
    assert (back.routing.max_retries, found(back, "routing.max_retries").origin) == (2, "file")


def test_what_needs_a_restart_is_told(tmp_path: Path) -> None:
    known = loaded(tmp_path)
    waiting = {each.path for each in settings.listing(known, CLI) if each.restart_needed}
    assert {"server.port", "database.url", "routing.http_client", "usage.mode"} <= waiting
    assert not waiting & {"routing.timeout_s", "usage.retention_days", "server.cors_origins"}
    editable = {each.path for each in settings.listing(known, CLI) if each.editable}
    assert not editable & waiting


def test_only_operators_see_them(tmp_path: Path) -> None:
    stranger = of_key("key_1", "org_1", "admin")
    with pytest.raises(PermissionDenied):
        settings.listing(loaded(tmp_path), stranger)
