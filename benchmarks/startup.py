"""How long until something is there: the command line's help, and the server's first answer.

python -m benchmarks.startup [--rounds N]
"""

import argparse
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from benchmarks.stand.contenders import OROUTER, configured, issue_key
from benchmarks.stand.processes import (
    SERVER_CORE,
    answers,
    free_port,
    memory_mb,
    pinned,
    running,
    wait_until,
)
from benchmarks.stand.results import keep, table

T = TypeVar("T")
NOBODY = 9  # the discard port: this benchmark calls no provider


def help_seconds() -> float:
    """From starting ``orouter --help`` to its end."""
    began = time.perf_counter()
    with pinned(SERVER_CORE):
        subprocess.run([OROUTER, "--help"], check=True, capture_output=True)
    return time.perf_counter() - began


def serve_seconds(work: Path, environment: dict[str, str]) -> tuple[float, float]:
    """From starting ``orouter serve`` to the first 200 of /health, and its memory then in MB."""
    port = free_port()
    began = time.perf_counter()
    command: list[str | Path] = [OROUTER, "serve", "--port", str(port)]
    with running(command, SERVER_CORE, work / "serve.out", environment) as pid:
        health = f"http://127.0.0.1:{port}/health"
        wait_until(lambda: answers(health), "orouter", pause=0.005)
        return time.perf_counter() - began, memory_mb(pid)


def row(what: str, seconds: list[float], memory: float | None = None) -> dict[str, Any]:
    """One line of the table, in milliseconds."""
    return {
        "what": what,
        "median ms": median(seconds) * 1000,
        "best ms": min(seconds) * 1000,
        "memory MB": memory,
    }


def repeated(measure: Callable[[], T], rounds: int) -> list[T]:
    """The results of ``rounds`` calls, after one that only warms the disk's cache."""
    measure()
    return [measure() for _ in range(rounds)]


def main() -> None:
    """Measure both, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="How long until something is there.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder:
        work = Path(folder)
        environment = configured(work, NOBODY)
        issue_key(work, environment)
        served = repeated(lambda: serve_seconds(work, environment), rounds)
    rows = [
        row("orouter --help", repeated(help_seconds, rounds)),
        row("orouter serve to the first 200", [s for s, _ in served], median(m for _, m in served)),
    ]
    table("start-up", rows)
    keep("startup", rows)


if __name__ == "__main__":
    main()
