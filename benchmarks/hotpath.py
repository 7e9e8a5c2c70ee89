"""What a request costs on its way through the gateway.

The same load goes straight to a mock provider, through nginx's ``proxy_pass`` where nginx is
installed, and through orouter with one worker, in turn, for several rounds; through orouter also
with the key of an organization that has limits. What is measured has one core, the mock and the
load generator another. Requests per second vary with the machine's mood; the CPU columns and the
ratios within one run are what can be compared.

    python -m benchmarks.hotpath [--rounds N] [--seconds S]
        [--mock PORT] [--peer NAME:PORT:PID[:KEY]]... [--header 'NAME LINE']...

``--peer`` lets other gateways take part, started as ``peers.md`` beside this script tells, in front
of the mock on the port that ``--mock`` gives it; ``--header`` is what one of them wants to be sent.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand import contenders
from benchmarks.stand.contenders import Contender
from benchmarks.stand.driving import LONG, Scenario, in_turn, per, ratios
from benchmarks.stand.processes import memory_mb
from benchmarks.stand.results import keep, table

CHUNKS = 200
PACE = 500

PLAIN = Scenario("plain, 64 connections", 64)
SCENARIOS = (
    Scenario("plain, 1 connection", 1),
    PLAIN,
    Scenario(f"plain, {PACE} a second over 64 connections", 64, rate=PACE),
    Scenario("plain with a prompt of 45 kB, 16 connections", 16, sentences=LONG),
    Scenario(f"streams of {CHUNKS} chunks in a burst, 16 connections", 16, streams=True),
)


def summary(
    contender: Contender, rounds: Sequence[dict[str, float]], direct: dict[str, Any]
) -> dict[str, Any]:
    """The medians of a contender's rounds as one row of the table."""
    costs = [r["cpu_us"] / r["good"] for r in rounds if "cpu_us" in r]
    row: dict[str, Any] = {
        "contender": contender.name,
        "req/s": median(r["rps"] for r in rounds),
        "cpu us/req": per(rounds, "good"),
        "cpu min": min(costs) if costs else None,
        "p50 us": median(r["p50"] for r in rounds),
        "p99 us": median(r["p99"] for r in rounds),
    }
    reference = direct or row
    row["p50 added"] = row["p50 us"] - reference["p50 us"]
    row["p99 added"] = row["p99 us"] - reference["p99 us"]
    if "chunks" in rounds[0]:
        row["chunks/s"] = median(r["chunks_per_s"] for r in rounds)
        row["cpu us/chunk"] = per(rounds, "chunks")
        row["first chunk us"] = median(r["first50"] for r in rounds)
    row["memory MB"] = memory_mb(contender.pid) if contender.pid else None
    return row


def compare(
    scenario: Scenario, field: Sequence[Contender], rounds: int, seconds: float
) -> list[dict[str, Any]]:
    """One row for each contender, the direct way first."""
    taken = in_turn(scenario, field, rounds, seconds)
    rows: list[dict[str, Any]] = []
    for contender in field:
        rows.append(summary(contender, taken[contender.name], rows[0] if rows else {}))
    return rows


def peer(text: str, headers: Sequence[str]) -> Contender:
    """From ``NAME:PORT:PID`` or ``NAME:PORT:PID:KEY``, with those ``NAME LINE`` that are its."""
    name, port, pid, *key = text.split(":")
    lines = tuple(
        line for whose, _, line in (each.partition(" ") for each in headers) if whose == name
    )
    return Contender(name, int(port), int(pid), *key, headers=lines)


def main() -> None:
    """Run every scenario, print its table and keep the numbers."""
    parser = argparse.ArgumentParser(
        description="What a request costs on its way through the gateway."
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="length of one round")
    parser.add_argument("--mock", type=int, default=0, metavar="PORT")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--header", action="append", default=[])
    options = parser.parse_args()
    peers = [peer(text, options.header) for text in options.peer]
    results = {}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, chunks=CHUNKS, port=options.mock))
        others = [stack.enter_context(contenders.nginx(work, direct.port))]
        others += stack.enter_context(contenders.orouter(work, direct.port))
        field = [direct, *[contender for contender in others if contender], *peers]
        for scenario in SCENARIOS:
            rows = compare(scenario, field, options.rounds, options.seconds)
            table(scenario.name, rows)
            print(*ratios({row["contender"]: row["cpu us/req"] for row in rows}), sep="\n")
            results[scenario.name] = rows
    keep("hotpath", results)


if __name__ == "__main__":
    main()
