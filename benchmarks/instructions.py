"""How many instructions a request takes, counted by valgrind: what a busy machine cannot sway.

python -m benchmarks.instructions [--seconds S]

A gateway serves 64 connections that never rest, for S seconds and for five times as long; the
difference is that of the requests alone. Counted are the instructions of the event loop's thread,
without the kernel's. valgrind takes some fifty times as long as the processor itself, so other
threads, which work by the clock, would tell nothing. Needs Debian's ``valgrind``.
"""

import argparse
import asyncio
import re
import subprocess
import sys
from contextlib import redirect_stderr
from functools import partial
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import uvloop

from benchmarks.hotpath import PLAIN
from benchmarks.stand import contenders
from benchmarks.stand.driving import drive
from benchmarks.stand.results import keep, table
from benchmarks.steps import gateway

_TOTALS = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


async def served(work: Path, seconds: float) -> float:
    """Requests answered in that time by a gateway on this event loop."""
    output = (work / "serve.out").open("w")
    with output, redirect_stderr(output), contenders.mock(work) as mock:
        async with gateway(work, mock.port) as contender:
            done = await asyncio.to_thread(drive, PLAIN, contender, seconds)
    return done["good"]


def counted(work: Path, seconds: float) -> tuple[float, int]:
    """Requests, and the instructions of the thread that served them."""
    out = work / f"callgrind.{seconds:g}"
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
    child = [sys.executable, "-m", "benchmarks.instructions", "--serve", str(seconds)]
    done = subprocess.run(
        [*valgrind, "--separate-threads=yes", *child], capture_output=True, text=True, check=True
    )
    first = out.with_name(f"{out.name}-01").read_text(encoding="utf-8")
    return float(done.stdout.split()[-1]), int(_TOTALS.findall(first)[-1])


def main(argv: list[str] | None = None) -> None:
    """Print the numbers, where valgrind is there."""
    parser = argparse.ArgumentParser(description="How many instructions a request takes.")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--serve", type=float, metavar="SECONDS", help="for valgrind's child")
    options = parser.parse_args(argv)
    with TemporaryDirectory() as folder:
        if options.serve:
            print(uvloop.run(served(Path(folder), options.serve)))
            return
        if which("valgrind") is None:
            print("instructions: skipped, as valgrind is not installed (apt-get install valgrind)")
            return
        count = partial(counted, Path(folder))
        (few, before), (many, after) = count(options.seconds), count(options.seconds * 5)
    row = {"contender": "orouter", "instructions a request": (after - before) / (many - few)}
    table("plain, 64 connections", [row])
    keep("instructions", row)


if __name__ == "__main__":
    main()
