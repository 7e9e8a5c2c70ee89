"""Commands are run in a directory of their own, as a shell would, without starting a process."""

import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from orouter.cli.main import main


@dataclass
class Result:
    """What a shell sees of a command."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Terminal(io.StringIO):
    """A stream that says that a person sits there."""

    def isatty(self) -> bool:
        return True


Run = Callable[..., Result]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty directory, with nothing of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("OROUTER_") or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)

    def run(*argv: str, input: str | io.StringIO = "", terminal: bool = False) -> Result:  # noqa: A002  as subprocess calls it
        out, err = (Terminal() if terminal else io.StringIO()), io.StringIO()
        stdin = io.StringIO(input) if isinstance(input, str) else input
        with monkeypatch.context() as patch:
            for name, stream in (("stdin", stdin), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, stream)
            code = main(list(argv))
        return Result(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory after ``orouter init``, to be copied."""
    place, before = tmp_path_factory.mktemp("installation"), Path.cwd()
    os.chdir(place)
    try:
        assert main(["init", "-q"]) == 0
    finally:
        os.chdir(before)
    return place


@pytest.fixture
def cli(bare: Run, installation: Path, tmp_path: Path) -> Run:
    """Runs a command where ``orouter init`` was run before."""
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    return bare


@pytest.fixture
def acme(cli: Run) -> str:
    """The id of an organization."""
    return cli("org", "create", "acme", "-q").out.strip()
