"""A directory of its own for every test: the search for files starts there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orouter.settings import ConfigurationError, Settings, load

Read = Callable[..., Settings]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(here: Path) -> Read:
    """Settings from the text of a file, with nothing of the machine's environment."""

    def read(text: str, name: str = "orouter.yaml", **environ: str) -> Settings:
        (here / name).write_text(text, encoding="utf-8")
        return load(name, environ=environ)

    return read


@pytest.fixture
def refused(read: Read) -> Callable[..., list[str]]:
    """The problems for which a file is refused, one line each."""

    def refused(text: str, name: str = "orouter.yaml", **environ: str) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            read(text, name, **environ)
        lines = caught.value.message.splitlines()
        return [line.strip() for line in (lines[1:] or lines)]

    return refused
