"""What the gateway makes of a provider's faults, over real sockets: attempts, answers and times."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

import httpx
import pytest

from tests.conftest import UrlOf
from tests.live.gateway import Gateway, free_port
from tests.live.upstream import Reply, Rule, Served, Upstream, chunk, completion, events, plain

HI = [{"role": "user", "content": "hi"}]
PATIENCE_S = 1.0
"""The providers' time to the first byte; ``DEADLINE_S`` is that of all attempts together."""
DEADLINE_S = 3.0
GRACE_S = 0.25
THREE_KEYS = ["key-one", "key-two", "key-three"]


class Outcome(NamedTuple):
    """``attempts`` is what the gateway says, ``seen`` what the provider saw."""

    status: int
    code: str
    attempts: int
    seen: int
    seconds: float
    headers: httpx.Headers
    text: str


class Resetter:
    """A server that reads a request and resets its connection."""

    def __init__(self) -> None:
        self.seen = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.recv(65536)
            self.seen += 1
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()


def refusing(status: int, **headers: str) -> Reply:
    return plain({"error": {"message": f"no: {status}", "type": "t"}}, status, **headers)


def cut(*chunks: dict[str, Any], mid_chunk: bytes = b"") -> Reply:
    """A stream whose connection ends after these chunks and a part of one."""
    reply = events(*chunks)
    assert isinstance(reply.blocks, list)
    reply.blocks.append(mid_chunk or b'data: {"id":')
    reply.cut = True
    return reply


def truncated(served: Served) -> Reply:
    if served.body.get("stream"):
        return cut()
    headers = {"content-type": "application/json", "content-length": "5000"}
    return Reply(200, [b'{"id":"chatcmpl-1","choices":['], headers, cut=True)


def broken_off(served: Served) -> Reply:
    """An error in a 200: before anything was said, or after it."""
    if served.body.get("stream"):
        said = chunk({"role": "assistant", "content": "Hel"})
        return events(said, {"error": {"message": "overloaded", "code": 503}})
    return plain({"error": {"message": "overloaded", "code": 503}})


def first_of_all(served: Served) -> Reply:
    if served.body.get("stream"):
        return events({"error": {"message": "overloaded", "code": 503}})
    return plain({"error": {"message": "overloaded", "code": 503}})


def cut_later(served: Served) -> Reply:
    if served.body.get("stream"):
        return cut(chunk({"role": "assistant", "content": "Hel"}))
    return truncated(served)


FAULTS: dict[str, Any] = {
    **{str(status): refusing(status) for status in (400, 401, 402, 403, 404, 408, 409, 413, 422)},
    **{str(status): refusing(status) for status in (429, 500, 502, 503, 504, 529)},
    "hang": None,
    "error-first": first_of_all,
    "error-later": broken_off,
    "cut-first": truncated,
    "cut-later": cut_later,
}
EXPECTED = {
    # fault: (attempts, status) of whole answers, then of streams
    "refused": ((4, 503), (4, 503)),
    "reset": ((4, 503), (4, 503)),
    "400": ((1, 400), (1, 400)),
    "401": ((1, 502), (1, 502)),
    "402": ((1, 503), (1, 503)),
    "403": ((1, 403), (1, 403)),
    "404": ((1, 404), (1, 404)),
    "408": ((4, 504), (4, 504)),
    "409": ((4, 409), (4, 409)),
    "413": ((1, 413), (1, 413)),
    "422": ((1, 400), (1, 400)),
    "429": ((4, 429), (4, 429)),
    "500": ((4, 502), (4, 502)),
    "502": ((4, 503), (4, 503)),
    "503": ((4, 503), (4, 503)),
    "504": ((4, 504), (4, 504)),
    "529": ((4, 503), (4, 503)),
    "hang": ((1, 504), (1, 504)),
    "error-first": ((4, 503), (4, 503)),
    "error-later": ((4, 503), (1, 200)),
    "cut-first": ((4, 502), (4, 502)),
    "cut-later": ((4, 502), (1, 200)),
}


async def hang(_: Served) -> Reply:
    await asyncio.sleep(30)
    return plain(completion())


class Site(NamedTuple):
    """A gateway whose model ``<fault>/<any name>`` has that fault."""

    gateway: Gateway
    upstream: Upstream
    resetter: Resetter
    key: str

    def ask(self, model: str, *, stream: bool = False, **fields: Any) -> Outcome:
        body = {"model": model, "messages": HI, "stream": stream, **fields}
        headers = {"authorization": f"Bearer {self.key}"}
        url = f"{self.gateway.url}/v1/chat/completions"
        began = time.monotonic()
        answer = httpx.post(url, json=body, headers=headers, timeout=30)
        failed = answer.status_code != 200
        return Outcome(
            answer.status_code,
            answer.json()["error"]["code"] if failed else "",
            int(answer.headers.get("x-orouter-attempts", 0)),
            self.seen(model),
            time.monotonic() - began,
            answer.headers,
            answer.text,
        )

    def seen(self, model: str) -> int:
        """How many attempts at this model arrived at its provider."""
        if model.startswith("reset/"):
            return self.resetter.seen
        provider, _, name = model.partition("/")
        return sum(
            served.body["model"] == name and f"/{provider}/" in served.path
            for served in self.upstream.served
        )

    def answers(self, provider: str, rule: Rule | Reply) -> None:
        self.upstream.answers(rule, f"/{provider}/v1/chat/completions")


@pytest.fixture(scope="module")
def site(
    url_of: UrlOf, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    resetter = Resetter()
    here = {"type": "compatible", "allow_unlisted_models": True, "timeout_s": PATIENCE_S}
    names = [*FAULTS, "good", "also", "slow", "storm", "mistakes"]
    providers = {name: {**here, "base_url": f"{provider.url}/{name}/v1"} for name in names}
    providers |= {
        "refused": {**here, "base_url": f"http://127.0.0.1:{free_port()}/v1"},
        "reset": {**here, "base_url": f"http://127.0.0.1:{resetter.port}/v1"},
        "keys": {**here, "base_url": f"{provider.url}/keys/v1", "api_keys": THREE_KEYS},
    }
    gateway = Gateway(
        tmp_path_factory.mktemp("faults"),
        url_of("sqlite"),
        providers=providers,
        routing={"timeout_s": DEADLINE_S, "max_retries": 3},
        fallbacks={"503/with-fallback": ["good/m"]},
        models={"503/with-fallback": {}},
    )
    org = gateway.run("org", "create", f"faults-{gateway.port}", "-q")
    key = gateway.run("key", "issue", "--org", org, "--name", "app")
    gateway.start()
    yield Site(gateway, provider, resetter, key)
    gateway.stop()
    resetter.close()


@pytest.fixture(autouse=True)
def faulty(site: Site) -> None:
    """Each fault in its place, nothing served so far."""
    site.upstream.forget()
    site.resetter.seen = 0
    for name, fault in FAULTS.items():
        site.answers(name, rule_of(fault))


def rule_of(fault: Any) -> Rule | Reply:
    if fault is None:
        return hang
    if isinstance(fault, Reply):
        return fault

    async def rule(served: Served) -> Reply:
        reply: Reply = fault(served)
        return reply

    return rule


def test_attempts_for_each_fault(site: Site) -> None:
    """Each kind of request at a model of its own, so that no breaker of another is in the way."""
    found = {}
    with ThreadPoolExecutor(8) as pool:
        for stream in (False, True):
            models = {fault: f"{fault}/m-{stream}" for fault in EXPECTED}
            site.resetter.seen = 0
            asked = pool.map(lambda model: site.ask(model, stream=stream), models.values())  # noqa: B023 - read before the next turn
            found[stream] = dict(zip(models, asked, strict=True))
    print(table(found))  # noqa: T201 - what `pytest -s` is asked for
    for fault, expected in EXPECTED.items():
        both = (found[False][fault], found[True][fault])
        assert tuple((one.attempts, one.status) for one in both) == expected, fault
        for one in both:
            assert one.seen == (0 if fault == "refused" else one.attempts), fault
            assert one.seconds < DEADLINE_S + GRACE_S, fault


def table(found: dict[bool, dict[str, Outcome]]) -> str:
    lines = ["", f"{'fault':12} {'whole':>28} {'streamed':>32}"]
    for fault in EXPECTED:
        cells = [
            f"{one.attempts} x -> {one.status} {one.code or 'error event':28}"
            for one in (found[False][fault], found[True][fault])
        ]
        lines.append(f"{fault:12} {cells[0]} {cells[1]}")
    return "\n".join(lines)


def test_what_was_said_before_a_stream_broke_is_followed_by_the_error(site: Site) -> None:
    for fault in ("error-later", "cut-later"):
        text = site.ask(f"{fault}/told", stream=True).text
        assert '"content":"Hel"' in text
        assert text.rstrip().endswith("data: [DONE]")
        assert '"error":{"message"' in text.split("\n\n")[-3]


def once(then: Reply, *first: Reply) -> Rule:
    """The first answers, one each, then the same for ever."""
    waiting = iter(first)

    async def rule(_: Served) -> Reply:
        return next(waiting, then)

    return rule


def in_two_seconds() -> dict[str, str]:
    now = datetime.now(UTC)
    return {"retry_after": format_datetime(now + timedelta(seconds=2), usegmt=True)}


@pytest.mark.parametrize("date", [False, True], ids=["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(site: Site, status: int, *, date: bool) -> None:
    wait = in_two_seconds() if date else {"retry_after": "2"}
    site.answers("good", once(plain(completion()), refusing(status, **wait)))
    asked = site.ask(f"good/waits-{status}-{date}")
    assert (asked.status, asked.attempts) == (200, 2)
    assert (0.9 if date else 2.0) <= asked.seconds < DEADLINE_S + GRACE_S


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_an_hour_is_told_at_once(site: Site, status: int) -> None:
    site.answers("good", refusing(status, retry_after="3600"))
    asked = site.ask(f"good/hour-{status}")
    assert (asked.status, asked.attempts) == (status, 1)
    assert asked.headers["retry-after"] == "3600"
    assert asked.seconds < 1


def test_no_fault_exceeds_the_deadline(site: Site) -> None:
    async def slowly(_: Served) -> Reply:
        await asyncio.sleep(0.8)
        return refusing(503, retry_after="0.4")

    async def late(_: Served) -> Reply:
        await asyncio.sleep(0.8)
        return refusing(503) if len(site.upstream.served) < 3 else await hang(_)

    for name, rule in (("slowly", slowly), ("late", late)):
        site.upstream.forget()
        site.answers("slow", rule)
        asked = site.ask(f"slow/{name}")
        assert asked.status in (503, 504)
        assert asked.seconds < DEADLINE_S + GRACE_S


@pytest.mark.parametrize("status", [401, 429])
def test_one_bad_key_of_three_costs_no_client_anything(site: Site, status: int) -> None:
    async def rule(served: Served) -> Reply:
        bad = served.headers["authorization"] == f"Bearer {THREE_KEYS[1]}"
        return refusing(status) if bad else plain(completion())

    site.answers("keys", rule)
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: site.ask(f"keys/m-{status}"), range(100)))
    assert {one.status for one in asked} == {200}
    used = [served.headers["authorization"] for served in site.upstream.served]
    assert used.count(f"Bearer {THREE_KEYS[1]}") <= 8


async def send(client: httpx.AsyncClient, site: Site, model: str) -> int:
    headers = {"authorization": f"Bearer {site.key}"}
    body = {"model": model, "messages": HI}
    url = f"{site.gateway.url}/v1/chat/completions"
    return (await client.post(url, json=body, headers=headers)).status_code


async def storm(site: Site, model: str) -> AsyncIterator[int]:
    """About 100 requests a second for two seconds."""
    async with httpx.AsyncClient(timeout=10) as client:
        sent = []
        for _ in range(200):
            sent.append(asyncio.create_task(send(client, site, model)))
            await asyncio.sleep(0.01)
        for one in sent:
            yield await one


async def test_a_storm_of_failures_spares_the_provider_and_ends_with_it(site: Site) -> None:
    site.answers("storm", refusing(503))
    began = time.monotonic()
    statuses = [status async for status in storm(site, "storm/m")]
    lasted = time.monotonic() - began
    assert set(statuses) == {503}
    assert site.seen("storm/m") <= 200 * 1.2 + 3
    # The breaker has opened: after the first failures one probe a second gets through.
    assert site.seen("storm/m") <= 20 + lasted
    site.answers("storm", plain(completion()))
    await asyncio.sleep(1.1)
    async with httpx.AsyncClient() as client:
        assert [await send(client, site, "storm/m") for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("status", [400, 404, 413, 422, 429])
def test_mistakes_and_rate_limits_are_no_outage(site: Site, status: int) -> None:
    """The only provider must not be given up because callers ask it wrong things, or too much."""

    async def rule(served: Served) -> Reply:
        wrong = served.body["messages"][0]["content"] != "hi"
        return refusing(status, retry_after="3600") if wrong else plain(completion())

    site.answers("mistakes", rule)
    wrong = [{"role": "user", "content": "wrong"}]
    for _ in range(12):
        assert site.ask(f"mistakes/m-{status}", messages=wrong).status in (status, 400)
        assert site.ask(f"mistakes/m-{status}").status == 200


def test_a_configured_fallback_serves_and_is_named(site: Site) -> None:
    asked = site.ask("503/with-fallback")
    assert asked.status == 200
    assert asked.headers["x-orouter-provider"] == "good"
    assert 2 <= asked.attempts <= 4
    streamed = site.ask("503/with-fallback", stream=True)
    assert streamed.headers["x-orouter-provider"] == "good"


@pytest.mark.parametrize("fault", ["refused", "401", "402", "404", "429", "503", "hang"])
def test_the_callers_own_list_of_models_is_gone_through(site: Site, fault: str) -> None:
    asked = site.ask(f"{fault}/first", models=["good/second"])
    assert asked.status == 200
    assert asked.headers["x-orouter-provider"] == "good"
    assert 2 <= asked.attempts <= 4
    assert asked.seconds < DEADLINE_S + GRACE_S


def test_when_all_are_down_the_caller_learns_what_was_tried(site: Site) -> None:
    asked = site.ask("503/all-down", models=["refused/all-down", "401/all-down"])
    assert asked.status == 503
    for tried in ("503/all-down", "refused/all-down", "401/all-down"):
        assert tried in asked.text
    assert "canary" not in asked.text
    assert asked.attempts <= 4
