"""Aliases and fallbacks: stored over the file, under the environment."""

from pathlib import Path

import pytest

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import Conflict, ModelNotFound, NotFound, PermissionDenied
from orouter.schemas.actor import CLI, of_key
from orouter.services import aliases
from orouter.settings import Settings

FILE = "aliases: {fast: demo/echo}\nfallbacks: {demo/echo: [demo/lorem]}"


def settings(folder: Path, **environ: str) -> Settings:
    (folder / "o.yaml").write_text(FILE)
    return configuration.load(str(folder / "o.yaml"), environ=environ)


def test_what_is_stored_goes_over_the_file_and_is_taken_back(
    sqlite: Database, tmp_path: Path
) -> None:
    known = settings(tmp_path)
    [before] = aliases.aliases(known, CLI)
    assert (before.model, before.origin, before.editable) == ("demo/echo", "file", True)
    after = sqlite.call(aliases.put_alias, "fast", "demo/lorem", CLI, known)
    [alias] = aliases.aliases(after, CLI)
    assert (alias.model, alias.origin) == ("demo/lorem", "stored")
    assert aliases.aliases(sqlite.call(aliases.remove, "aliases", "fast", CLI, known), CLI) == [
        before
    ]


def test_fallbacks_are_replaced_whole(sqlite: Database, tmp_path: Path) -> None:
    known = settings(tmp_path)
    wanted = ["demo/slow", "demo/lorem"]
    after = sqlite.call(aliases.put_fallbacks, "demo/echo", wanted, CLI, known)
    [told] = aliases.fallbacks(after, CLI)
    assert (told.models, told.origin) == (wanted, "stored")


def test_what_the_file_says_is_not_taken_back_here(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        sqlite.call(aliases.remove, "aliases", "fast", CLI, settings(tmp_path))
    with pytest.raises(NotFound):
        sqlite.call(aliases.remove, "fallbacks", "demo/slow", CLI, settings(tmp_path))


def test_what_the_environment_says_holds(sqlite: Database, tmp_path: Path) -> None:
    known = settings(tmp_path, OROUTER_ALIASES__FAST="demo/slow")
    [told] = aliases.aliases(known, CLI)
    assert (told.origin, told.editable) == ("environment", False)
    with pytest.raises(Conflict, match="OROUTER_ALIASES__FAST"):
        sqlite.call(aliases.put_alias, "fast", "demo/echo", CLI, known)


def test_only_models_that_there_are(sqlite: Database, tmp_path: Path) -> None:
    known = settings(tmp_path)
    with pytest.raises(ModelNotFound, match="demo/echo"):
        sqlite.call(aliases.put_alias, "slow", "demo/ecko", CLI, known)
    with pytest.raises(ModelNotFound):
        sqlite.call(aliases.put_fallbacks, "demo/echo", ["nobody/gpt"], CLI, known)


def test_only_operators_may(sqlite: Database, tmp_path: Path) -> None:
    stranger = of_key("key_1", "org_1", "admin")
    with pytest.raises(PermissionDenied):
        sqlite.call(aliases.put_alias, "fast", "demo/lorem", stranger, settings(tmp_path))
    with pytest.raises(PermissionDenied):
        sqlite.call(aliases.remove, "aliases", "fast", stranger, settings(tmp_path))
