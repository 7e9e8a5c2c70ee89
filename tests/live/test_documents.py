"""What the documents tell a reader to type works, in the order in which they tell it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from orouter.cli.frame import NOUNS
from tests.cli.test_reference import COMMANDS
from tests.live.documents import MARK, script
from tests.live.gateway import Gateway, environment

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": ["Hello from curl", "Hello from Python", "invalid_api_key", "5000", "Count me"],
    "docs/cli.md": ["acme", "permission"],
    "docs/clients.md": ["Hello there", "data: [DONE]", "invalid_api_key"],
    "docs/limits.md": ["limit_exceeded"],
    "docs/statistics.md": ["demo/echo", "period,org_id,org"],
    "docs/operations.md": ["ready"],
    "docs/users.md": ["ada@example.com", "orat_", "invited"],
    "docs/providers.md": ["demo/echo", "Answered by another"],
    "docs/api.md": ["from-http", "page_size", "period,org_id,org"],
    "docs/upgrade.md": ["after"],
    "docs/observability.md": ["orouter_"],
}
"""Page → what its examples must have printed."""
ALL_PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a reader who has done what README's "Start" says; a server runs."""
    folder = tmp_path_factory.mktemp("reader")
    demo = {"demo": {"type": "demo"}}
    gateway = Gateway(folder, f"sqlite:///{folder}/orouter.db", providers=demo)
    printed = gateway.run("quickstart", "--no-serve")
    [key] = re.findall(r"^export OPENAI_API_KEY=(ork_\w+)$", printed, re.MULTILINE)
    gateway.start()
    yield {
        **environment(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "OROUTER_CONFIG": str(gateway.config),
        "OPENAI_BASE_URL": f"{gateway.url}/v1",
        "OPENAI_API_KEY": key,
    }
    gateway.stop()


@pytest.mark.timeout(180)  # a page is a dozen commands, each a process, here on a busy machine
@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_work(page: str, shell: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own documents
        ["bash", "-euxo", "pipefail", "-c", script(ROOT / page)],  # noqa: S607 - found as by a reader
        env=shell,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert [wanted for wanted in PAGES[page] if wanted not in done.stdout] == [], done.stdout


def test_every_marked_example_is_of_a_page_that_is_run() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    marked = [str(page.relative_to(ROOT)) for page in pages if MARK.search(page.read_text())]
    assert sorted(marked) == sorted(PAGES)


def test_an_example_of_another_language_is_saved_and_started(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- run -->\n```python\nprint(1)\n```\n\n```bash\nexit 1\n```\n")
    assert script(page).endswith("print(1)\nEND_OF_EXAMPLE\npython example.py\n")


@pytest.mark.parametrize("program", [name for name in ("node",) if which(name)])
def test_the_program_of_the_readme_in_another_language_is_among_them(program: str) -> None:
    assert f"{program} example.mjs" in script(ROOT / "README.md")


SHELL = re.compile(r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?:bash|sh)\n", re.MULTILINE)


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_shell_example_is_run_or_says_why_not(page: Path) -> None:
    marks = [found["mark"] or "" for found in SHELL.finditer(page.read_text(encoding="utf-8"))]
    assert [mark for mark in marks if not re.fullmatch(r"run|not run: .{10,}", mark)] == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_shown_exists(page: Path) -> None:
    """Also in text, in cron, in units, and in examples that are not run."""
    wrong = []
    for words in shown_commands(page.read_text(encoding="utf-8")):
        found = [COMMANDS.get(" ".join(words[:count])) for count in (2, 1)]
        command = next((each for each in found if each is not None), None)
        known = {name for each in (command.params if command else ()) for name in each.opts}
        options = {word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z].*", word)}
        if command is None or not options <= known | {"--help"}:
            wrong.append(" ".join(words))
    assert wrong == []


def shown_commands(text: str) -> Iterator[list[str]]:
    """The words after ``orouter`` of each command line, without global options before the verb."""
    text = text.replace("\\\n", " ")
    for found in re.finditer(r"(?:^|[\s`(/])orouter (?P<rest>[^`\n#|;)]+)", text, re.MULTILINE):
        rest = re.split(r"\s(?:&&|>|<)", found["rest"])[0]
        words = [word for word in rest.replace('"', "").replace("'", "").split() if word != "\\"]
        while words[:1] == ["--server"] or words[:1] == ["--config"]:
            words = words[2:]
        if words[:1] != words and words[0] in NOUNS:  # a noun alone is spoken of, not typed
            yield words
