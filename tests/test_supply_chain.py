"""What orouter is made of, what it reaches for when imported, whether a build can be repeated."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.house.source import ROOT, tracked
from tests.scripts import script

EPOCH = "1700000000"
IMPORT_ALL = """
import importlib, pkgutil, sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        raise AssertionError(f"{event}: {arguments}")

sys.addaudithook(watch)
import orouter
for module in pkgutil.walk_packages(orouter.__path__, "orouter."):
    if module.name != "orouter.__main__":
        importlib.import_module(module.name)
from orouter.app import Application
from orouter.api.management import application
from orouter.settings import Settings
Application(Settings())
application(Settings())
print("quiet")
"""


@pytest.fixture(scope="module")
def chain() -> ModuleType:
    return script("supply_chain")


@pytest.fixture(scope="module")
def bill(chain: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = chain.sbom()
    return found


def test_nothing_is_asked_of_the_network_when_everything_is_imported(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", IMPORT_ALL],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "quiet\n", done.stderr[-2000:]


def test_the_bill_of_materials_names_every_pin_once(bill: dict[str, Any]) -> None:
    pins = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    named = [part["purl"] for part in bill["components"]]
    assert len([purl for purl in named if purl.startswith("pkg:pypi/")]) == len(
        [pin for pin in pins if not pin.startswith((" ", "#"))]
    )
    assert any(purl.startswith("pkg:npm/vue@") for purl in named)
    assert len(named) == len(set(named))


def test_the_bill_is_cyclonedx_and_the_same_each_time(
    chain: ModuleType, bill: dict[str, Any]
) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert json.dumps(chain.sbom()) == json.dumps(bill)
    assert all({"type", "name", "version"} <= part.keys() for part in bill["components"])


def test_every_licence_is_known_to_be_fine(chain: ModuleType) -> None:
    assert chain.refused() == []


def test_a_scanner_that_cannot_ask_is_no_finding_and_says_so(chain: ModuleType) -> None:
    assert chain.scanned("no-such-scanner") == ({}, "no-such-scanner is not installed")
    shouting = (sys.executable, "-c", "import sys; sys.exit('one\\nno way there')")
    assert chain.scanned(*shouting) == ({}, "no way there")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files, with a web UI as if it had been built."""
    folder = tmp_path_factory.mktemp("source")
    for path in tracked():
        if path.parts[0] in ("orouter", "migrations", "pyproject.toml", "README.md", "LICENSE"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    ui = folder / "orouter/admin_static"
    ui.mkdir(exist_ok=True)
    (ui / "index.html").write_text("<!doctype html><title>built</title>")
    return folder


def wheel(source: Path, out: Path) -> Path:
    """Builds; asks no registry, since the backend is here."""
    subprocess.run(  # noqa: S603 - our own build
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        check=True,
    )
    [made] = out.glob("orouter-*.whl")
    return made


def test_two_builds_are_the_same_bytes(source: Path, tmp_path: Path) -> None:
    again = tmp_path / "elsewhere"
    shutil.copytree(source, again)
    for path in again.rglob("*.py"):
        os.utime(path, (1, 1))
    made = [wheel(source, tmp_path / "one"), wheel(again, tmp_path / "two")]
    digests = {hashlib.sha256(each.read_bytes()).hexdigest() for each in made}
    assert len(digests) == 1
    names = zipfile.ZipFile(made[0]).namelist()
    assert "orouter/admin_static/index.html" in names
    assert "orouter/providers/catalogue.json" in names
    assert [name for name in names if name.startswith("orouter/_migrations/versions/0001")]
    assert [name for name in names if name.startswith("tests/") or "__pycache__" in name] == []


def test_a_wheel_in_an_empty_environment_starts(source: Path, tmp_path: Path) -> None:
    """Its dependencies are lent by this environment; orouter itself comes from the wheel."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "env"], cwd=tmp_path, check=True)
    [packages] = (tmp_path / "env").glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel(source, tmp_path)).extractall(packages)
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "lent.pth").write_text(ours)
    python = tmp_path / "env/bin/python"
    keep = {name: value for name, value in os.environ.items() if not name.startswith("OROUTER_")}
    keep.pop("PYTHONPATH", None)

    def run(*argv: str) -> str:
        done = subprocess.run(  # noqa: S603 - the wheel's command line
            [str(python), *argv],
            cwd=tmp_path,
            env=keep,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = "import orouter; print(orouter.__file__)"
    assert run("-c", where).startswith(str(packages))
    assert "export OPENAI_API_KEY=ork_" in run("-m", "orouter", "quickstart", "--no-serve")
    assert '"problem": ""' in run("-m", "orouter", "status", "-o", "json")
