"""How many instructions a request takes, counted by valgrind: what a busy machine cannot sway.

python -m benchmarks.instructions [--seconds S]

A gateway serves 64 connections that never rest, for S seconds and for five times as long; the
difference is that of the requests alone. Counted are the instructions of the event loop's thread
and those of the thread that ingests, without the kernel's. valgrind takes some fifty times as long
as the processor itself. Needs Debian's ``valgrind``.
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
_INGESTS = re.compile(r"sqlite3_step")


async def served(work: Path, seconds: float) -> float:
    """Requests answered in that time by a gateway on this event loop."""
    output = (work / "serve.out").open("w")
    with output, redirect_stderr(output), contenders.mock(work) as mock:
        async with gateway(work, mock.port) as contender:
            done = await asyncio.to_thread(drive, PLAIN, contender, seconds)
            await asyncio.sleep(2)  # what was journalled is stored
    return done["good"]


def counted(work: Path, seconds: float) -> tuple[float, dict[str, int]]:
    """Requests, and the instructions of each thread that counts for them."""
    out = work / f"callgrind.{seconds:g}"
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
    child = [sys.executable, "-m", "benchmarks.instructions", "--serve", str(seconds)]
    done = subprocess.run(
        [*valgrind, "--separate-threads=yes", *child], capture_output=True, text=True, check=True
    )
    requests = float(done.stdout.split()[-1])
    threads = sorted(work.glob(f"{out.name}-*"))
    instructions = {path: int(_TOTALS.findall(path.read_text())[-1]) for path in threads}
    first, *others = threads
    ingests = [path for path in others if _INGESTS.search(path.read_text())]
    ingester = max(ingests, key=lambda path: instructions[path])
    return requests, {"event loop": instructions[first], "ingestion": instructions[ingester]}


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
    each = {name: (after[name] - before[name]) / (many - few) for name in after}
    rows = [{"thread": name, "instructions a request": number} for name, number in each.items()]
    table("plain, 64 connections", rows)
    keep("instructions", each)


if __name__ == "__main__":
    main()
