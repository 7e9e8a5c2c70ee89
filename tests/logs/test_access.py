"""One line per request."""

import json
import threading
import time

from orouter.logs import AccessLog, AccessRecord, keep_secret
from orouter.logs.access import short_line


def record(**changes):
    values = {
        "time_us": 1_795_426_599_000_123,
        "request_id": "r1",
        "method": "POST",
        "path": "/v1/chat/completions",
        "status": 200,
        "latency_us": 12_345,
    }
    return AccessRecord(**(values | changes))


def test_a_line_for_machines():
    lines = []
    log = AccessLog(file=lines.append)
    log.write(record(model="openai/gpt-4o", prompt_tokens=3, ttft_us=5))
    log.close()
    assert [json.loads(line) for line in lines] == [
        {
            "timestamp": "2026-11-23T09:36:39.000123Z",
            "level": "info",
            "event": "request",
            "time_us": 1_795_426_599_000_123,
            "request_id": "r1",
            "method": "POST",
            "path": "/v1/chat/completions",
            "status": 200,
            "latency_us": 12_345,
            "model": "openai/gpt-4o",
            "ttft_us": 5,
            "prompt_tokens": 3,
        }
    ]


def test_a_line_for_people():
    line = short_line(
        record(model="a/b\x1b", key_id="key_1", status=429, code="limit_exceeded", prompt_tokens=3)
    )
    assert line.partition(" ")[2] == (
        "POST /v1/chat/completions 429 12.3 ms limit_exceeded a/b\\x1b key_1 3+0 tokens\n"
    )


def test_what_a_caller_wrote_is_redacted():
    keep_secret("canary-in-a-model")
    lines = []
    log = AccessLog(file=lines.append, console=lines.append, for_people=True)
    log.write(record(model="openai/canary-in-a-model", path="/v1/models/sk-abcdefgh"))
    log.close()
    assert len(lines) == 2
    assert b"canary" not in b"".join(lines)
    assert b"abcdefgh" not in b"".join(lines)


def test_lines_are_written_without_waiting_for_the_end():
    written = threading.Event()
    log = AccessLog(file=lambda _: written.set())
    log.write(record())
    assert written.wait(5)
    log.close()


def test_many_writers_lose_nothing():
    lines = []
    log = AccessLog(file=lambda data: lines.extend(data.splitlines()))
    threads = [
        threading.Thread(target=lambda: [log.write(record()) for _ in range(2_000)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert len(lines) == 8_000
    assert log.dropped == 0


def test_after_the_end_lines_are_written_at_once():
    lines = []
    log = AccessLog(file=lines.append)
    log.write(record())
    log.close()
    log.write(record())
    assert len(lines) == 2


def test_a_disabled_log_takes_nothing():
    lines = []
    log = AccessLog(file=lines.append)
    log.enabled = False
    log.write(record())
    log.close()
    assert lines == []


def test_the_end_comes_quickly():
    log = AccessLog(file=lambda _: None)
    log.write(record())
    start = time.monotonic()
    log.close()
    assert time.monotonic() - start < 1
