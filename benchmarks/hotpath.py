"""What a request costs on its way through the gateway.

The same load goes straight to a mock provider, through nginx's ``proxy_pass`` where nginx is
installed, and through orouter with one worker, in turn, for several rounds. What is measured has
one core, the mock and the load generator another. Requests per second vary with the machine's
mood; the CPU columns and the ratios within one run are what can be compared.

    python -m benchmarks.hotpath [--rounds N] [--seconds S]
"""

import argparse
import json
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand import contenders
from benchmarks.stand.contenders import OUT, Contender, compiled
from benchmarks.stand.processes import LOAD_CORE, cpu_seconds, memory_mb, pinned
from benchmarks.stand.results import keep, table

CHUNKS = 200
SETTLE_S = 0.5  # what a round leaves behind, as journalled usage, is counted to that round
QUESTION = (
    "Explain in one paragraph what a gateway does with a request, and what of it takes time. " * 5
)


@dataclass(frozen=True)
class Scenario:
    """One way of calling: how many connections at a time, and whether they stream."""

    name: str
    connections: int
    streams: bool = False

    def body(self) -> dict[str, Any]:
        """The chat request that every connection sends again and again."""
        request: dict[str, Any] = {
            "model": "openai/gpt-4.1",
            "messages": [{"role": "user", "content": QUESTION}],
            "temperature": 0.7,
            "max_tokens": 256,
        }
        if self.streams:
            request |= {"stream": True, "stream_options": {"include_usage": True}}
        return request


SCENARIOS = (
    Scenario("plain, 1 connection", 1),
    Scenario("plain, 64 connections", 64),
    Scenario(f"streams of {CHUNKS} chunks in a burst, 16 connections", 16, streams=True),
)


def drive(scenario: Scenario, contender: Contender, seconds: float) -> dict[str, float]:
    """One round of load: what load.c reports, and the contender's CPU in microseconds."""
    body = OUT / "body.json"
    body.write_text(json.dumps(scenario.body()), encoding="utf-8")
    command = [compiled("load"), "-p", contender.port, "-c", scenario.connections, "-b", body]
    command += ["-w", 0, "-d", seconds, "-H", f"Authorization: Bearer {contender.key}"]
    command += ["-s"] if scenario.streams else []
    before = cpu_seconds(contender.pid) if contender.pid else 0.0
    with pinned(LOAD_CORE):
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    time.sleep(SETTLE_S)
    round_: dict[str, float] = json.loads(done.stdout)
    if not round_["good"] or round_["bad"] or round_["errors"]:
        raise RuntimeError(f"{contender.name} did not answer every request: {round_}")
    if contender.pid:
        round_["cpu_us"] = (cpu_seconds(contender.pid) - before) * 1e6
    return round_


def summary(
    contender: Contender, rounds: Sequence[dict[str, float]], direct: dict[str, Any]
) -> dict[str, Any]:
    """The medians of a contender's rounds as one row of the table."""
    per_request = [r["cpu_us"] / r["good"] for r in rounds if "cpu_us" in r]
    row: dict[str, Any] = {
        "contender": contender.name,
        "req/s": median(r["rps"] for r in rounds),
        "cpu us/req": median(per_request) if per_request else None,
        "cpu min": min(per_request) if per_request else None,
        "p50 us": median(r["p50"] for r in rounds),
        "p99 us": median(r["p99"] for r in rounds),
    }
    reference = direct or row
    row["p50 added"] = row["p50 us"] - reference["p50 us"]
    row["p99 added"] = row["p99 us"] - reference["p99 us"]
    if "chunks" in rounds[0]:
        row["chunks/s"] = median(r["chunks_per_s"] for r in rounds)
        row["cpu us/chunk"] = (
            median(r["cpu_us"] / r["chunks"] for r in rounds) if per_request else None
        )
        row["first chunk us"] = median(r["first50"] for r in rounds)
    row["memory MB"] = memory_mb(contender.pid) if contender.pid else None
    return row


def compare(
    scenario: Scenario, field: Sequence[Contender], rounds: int, seconds: float
) -> list[dict[str, Any]]:
    """Drive every contender in turn, ``rounds`` times; one row each, the direct way first."""
    taken: dict[str, list[dict[str, float]]] = {contender.name: [] for contender in field}
    for contender in field:
        drive(scenario, contender, seconds=0.3)
    for _ in range(rounds):
        for contender in field:
            taken[contender.name].append(drive(scenario, contender, seconds))
    rows: list[dict[str, Any]] = []
    for contender in field:
        rows.append(summary(contender, taken[contender.name], rows[0] if rows else {}))
    return rows


def ratio(rows: Sequence[dict[str, Any]]) -> str:
    """orouter's CPU per request in units of nginx's, if both were there."""
    by_name = {row["contender"]: row["cpu us/req"] for row in rows}
    if not by_name.get("nginx") or not by_name.get("orouter"):
        return "nginx is not installed: no ratio"
    return f"orouter takes {by_name['orouter'] / by_name['nginx']:.1f} times the CPU of nginx"


def main() -> None:
    """Run every scenario, print its table and keep the numbers."""
    parser = argparse.ArgumentParser(
        description="What a request costs on its way through the gateway."
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="length of one round")
    options = parser.parse_args()
    results = {}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, CHUNKS))
        others = [
            stack.enter_context(contenders.nginx(work, direct.port)),
            stack.enter_context(contenders.orouter(work, direct.port)),
        ]
        field = [direct, *[contender for contender in others if contender]]
        for scenario in SCENARIOS:
            rows = compare(scenario, field, options.rounds, options.seconds)
            table(scenario.name, rows)
            print(ratio(rows))
            results[scenario.name] = rows
    keep("hotpath", results)


if __name__ == "__main__":
    main()
