"""Two nodes behind HAProxy, as the documentation sets it up, are restarted one after the other.

Meanwhile clients ask and stream without a pause: nothing fails and nothing is cut.
"""

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import httpx
import pytest

from orouter.db.session import Database
from tests.conftest import UrlOf
from tests.live import books
from tests.live.cluster import PRICE, behave, customer
from tests.live.gateway import PLAIN, Gateway, free_port
from tests.live.upstream import Upstream

PAGE = Path(__file__).parents[2] / "docs/operations.md"
CLIENTS = 8
DRAIN_S = 5  # the default
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")

pytestmark = [
    pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed"),
    pytest.mark.timeout(240),
]


@contextmanager
def balanced(nodes: list[Gateway], folder: Path) -> Iterator[str]:
    """HAProxy with the configuration of the documentation, our addresses in place of its."""
    port = free_port()
    block = re.search(r"```haproxy\n(.+?)```", PAGE.read_text(), re.DOTALL)
    assert block is not None
    text = re.sub(r"bind .*", f"bind 127.0.0.1:{port}", block[1])
    for number, node in enumerate(nodes, 1):
        text = re.sub(
            rf"server node{number} \S+", f"server node{number} 127.0.0.1:{node.port}", text
        )
    config = folder / "haproxy.cfg"
    config.write_text(text)
    with (folder / "haproxy.log").open("wb") as log:
        command = [str(HAPROXY), "-db", "-f", str(config)]
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - as documented
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@dataclass
class Load:
    """Clients that ask until they are told to stop; odd ones stream for a second."""

    url: str
    key: str
    served: int = 0
    failed: list[str] = field(default_factory=list)
    running: bool = True

    async def run(self) -> None:
        headers = {"authorization": f"Bearer {self.key}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            await asyncio.gather(*(self._client(session, n) for n in range(CLIENTS)))

    async def _client(self, session: aiohttp.ClientSession, number: int) -> None:
        streams = number % 2 == 1
        body = {"model": "local/slow" if streams else "local/ok", "stream": streams}
        body["messages"] = [{"role": "user", "content": "one two three"}]
        while self.running:
            await self._ask(session, body)

    async def _ask(self, session: aiohttp.ClientSession, body: dict[str, object]) -> None:
        try:
            url = f"{self.url}/v1/chat/completions"
            async with session.post(url, json=body) as answer:
                text = await answer.text()
        except aiohttp.ClientError as error:
            self.failed.append(repr(error))
            return
        whole = text.endswith("data: [DONE]\n\n") if body["stream"] else '"usage"' in text
        if answer.status != 200 or not whole or '"error"' in text:
            self.failed.append(f"{answer.status} {text[-300:]}")
            return
        self.served += 1


@pytest.fixture
def nodes(tmp_path: Path, url_of: UrlOf, provider: Upstream) -> Iterator[list[Gateway]]:
    provider.forget()
    provider.answers(behave, "chat/completions")
    local = {"type": "compatible", "base_url": f"{provider.url}/v1", "allow_unlisted_models": True}
    with ExitStack() as stack:
        started = []
        for number in (1, 2):
            node = Gateway(
                tmp_path / f"node{number}",
                url_of("sqlite"),
                server={"drain_s": DRAIN_S, "shutdown_grace_s": 30},
                providers={"local": local},
                models={"local/ok": PRICE, "local/slow": PRICE},
            )
            stack.callback(node.stop)
            node.start("--workers", "2")
            started.append(node)
        yield started


def restart(nodes: list[Gateway]) -> None:
    """As an operator does: one node after the other, each ready before the next one goes."""
    for node in nodes:
        node.stop()
        node.start("--workers", "2")
        time.sleep(3)  # `rise 2`: HAProxy takes it in again


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", verify=PLAIN).status_code == 200
    except httpx.TransportError:  # HAProxy itself is starting
        return False


async def test_no_request_fails_and_no_stream_is_cut(
    nodes: list[Gateway], tmp_path: Path, url_of: UrlOf
) -> None:
    with closing(Database(url_of("sqlite"))) as database, balanced(nodes, tmp_path) as url:
        someone = customer(database, requests=1_000_000)
        books.seconds_until(lambda: _is_ready(url), 10)
        load = Load(url, someone.key)
        clients = asyncio.create_task(load.run())
        await asyncio.sleep(1)
        await asyncio.to_thread(restart, nodes)
        load.running = False
        await clients
        assert load.failed == []
        assert load.served > 100
        for node in nodes:
            await asyncio.to_thread(node.stop)
        rows = books.rows_of(database, someone.org_id)
        assert [row.status for row in rows] == [200] * load.served
        assert books.counter(database, someone.org_id).reserved.requests == 0
