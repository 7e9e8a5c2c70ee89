"""Slow providers: whether anything queues in the gateway while thousands of requests wait.

Each request takes the mock 500 ms. As many connections as ``--in-flight`` send one after the other,
directly, through nginx and through orouter: whatever is added to 500 ms was spent on the way.

    python -m benchmarks.slow [--in-flight N] [--seconds S]
"""

import argparse
import resource
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stand import contenders
from benchmarks.stand.driving import Scenario, drive, per, ratios
from benchmarks.stand.results import keep, table

DELAY_MS = 500
RAMP_S = 4.0


def main() -> None:
    """Measure, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="Requests that wait for a slow provider.")
    parser.add_argument("--in-flight", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # what is started inherits it
    scenario = Scenario("", options.in_flight, ramp=RAMP_S, warm_up=RAMP_S + 1)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, delay_ms=DELAY_MS))
        nginx = stack.enter_context(contenders.nginx(work, direct.port))
        ours = stack.enter_context(contenders.orouter(work, direct.port))[:1]
        field = [direct, *([nginx] if nginx else []), *ours]
        rounds = {each.name: drive(scenario, each, options.seconds) for each in field}
    rows = [
        {
            "contender": name,
            "req/s": round_["rps"],
            "p50 over 500 ms, us": round_["p50"] - DELAY_MS * 1000,
            "p99 over 500 ms, us": round_["p99"] - DELAY_MS * 1000,
            "cpu us/req": per([round_], "good"),
        }
        for name, round_ in rounds.items()
    ]
    table(f"{options.in_flight} in flight", rows)
    print(*ratios({name: per([each], "good") for name, each in rounds.items()}), sep="\n")
    keep("slow", rows)


if __name__ == "__main__":
    main()
