"""What metrics cost a request: in its own task, and later in the thread that adds up.

python -m benchmarks.metrics [--requests N]
"""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stand.results import keep, table
from orouter.logs import AccessRecord
from orouter.services.tally import Tally
from orouter.telemetry.board import Board
from orouter.telemetry.samples import Snapshot, merged
from orouter.usage.records import Settlement

MODELS = 50
WORKERS = 4


def finished(number: int) -> tuple[AccessRecord, Settlement]:
    """What a request of one of the models leaves behind."""
    model = f"openai/gpt-{number % MODELS}"
    path, names = "/v1/chat/completions", {"request_id": "req_1", "status": 200}
    record = AccessRecord(
        time_us=1, method="POST", path=path, latency_us=number % 9_000_000, **names
    )
    settled = Settlement(
        id="01",
        at=1,
        org_id="org_1",
        key_id="key_1",
        model=model,
        provider="openai",
        stream=number % 2 == 0,
        prompt_tokens=100,
        completion_tokens=20,
        cost=12_345,
        ttft=250_000,
        attempts=1,
        **names,
    )
    return record, settled


def each_us(began: float, count: int) -> float:
    """Microseconds of CPU for one."""
    return (time.process_time() - began) / count * 1e6


def main() -> None:
    """Prints the table and keeps the numbers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=200_000)
    count = options.parse_args().requests
    requests = [finished(number) for number in range(count)]
    tally = Tally(enabled=True)
    tally.knows = lambda _: True
    began = time.process_time()
    for record, settled in requests:
        tally.in_flight += 1
        tally.in_flight -= 1
        tally.finish(record, settled)
    rows = [{"what": "in the request's task", "us": each_us(began, count)}]
    began = time.process_time()
    tally.count()
    rows.append({"what": "in the thread, a request", "us": each_us(began, count)})
    rows += in_the_thread(tally)
    table(f"metrics, {count} requests of {MODELS} models", rows)
    keep("metrics", rows)


def in_the_thread(tally: Tally) -> list[dict[str, object]]:
    """What is done once a second, and what a scrape costs."""
    with TemporaryDirectory() as folder:
        boards = [Board(Path(folder)) for _ in range(WORKERS)]
        began = time.process_time()
        for board in boards:
            board.publish(merged([Snapshot(list(tally.samples()))]))
        published = each_us(began, WORKERS)
        began = time.process_time()
        merged(boards[0].gathered())
        gathered = each_us(began, 1)
    return [
        {"what": "in the thread, once a second", "us": published},
        {"what": f"a scrape of {WORKERS} workers", "us": gathered},
    ]


if __name__ == "__main__":
    main()
