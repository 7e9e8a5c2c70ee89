"""Whether two workers carry twice what one does: the CPU of a request with one and with two.

The workers may use every core. Where there are only two, load and mock take a part of one of them,
so requests per second fall short of what the workers could carry; the CPU of a request says whether
a second worker makes it dearer.

    python -m benchmarks.workers [--rounds N] [--seconds S]
"""

import argparse
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.stand import contenders
from benchmarks.stand.driving import Scenario, in_turn, per
from benchmarks.stand.processes import CORES
from benchmarks.stand.results import keep, table

CONNECTIONS = 128


def main() -> None:
    """Measure, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="One worker and two.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        direct = stack.enter_context(contenders.mock(Path(folder)))
        field = []
        for workers in (1, 2):
            work = Path(folder) / str(workers)
            work.mkdir()
            started = contenders.orouter(work, direct.port, workers=workers, cores=CORES)
            ours = stack.enter_context(started)[0]
            field.append(replace(ours, name=f"{workers} workers"))
        taken = in_turn(Scenario("", CONNECTIONS), field, options.rounds, options.seconds)
    rows = [
        {
            "workers": name,
            "req/s": median(r["rps"] for r in rounds),
            "cpu us/req": per(rounds, "good"),
        }
        for name, rounds in taken.items()
    ]
    table(f"plain, {CONNECTIONS} connections", rows)
    one, two = (per(rounds, "good") or 0.0 for rounds in taken.values())
    print(f"by their CPU, two workers on cores of their own carry {2 * one / two:.2f} times one")
    keep("workers", rows)


if __name__ == "__main__":
    main()
