"""A real terminal for tests: what a program shows to a person who types."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
PATIENCE_S = 40.0


def environment(**more: str) -> dict[str, str]:
    """Ours, with ``orouter`` on the PATH and nothing that configures it."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OROUTER_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**ours, "PATH": path, "PYTHONPATH": str(ROOT), "TERM": "xterm", "PS1": "$ ", **more}


class Session:
    """A program on a terminal of its own."""

    def __init__(self, argv: list[str], folder: Path, **more: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(  # noqa: S603 - a program of the test's choice
            argv,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env=environment(**more),
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, __: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)

    def type(self, text: str) -> None:
        """Types."""
        os.write(self._ours, text.encode())

    def until(self, pattern: str) -> str:
        """Reads on until the pattern is shown; everything that was shown up to now."""
        deadline = time.monotonic() + PATIENCE_S
        while not re.search(pattern, self.shown):
            assert time.monotonic() < deadline, self.shown
            self._read()
        return self.shown

    def end(self) -> int:
        """Reads until the program has ended; its exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.shown
            self._read()
        self._read()
        return self.process.returncode

    def _read(self) -> None:
        ready, _, _ = select.select([self._ours], [], [], 0.1)
        if ready:
            try:
                self.shown += os.read(self._ours, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                time.sleep(0.05)
