"""The crontab of docs/operations.md, run as cron runs it, beside a server at work."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.live.gateway import Gateway

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
DEMO = {"demo": {"type": "demo", "enabled": True}}


def crontab() -> tuple[dict[str, str], list[str]]:
    """The variables and the commands of the page's crontab."""
    [block] = re.findall(r"^```cron\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    variables = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    commands = [line.split(None, 5)[5] for line in lines if not re.match(r"[A-Z_]+=", line)]
    return variables, commands


VARIABLES, COMMANDS = crontab()


class Machine:
    """Folders in the place of the page's, and cron's bare environment."""

    def __init__(self, folder: Path, gateway: Gateway) -> None:
        self.folder, self.gateway = folder, gateway
        for name in ("reports", "backup"):
            (folder / name).mkdir()

    def placed(self, text: str) -> str:
        text = text.replace("/srv/orouter/.venv/bin", str(Path(sys.executable).parent))
        text = text.replace("/srv/orouter", str(self.gateway.folder))
        return text.replace("/srv/", f"{self.folder}/")

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        environment = {"SHELL": "/bin/sh", "LOGNAME": "orouter", "HOME": str(self.folder)}
        variables = {name: self.placed(value) for name, value in VARIABLES.items()}
        return subprocess.run(  # noqa: S603 - lines of our own page
            ["/bin/sh", "-c", self.placed(command)],
            env=environment | variables,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("srv")
    home = folder / "orouter"
    gateway = Gateway(home, f"sqlite:///{home}/orouter.db", providers=DEMO)
    gateway.run("init")
    gateway.run("org", "create", "acme")
    key = gateway.run("key", "issue", "--org", "acme", "--name", "ci")
    gateway.run("limits", "set", "acme", "--requests", "1M")
    gateway.start()
    over = threading.Event()
    caller = threading.Thread(target=ask_until, args=(over, gateway.url, key))
    caller.start()
    yield Machine(folder, gateway)
    over.set()
    caller.join()
    gateway.stop()


def ask_until(over: threading.Event, url: str, key: str) -> None:
    """A caller who keeps the server at work."""
    body = {"model": "demo/echo", "messages": [{"role": "user", "content": "Hello"}]}
    with httpx.Client(headers={"authorization": f"Bearer {key}"}, timeout=30) as client:
        while not over.wait(0.02):
            assert client.post(f"{url}/v1/chat/completions", json=body).status_code in (200, 429)


def test_the_page_shows_the_four_chores() -> None:
    said = " ".join(COMMANDS)
    for chore in ("stats export --csv --month last", "limits check", "db backup", "db purge"):
        assert chore in said
    assert "--keep 14" in said


@pytest.mark.timeout(180)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split("orouter ")[1][:12])
def test_a_line_is_silent_and_may_run_twice(machine: Machine, command: str) -> None:
    for _ in range(2):
        done = machine.run(command)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    files = {each.name for each in machine.folder.glob("*/*")}
    if "export" in command:
        assert len([name for name in files if re.fullmatch(r"usage-\d{4}-\d\d\.csv", name)]) == 1
    assert [name for name in files if name.endswith(".part")] == []


@pytest.mark.timeout(180)
def test_two_at_once_do_not_disturb_each_other(machine: Machine) -> None:
    done: list[subprocess.CompletedProcess[str]] = []
    threads = [
        threading.Thread(target=lambda command=each: done.append(machine.run(command)))
        for each in COMMANDS[2:] * 2
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * len(threads)


def test_a_limit_that_is_nearly_used_up_is_mailed(machine: Machine) -> None:
    machine.gateway.run("limits", "set", "acme", "--requests", "1")
    done = machine.run(COMMANDS[1])
    machine.gateway.run("limits", "set", "acme", "--requests", "1M")
    assert done.returncode == 6
    assert "acme" in done.stdout
    assert done.stderr.startswith("error: ")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split("orouter ")[1][:12])
def test_a_failure_has_a_code_and_two_lines(machine: Machine, command: str) -> None:
    gone = command.replace("&& orouter", "&& OROUTER_DATABASE__URL=sqlite:///gone/x.db orouter")
    done = machine.run(gone)
    assert (done.returncode, done.stdout) == (8, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
    assert [path.name for path in machine.folder.rglob("*.part")] == []
