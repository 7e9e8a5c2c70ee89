"""Start what is measured on a core of its own, and read from /proc what it costs."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = {CORES[0]}
LOAD_CORE = {CORES[-1]}


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def pinned(cores: set[int]) -> Iterator[None]:
    """Processes started inside run on these cores only."""
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, set(CORES))


@contextmanager
def running(
    command: Sequence[str | Path],
    cores: set[int],
    log: Path,
    environment: dict[str, str] | None = None,
) -> Iterator[int]:
    """Run a server while the block lasts; gives its process id. Its output goes to ``log``.

    An error inside the block carries the end of that output.
    """
    with pinned(cores), log.open("ab") as output:
        server = subprocess.Popen(
            [str(word) for word in command], stdout=output, stderr=output, env=environment
        )
    try:
        yield server.pid
    except Exception as error:
        if said := log.read_text(encoding="utf-8").strip():
            error.add_note(f"{command[0]} said: {said[-2000:]}")
        raise
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until(
    is_there: Callable[[], bool], what: str, seconds: float = 30, pause: float = 0.02
) -> None:
    """Return as soon as ``is_there()`` holds; raise ``TimeoutError`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not there after {seconds:.0f} s")
        time.sleep(pause)


def listens(port: int) -> bool:
    """Whether somebody accepts connections on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    """Whether the address, on this machine, answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - a loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def family(pid: int) -> list[int]:
    """The process and everything that descends from it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if stat := _read(folder / "stat"):
            parents[int(folder.name)] = int(_fields(stat)[1])
    members = [pid]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def cpu_seconds(pid: int) -> float:
    """User and system time of the process, its descendants and those of them that it has reaped."""
    ticks = 0
    for member in family(pid):
        if stat := _read(Path(f"/proc/{member}/stat")):
            ticks += sum(int(value) for value in _fields(stat)[11:15])
    return ticks / TICKS_PER_SECOND


def memory_mb(pid: int) -> float:
    """Proportional set size of the process and its descendants: shared pages count once."""
    kilobytes = 0
    for member in family(pid):
        for line in _read(Path(f"/proc/{member}/smaps_rollup")).splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def _read(path: Path) -> str:
    """The text of a file below /proc; empty when its process is gone."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _fields(stat: str) -> list[str]:
    """The fields of /proc/PID/stat from the state on; the name before may hold spaces."""
    return stat.rpartition(")")[2].split()
