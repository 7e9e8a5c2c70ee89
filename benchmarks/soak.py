"""Whether anything grows: memory, open files, threads and tasks over very many requests.

python -m benchmarks.soak [--requests N] [--every N]
"""

import argparse
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand import contenders
from benchmarks.stand.driving import Scenario, drive
from benchmarks.stand.processes import family, memory_mb
from benchmarks.stand.results import keep, table

CONNECTIONS = 64
ROUND_S = 5.0


def entries(pid: int, folder: str) -> int:
    """How many there are in a folder below /proc."""
    return sum(1 for _ in Path(f"/proc/{pid}/{folder}").iterdir())


def tasks(port: int) -> int:
    """On the event loop, as ``/metrics`` tells."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return int(next(line for line in lines if line.startswith("orouter_tasks ")).split()[1])


def held(pid: int, port: int) -> dict[str, Any]:
    """What the processes hold now."""
    members = family(pid)
    return {
        "tasks": tasks(port),
        "memory MB": memory_mb(pid),
        "open files": sum(entries(member, "fd") for member in members),
        "threads": sum(entries(member, "task") for member in members),
    }


def main() -> None:
    """Print a line every so many requests, then all of them as a table; keep the numbers."""
    parser = argparse.ArgumentParser(description="Whether anything grows.")
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=100_000)
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work))
        ours = stack.enter_context(contenders.orouter(work, direct.port))[0]
        assert ours.pid is not None  # noqa: S101 - it was started here
        drive(Scenario("", CONNECTIONS), ours, seconds=1)
        sent, due = 0, 0
        while sent < options.requests:
            if sent >= due:
                rows.append({"requests": sent, **held(ours.pid, ours.port)})
                print(rows[-1], flush=True)
                due += options.every
            sent += int(drive(Scenario("", CONNECTIONS), ours, ROUND_S)["good"])
        rows.append({"requests": sent, **held(ours.pid, ours.port)})
    table("what the gateway holds", rows)
    keep("soak", rows)


if __name__ == "__main__":
    main()
