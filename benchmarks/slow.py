"""Slow providers: whether anything queues in the gateway while thousands of requests wait.

Each request takes the mock 500 ms. As many connections as ``--in-flight`` send one after the other,
directly, through nginx and through orouter: whatever is added to 500 ms was spent on the way. With
``--delay-ms 1000`` as many are in flight at half the rate, which tells waiting for a core from
waiting for others.

    python -m benchmarks.slow [--in-flight N] [--delay-ms N] [--seconds S]
"""

import argparse
import resource
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stand import contenders
from benchmarks.stand.driving import Scenario, drive, per, ratios
from benchmarks.stand.results import keep, table

RAMP_S = 4.0


def main() -> None:
    """Measure, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="Requests that wait for a slow provider.")
    parser.add_argument("--in-flight", type=int, default=2000)
    parser.add_argument("--delay-ms", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # what is started inherits it
    scenario = Scenario("", options.in_flight, ramp=RAMP_S, warm_up=RAMP_S + 1)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, delay_ms=options.delay_ms))
        nginx = stack.enter_context(contenders.nginx(work, direct.port))
        ours = stack.enter_context(contenders.orouter(work, direct.port))[:1]
        field = [direct, *([nginx] if nginx else []), *ours]
        rounds = {each.name: drive(scenario, each, options.seconds) for each in field}
    # Connections start before the time in which answers are counted: a part of the CPU.
    share = options.seconds / (options.seconds + RAMP_S / 2 + 1)
    costs = {name: (per([round_], "good") or 0.0) * share for name, round_ in rounds.items()}
    rows = [
        {
            "contender": name,
            "req/s": round_["rps"],
            "p50 added us": round_["p50"] - options.delay_ms * 1000,
            "p99 added us": round_["p99"] - options.delay_ms * 1000,
            "cpu us/req": costs[name] or None,
        }
        for name, round_ in rounds.items()
    ]
    table(f"{options.in_flight} in flight", rows)
    print(*ratios(costs), sep="\n")
    keep("slow", rows)


if __name__ == "__main__":
    main()
