"""``docs/adding-a-provider.md``, followed to the letter in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.house.source import ROOT, tracked
from tests.live.gateway import Gateway
from tests.live.upstream import Upstream

STEP = re.compile(
    r"^<!-- (?P<verb>file|change): (?P<path>\S+) -->\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PAGE = (ROOT / "docs/adding-a-provider.md").read_text(encoding="utf-8")
NEEDED = ("orouter", "migrations", "tests", "pyproject.toml")
HELLO = {"model": "acme/large", "messages": [{"role": "user", "content": "Hello"}]}


def follow(page: str, copy: Path) -> None:
    """Writes the files and makes the changes; what a change replaces must be there once."""
    for step in STEP.finditer(page):
        file = copy / step["path"]
        if step["verb"] == "file":
            file.write_text(step["text"])
            continue
        lines = step["text"].splitlines(keepends=True)
        old, new = ("".join(x[1:] for x in lines if x[0] == sign) for sign in "-+")
        assert file.read_text().count(old) == 1, f"{step['path']} has changed: {old}"
        file.write_text(file.read_text().replace(old, new))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository after the recipe."""
    copy = tmp_path / "copy"
    for path in tracked():
        if path.parts[0] in NEEDED:
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, copy / path)
    follow(PAGE, copy)
    return copy


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    server = Upstream()
    server.start()
    yield server
    server.stop()


def test_the_house_is_content(copy: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)  # noqa: S607 - found as by a reader
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/house/test_providers.py",
        ],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


def test_it_serves(copy: Path, upstream: Upstream) -> None:
    said = yaml.safe_load((copy / "orouter.yaml").read_text())
    said["providers"]["acme"] |= {"api_key": "acme-secret", "base_url": f"{upstream.url}/v1"}
    gateway = Gateway(copy, f"sqlite:///{copy}/acme.db", **said)  # runs what lies in its folder
    printed = gateway.run("quickstart", "--no-serve")
    [key] = re.findall(r"^export OPENAI_API_KEY=(ork_\w+)$", printed, re.MULTILINE)
    gateway.start()
    try:
        url, headers = f"{gateway.url}/v1/chat/completions", {"authorization": f"Bearer {key}"}
        answer = httpx.post(url, json=HELLO, headers=headers, timeout=20).json()
    finally:
        gateway.stop()
    assert answer["choices"][0]["message"]["content"] == "Hello"
    assert answer["usage"]["cost"] == pytest.approx((7 * 2 + 3 * 8) / 1e6)
    [served] = upstream.served
    assert (served.path, served.body["model"]) == ("/v1/chat/completions", "large")
    assert served.headers["x-acme-key"] == "acme-secret"
