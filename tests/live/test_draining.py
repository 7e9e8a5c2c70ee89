"""SIGTERM: balancers are told, what is in flight finishes, everything is accounted for."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from orouter.db.session import Database
from tests.conftest import UrlOf
from tests.live.cluster import customer
from tests.live.gateway import PLAIN, Gateway
from tests.live.upstream import Reply, Served, Upstream, chunk

CHAT = "/v1/chat/completions"
HI = [{"role": "user", "content": "one two three four five six"}]
STREAM = {"model": "local/slow", "stream": True, "messages": HI}
ECHO = {"model": "demo/echo", "messages": HI}
DRAIN_S = 2.0

STREAM_S = 4.0

pytestmark = pytest.mark.timeout(150)

Starts = Callable[..., "Node"]


async def slow(_: Served) -> Reply:
    """A stream that takes longer than draining."""

    async def blocks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield f"data: {json.dumps(chunk({'content': 'word '}))}\n\n".encode()
            await asyncio.sleep(STREAM_S / 40)
        yield f"data: {json.dumps(chunk({}, 'stop'))}\n\ndata: [DONE]\n\n".encode()

    return Reply(200, blocks(), {"content-type": "text/event-stream"})


class Node:
    """A serving gateway, and a caller of it."""

    def __init__(self, gateway: Gateway, key: str) -> None:
        self.gateway = gateway
        headers = {"authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=gateway.url, headers=headers, timeout=20, verify=PLAIN)

    def tell(self, number: signal.Signals) -> float:
        """Sends a signal; the moment."""
        assert self.gateway._process is not None
        self.gateway._process.send_signal(number)
        return time.monotonic()

    def ends(self) -> int:
        """The exit code, once it has ended."""
        assert self.gateway._process is not None
        return self.gateway._process.wait(30)

    def status_until(self, wanted: int, within_s: float) -> httpx.Response:
        """``/health/ready`` over a new connection, once it has that status."""
        deadline = time.monotonic() + within_s
        while True:
            answer = httpx.get(f"{self.gateway.url}/health/ready", timeout=5, verify=PLAIN)
            if answer.status_code == wanted:
                return answer
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)


@pytest.fixture
def starts(tmp_path: Path, url_of: UrlOf, sqlite: Database, provider: Upstream) -> Iterator[Starts]:
    """Starts a node with so many workers and this section ``server``."""
    nodes: list[Node] = []
    provider.forget()
    provider.answers(slow, "chat/completions")
    local = {"type": "compatible", "base_url": f"{provider.url}/v1", "allow_unlisted_models": True}

    def start(workers: int, **server: float) -> Node:
        providers = {"local": local, "demo": {"type": "demo"}}
        section = {"drain_s": DRAIN_S, **server}
        gateway = Gateway(tmp_path, url_of("sqlite"), server=section, providers=providers)
        nodes.append(Node(gateway, customer(sqlite, requests=1000).key))
        gateway.start("--workers", str(workers))
        return nodes[-1]

    yield start
    for node in nodes:
        node.client.close()
        if node.gateway._process is not None:
            node.gateway.stop(signal.SIGKILL)


@contextmanager
def streaming(node: Node) -> Iterator[list[str]]:
    """A stream that has begun; its lines are there when the context ends."""
    with ThreadPoolExecutor(1) as pool, node.client.stream("POST", CHAT, json=STREAM) as answer:
        incoming = answer.iter_lines()
        lines = [next(incoming)]
        rest = pool.submit(lambda: list(incoming))
        yield lines
        lines += rest.result(30)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_node_says_that_it_leaves_and_serves_until_it_does(starts: Starts, workers: int) -> None:
    node = starts(workers)
    with streaming(node) as lines:
        told = node.tell(signal.SIGTERM)
        leaving = node.status_until(503, 1.5)
        assert leaving.json() == {"status": "draining"}
        assert leaving.headers["connection"] == "close"
        while "connection" not in (answer := node.client.post(CHAT, json=ECHO)).headers:
            assert time.monotonic() < told + DRAIN_S  # the other worker is not told yet
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert httpx.get(f"{node.gateway.url}/health", verify=PLAIN).status_code == 200
    assert lines[-2:] == ["data: [DONE]", ""]
    assert not [line for line in lines if '"error"' in line]
    assert node.ends() == 0
    assert time.monotonic() - told > DRAIN_S
    assert everything_is_accounted_for(node.gateway)


def everything_is_accounted_for(gateway: Gateway) -> bool:
    journal = [*(gateway.folder / "journal").glob("*")]
    checked = gateway.process("limits", "check")
    return journal == [] and checked.returncode == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_nobody_waits_on_a_terminal(starts: Starts, workers: int) -> None:
    node = starts(workers, drain_s=60)
    told = node.tell(signal.SIGINT)
    assert node.ends() == 0
    assert time.monotonic() - told < 5


def test_a_second_signal_ends_the_wait_but_no_stream(starts: Starts) -> None:
    node = starts(2, drain_s=60)
    with streaming(node) as lines:
        node.tell(signal.SIGTERM)
        node.status_until(503, 1.5)
        node.tell(signal.SIGTERM)
    assert lines[-2:] == ["data: [DONE]", ""]
    assert node.ends() == 0


def test_after_draining_connections_are_refused(starts: Starts) -> None:
    node = starts(2, drain_s=0)
    with streaming(node) as lines:
        node.tell(signal.SIGTERM)
        deadline = time.monotonic() + 2
        while _accepts(node.gateway.port):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert lines[-2:] == ["data: [DONE]", ""]
    assert node.ends() == 0


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_what_takes_longer_than_the_grace_is_ended_and_billed(starts: Starts) -> None:
    node = starts(1, drain_s=0, shutdown_grace_s=1)
    with pytest.raises(httpx.RemoteProtocolError), streaming(node):
        node.tell(signal.SIGTERM)
    assert node.ends() == 0
    assert everything_is_accounted_for(node.gateway)
    logged, *_ = json.loads(node.gateway.run("logs", "list", "-o", "json"))
    assert logged["status"] == 499
    assert logged["output_tokens"] > 0


def test_workers_do_not_outlive_their_supervisor(starts: Starts) -> None:
    node = starts(2, drain_s=60)
    workers = node.gateway.workers()
    node.gateway.stop(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) or _accepts(node.gateway.port):
        assert time.monotonic() < deadline
        time.sleep(0.1)
