"""How long until something is there: help, a list of keys, and the server's first answer.

python -m benchmarks.startup [--rounds N]
"""

import argparse
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks.stand.contenders import OROUTER, configured, issue_key
from benchmarks.stand.processes import (
    SERVER_CORE,
    answers,
    cpu_seconds,
    free_port,
    memory_mb,
    pinned,
    running,
    wait_until,
)
from benchmarks.stand.results import keep, table

NOBODY = 9  # the discard port: this benchmark calls no provider


class Start(NamedTuple):
    """One start: wall clock and CPU in seconds, memory in MB where something stays."""

    seconds: float
    cpu: float
    memory: float | None = None


def run(*words: str, environment: dict[str, str] | None = None) -> Start:
    """From starting a command of orouter to its end."""
    spent, began = children_cpu(), time.perf_counter()
    with pinned(SERVER_CORE):
        subprocess.run([OROUTER, *words], check=True, capture_output=True, env=environment)
    return Start(time.perf_counter() - began, children_cpu() - spent)


def children_cpu() -> float:
    """CPU seconds of the processes that this one has started and seen end."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def start_serve(work: Path, environment: dict[str, str]) -> Start:
    """From starting ``orouter serve`` to the first 200 of /health."""
    port = free_port()
    began = time.perf_counter()
    command: list[str | Path] = [OROUTER, "serve", "--port", str(port)]
    with running(command, SERVER_CORE, work / "serve.out", environment) as pid:
        health = f"http://127.0.0.1:{port}/health"
        wait_until(lambda: answers(health), "orouter", pause=0.005)
        return Start(time.perf_counter() - began, cpu_seconds(pid), memory_mb(pid))


def row(what: str, starts: list[Start]) -> dict[str, Any]:
    """One line of the table, in milliseconds."""
    return {
        "what": what,
        "median ms": median(start.seconds for start in starts) * 1000,
        "best ms": min(start.seconds for start in starts) * 1000,
        "cpu ms": median(start.cpu for start in starts) * 1000,
        "memory MB": starts[-1].memory,
    }


def repeated(measure: Callable[[], Start], rounds: int) -> list[Start]:
    """``rounds`` starts, after one that only warms the disk's cache."""
    measure()
    return [measure() for _ in range(rounds)]


def main() -> None:
    """Measure both, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="How long until something is there.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder:
        work = Path(folder)
        # As an installation has it, wherever this runs: what is imported has been compiled before.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(work / "compiled")
        environment = configured(work, NOBODY)
        issue_key(work, environment)
        listed = repeated(lambda: run("key", "list", environment=environment), rounds)
        served = repeated(lambda: start_serve(work, environment), rounds)
    rows = [
        row("orouter --help", repeated(lambda: run("--help"), rounds)),
        row("orouter key list", listed),
        row("orouter serve to the first 200", served),
    ]
    table("start-up", rows)
    keep("startup", rows)


if __name__ == "__main__":
    main()
