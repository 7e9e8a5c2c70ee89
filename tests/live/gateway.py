"""orouter as users run it: ``orouter serve`` in a process of its own, on a real port."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml

SECRET_KEY = "a-secret-key-for-tests-0123456789"
STARTS_WITHIN_S = 60.0
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For http only: reading the machine's certificates for each request takes longer than it."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Gateway:
    """One node: its configuration, its command line, its processes."""

    def __init__(self, folder: Path, database_url: str, **configuration: Any) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.config = folder / "orouter.yaml"
        self._process: subprocess.Popen[bytes] | None = None
        self.configure(database_url, configuration)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of the serving process: with one worker, the one that answers."""
        assert self._process is not None
        return self._process.pid

    @property
    def logged(self) -> str:
        """Everything that the processes wrote to their log file and to standard error."""
        files = sorted(self.folder.glob("*.log")) + sorted(self.folder.glob("logs/*"))
        return "".join(file.read_text(errors="replace") for file in files)

    def configure(self, database_url: str, configuration: Mapping[str, Any]) -> None:
        """Writes orouter.yaml: what is given over what every test wants."""
        values: dict[str, Any] = {
            "server": {"port": self.port, "drain_s": 0, "shutdown_grace_s": 5},
            "secret_key": SECRET_KEY,
            "database": {"url": database_url},
            "usage": {"journal_dir": str(self.folder / "journal")},
            "logging": {"file": str(self.folder / "logs" / "orouter.log")},
        }
        for name, section in configuration.items():
            known = values.get(name)
            both = isinstance(known, dict) and isinstance(section, dict)
            values[name] = {**known, **section} if both else section
        self.config.write_text(yaml.safe_dump(values))

    def run(self, *arguments: str, stdin: str | None = None, check: bool = True) -> str:
        """A command of the command line; its standard output without the last line end."""
        done = self.process(*arguments, stdin=stdin)
        if check:
            assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def process(
        self, *arguments: str, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command of the command line, however it ends."""
        return subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "orouter", "--config", str(self.config), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
            cwd=self.folder,
        )

    def start(self, *options: str) -> None:
        """Serves; returns when it is ready."""
        errors = (self.folder / f"stderr-{self.port}.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - the same
            [sys.executable, "-m", "orouter", "--config", str(self.config), "serve", *options],
            stdout=errors,
            stderr=errors,
            env=environment(),
            cwd=self.folder,
        )
        errors.close()
        try:
            self._until_ready()
        except BaseException:
            self.stop(signal.SIGKILL)
            raise

    def _until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.logged[-3000:]
            try:
                if self._is_ready():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready in time: {self.logged[-3000:]}")

    def _is_ready(self) -> bool:
        answer = httpx.get(f"{self.url}/health/ready", timeout=1, verify=PLAIN)
        return answer.status_code == 200

    def workers(self) -> list[int]:
        """Process ids of the workers, where there are several."""
        assert self._process is not None
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        children = [int(pid) for pid in listed.read_text().split()]
        return [pid for pid in children if b"spawn_main" in _command_line(pid)]

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ends it and waits; the default as an operator would."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None


def environment() -> dict[str, str]:
    """Ours without what would configure orouter or its providers."""
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("OROUTER_") and not name.endswith("_API_KEY")
    }
    root = Path(__file__).parents[2]
    return {**keep, "PYTHONPATH": str(root), "COLUMNS": "200"}


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
