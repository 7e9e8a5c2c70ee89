"""What servers answer, as the commands have it."""

from pathlib import Path

import pytest

from orouter.cli import translations
from orouter.schemas.actor import CLI
from orouter.schemas.providers import KeyTrial, ProviderTest
from orouter.schemas.settings import SettingList
from orouter.services import settings
from orouter.settings import load


def test_a_trial_names_the_provider_of_its_key() -> None:
    failed = KeyTrial(key="mine#2", ok=False, latency_ms=3, error="no such key", code="oops")
    good = KeyTrial(key="mine#1", ok=True, latency_ms=2, error=None, code=None)
    told = ProviderTest(ok=False, latency_ms=3, models=0, error="no such key", keys=[good, failed])
    first, second = translations.trials(told.model_dump_json().encode())
    assert (first.provider, first.key, first.ok, first.error) == ("mine", "mine#1", True, "")
    assert (second.provider, second.error, second.code) == ("mine", "no such key", "oops")


def test_a_setting_says_its_origin_as_beside_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no file is found there
    known = load(environ={"OROUTER_SERVER__PORT": "9"}, flags={"logging.level": "error"})
    told = SettingList(items=settings.listing(known, CLI))
    there = translations.setting_lines(told.model_dump_json().encode())
    here = {line.setting: line for line in settings.lines(known)}
    assert [line for line in there if here[line.setting].origin != line.origin] == []
    assert {"env:OROUTER_SERVER__PORT", "flag", "default"} <= {line.origin for line in there}
