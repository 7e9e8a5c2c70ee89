"""Many streams at a time: whether chunks fall behind, and what an idle stream holds.

1,000 streams of 20 chunks a second go through nginx and through orouter, on one core; then 5,000
streams through orouter that are told nothing, whose memory is what is of interest. ``relay`` is how
long a chunk was on its way.

    python -m benchmarks.streams [--streams N] [--idle N] [--seconds S]
"""

import argparse
import resource
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand import contenders
from benchmarks.stand.contenders import Contender
from benchmarks.stand.driving import Scenario, command, drive, per
from benchmarks.stand.processes import LOAD_CORE, memory_mb, pinned
from benchmarks.stand.results import keep, table

INTERVAL_MS = 50
LONG_AGO_MS = 10_000_000
RAMP_S = 5.0


def talking(streams: int, seconds: float) -> list[dict[str, Any]]:
    """Streams of 20 chunks a second each, through everybody."""
    scenario = Scenario("", streams, streams=True, ramp=RAMP_S, warm_up=RAMP_S + 1)
    rows = []
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        mock = contenders.mock(work, chunks=LONG_AGO_MS, interval_ms=INTERVAL_MS)
        direct = stack.enter_context(mock)
        nginx = stack.enter_context(contenders.nginx(work, direct.port))
        ours = stack.enter_context(contenders.orouter(work, direct.port))[:1]
        for contender in [direct, *([nginx] if nginx else []), *ours]:
            round_ = drive(scenario, contender, seconds)
            # The streams begin before the time in which chunks are counted: a part of the CPU.
            share = seconds / (seconds + RAMP_S / 2 + 1)
            cost = per([round_], "chunks")
            rows.append(
                {
                    "contender": contender.name,
                    "streams": streams,
                    "chunks/s": round_["chunks_per_s"],
                    "cpu us/chunk": cost * share if cost else None,
                    "relay p50 us": round_["relay50"],
                    "relay p99 us": round_["relay99"],
                    "memory MB": memory_mb(contender.pid) if contender.pid else None,
                }
            )
    return rows


def idle(streams: int) -> list[dict[str, Any]]:
    """Memory before there are streams that say nothing, and while they are there."""
    scenario = Scenario("", streams, streams=True, ramp=RAMP_S)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, chunks=2, interval_ms=LONG_AGO_MS // 10))
        ours: Contender = stack.enter_context(contenders.orouter(work, direct.port))[0]
        assert ours.pid is not None  # noqa: S101 - it was started here
        before = memory_mb(ours.pid)
        with pinned(LOAD_CORE):
            load = subprocess.Popen(command(scenario, ours, RAMP_S + 15), stdout=subprocess.DEVNULL)
        time.sleep(RAMP_S + 10)
        during = memory_mb(ours.pid)
        load.wait()
    each = (during - before) * 1024 / streams
    return [
        {"streams": 0, "memory MB": before},
        {"streams": streams, "memory MB": during},
        {"streams": "each of them, kB", "memory MB": each},
    ]


def main() -> None:
    """Measure both, print the tables and keep the numbers."""
    parser = argparse.ArgumentParser(description="Many streams at a time.")
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--idle", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # what is started inherits it
    rows = talking(options.streams, options.seconds)
    table(f"streams of {1000 // INTERVAL_MS} chunks a second", rows)
    silent = idle(options.idle)
    table("idle streams", silent)
    keep("streams", {"talking": rows, "idle": silent})


if __name__ == "__main__":
    main()
