"""Several workers follow the file on SIGHUP to their supervisor, and nothing is dropped."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
import yaml

from tests.conftest import UrlOf
from tests.live.gateway import Gateway

WORKERS = 2
SLOW = {"model": "demo/slow", "stream": True, "messages": [{"role": "user", "content": "a b c"}]}


@pytest.fixture
def gateway(tmp_path: Path, url_of: UrlOf) -> Iterator[Gateway]:
    running = Gateway(tmp_path, url_of("sqlite"), providers={"demo": {"type": "demo"}})
    running.start("--workers", str(WORKERS))
    yield running
    running.stop()


def reloads(gateway: Gateway) -> list[list[str]]:
    lines = [line for line in gateway.logged.splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines if '"configuration_reloaded"' in line]
    # Standard error is no terminal here: each event stands there and in the log file.
    return [event["changed"] for event in events if event["changed"]][::2]


def test_every_worker_reads_the_file_and_no_stream_is_cut(gateway: Gateway) -> None:
    org = gateway.run("org", "create", "reloading", "-q")
    key = gateway.run("key", "issue", "--org", org, "--name", "app")
    client = httpx.Client(
        base_url=gateway.url, headers={"authorization": f"Bearer {key}"}, timeout=20
    )
    with client, ThreadPoolExecutor(4) as pool:
        url = "/v1/chat/completions"
        streams = [pool.submit(client.post, url, json=SLOW) for _ in range(4)]
        sleep(0.5)
        values = yaml.safe_load(gateway.config.read_text())
        gateway.config.write_text(yaml.safe_dump({**values, "aliases": {"fast": "demo/echo"}}))
        assert gateway._process is not None
        gateway._process.send_signal(signal.SIGHUP)
        deadline = monotonic() + 10
        while len(reloads(gateway)) < WORKERS and monotonic() < deadline:
            sleep(0.1)
        assert reloads(gateway) == [["aliases.fast"]] * WORKERS
        answers = [client.post(url, json={**SLOW, "model": "fast"}).status_code for _ in range(8)]
        assert answers == [200] * 8
        assert all(stream.result().text.endswith("data: [DONE]\n\n") for stream in streams)
        assert not [s for s in streams if '"error"' in s.result().text]
