"""What is promised of limits and accounting, on running nodes, with faults; docs/guarantees.md."""

import asyncio
import csv
import io
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from orouter.db.session import Database
from orouter.services import backup
from orouter.usage.counters import Amounts
from tests.databases import migrated
from tests.live import books
from tests.live.clients import Answer, Caller, Load, caller
from tests.live.cluster import Cluster, Customer, behave, cluster
from tests.live.upstream import Served, Upstream

HEALED_S = 60
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def started(
    own_url: str, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    with cluster(own_url, provider, tmp_path_factory.mktemp("nodes")) as running:
        yield running


@pytest.fixture
def site(started: Cluster) -> Cluster:
    """The nodes, and an upstream that remembers nothing of other tests."""
    started.upstream.forget()
    started.upstream.answers(behave)
    return started


async def settle_up(site: Cluster, customer: Customer, answers: list[Answer]) -> books.Findings:
    """Wait until everything that was answered is stored and nothing is reserved; then audit."""
    told = {each.marker for each in answers if each.status}

    def settled() -> bool:
        rows = {row.request_id for row in books.rows_of(site.database, customer.org_id)}
        reached = {books.marker_of(each) for each in site.upstream.served}
        return told | reached <= rows and not any(
            books.counter(site.database, customer.org_id).reserved
        )

    await asyncio.to_thread(books.seconds_until, settled, HEALED_S)
    return books.audit(site.database, customer.org_id, answers, site.upstream.served)


async def in_parallel(count: int, clients: int, ask: Callable[[str], Any]) -> list[Answer]:
    """``count`` requests by ``clients`` at a time."""
    free = asyncio.Semaphore(clients)

    async def one(number: int) -> Answer:
        async with free:
            answer: Answer = await ask(f"p-{number}")
            return answer

    return await asyncio.gather(*map(one, range(count)))


async def known(site: Cluster) -> None:
    """A second after a change every worker knows of it: that is promised."""
    await asyncio.sleep(1)


async def test_exactly_as_many_are_served_as_the_limit_says(site: Cluster) -> None:
    customer = site.customer(requests=100)
    await known(site)
    async with caller(site.urls, customer.key) as client:
        answers = await in_parallel(400, 60, client.ask)
    assert Counter(each.status for each in answers) == {200: 100, 429: 300}
    assert len(site.upstream.served) == 100
    for each in answers:
        if each.status == 429:
            assert each.code == "limit_exceeded"
            assert int(each.headers["retry-after"]) >= 1
            assert each.headers["x-should-retry"] == "false"
    findings = await settle_up(site, customer, answers)
    assert findings.faults == {}
    assert books.counter(site.database, customer.org_id).used.requests == 100


async def test_the_sdk_does_not_ask_again_when_a_limit_is_used_up(site: Cluster) -> None:
    customer = site.customer(requests=0)
    await known(site)
    asked: list[httpx.Request] = []

    async def count(request: httpx.Request) -> None:
        asked.append(request)

    http = httpx.AsyncClient(event_hooks={"request": [count]})
    async with openai.AsyncOpenAI(
        base_url=f"{site.urls[0]}/v1", api_key=customer.key, max_retries=5, http_client=http
    ) as client:
        with pytest.raises(openai.RateLimitError, match="0 requests per month"):
            await client.chat.completions.create(
                model="local/ok", messages=[{"role": "user", "content": "hi"}]
            )
    assert len(asked) == 1
    assert site.upstream.served == []


@pytest.mark.parametrize(("dimension", "limit"), [("tokens", 100_000), ("cost", 100 * 10**9)])
async def test_strict_estimates_are_overrun_by_nothing(
    site: Cluster, dimension: str, limit: int
) -> None:
    amount = limit if dimension == "tokens" else Decimal(limit) / 10**9
    site.estimates("strict")
    customer = site.customer(**{dimension: amount})
    await known(site)
    async with caller(site.urls, customer.key) as client:
        answers = await in_parallel(
            60, 20, lambda marker: client.ask(marker, "local/greedy", max_tokens=None)
        )
    findings = await settle_up(site, customer, answers)
    site.estimates("balanced")
    used = getattr(books.counter(site.database, customer.org_id).used, dimension)
    assert findings.faults == {}
    assert 0.5 * limit < used <= limit
    assert {each.code for each in answers if not each.whole} == {"limit_exceeded"}


@pytest.mark.parametrize(("dimension", "limit"), [("tokens", 150), ("cost", 50_000_000)])
async def test_tokens_and_cost_run_over_by_no_more_than_what_is_in_flight(
    site: Cluster, dimension: str, limit: int
) -> None:
    amount = limit if dimension == "tokens" else Decimal(limit) / 10**9
    customer = site.customer(**{dimension: amount})
    await known(site)
    clients, each_uses = 30, {"tokens": 10, "cost": 3_700_000}[dimension]

    def used() -> int:
        return int(getattr(books.counter(site.database, customer.org_id).used, dimension))

    async with caller(site.urls, customer.key) as client:
        await client.ask("first")
        load = Load(client.ask, clients, "until")
        await asyncio.to_thread(books.seconds_until, lambda: used() >= limit, 30)
        answers = await load.stop()
    findings = await settle_up(site, customer, answers)
    assert findings.faults == {}
    assert limit <= used() <= limit + clients * each_uses
    assert {each.code for each in answers} <= {"", "limit_exceeded"}


async def test_whatever_happens_reservations_end_and_usage_adds_up(site: Cluster) -> None:
    customer = site.customer(requests=100_000, cost=1000)
    await known(site)
    kinds = ("ok", "ok", "ok", "fails", "refuses", "hangs", "cuts", "slow")
    async with caller(site.urls, customer.key) as client:

        async def ask(marker: str) -> Answer:
            kind = random.choice(kinds)  # noqa: S311 - not a secret
            leaves = random.uniform(0.05, 0.5) if kind == "slow" else None  # noqa: S311 - the same
            stream = kind == "cuts" or random.random() < 0.5  # noqa: S311 - the same
            return await client.ask(marker, f"local/{kind}", stream=stream, leave_after=leaves)

        load = Load(ask, 30, "mixed")
        await asyncio.sleep(3)
        answers = await load.stop()
    findings = await settle_up(site, customer, answers)
    assert findings.faults == {}
    assert findings.acknowledged > 50
    rows = books.rows_of(site.database, customer.org_id)
    codes = {row.code for row in rows}
    assert {"", "client_disconnected", "upstream_error", "upstream_timeout"} <= codes
    used = Amounts(
        sum(row.counted for row in rows),
        sum(row.prompt_tokens + row.completion_tokens for row in rows),
        sum(row.cost or 0 for row in rows),
    )
    assert books.counter(site.database, customer.org_id).used == used


async def test_killed_workers_lose_and_double_nothing_and_are_replaced(site: Cluster) -> None:
    customer = site.customer(requests=1_000_000)
    await known(site)
    async with caller(site.urls, customer.key) as client:
        load = Load(lambda marker: client.ask(marker, stream=random.random() < 0.5), 20, "kill")  # noqa: S311 - not a secret
        replaced = [await kill_one(site) for _ in range(3)]
        await asyncio.sleep(0.5)
        answers = await load.stop()
    findings = await settle_up(site, customer, answers)
    assert findings.faults == {}
    assert findings.acknowledged > 100
    assert max(replaced) < 2


async def kill_one(site: Cluster) -> float:
    """Kill a worker under load; seconds until there is another process in its place."""
    await asyncio.sleep(0.7)
    before = site.workers()
    victim = random.choice(before)  # noqa: S311 - not a secret
    site.kill(victim)

    def replaced() -> bool:
        now = site.workers()
        return len(now) == len(before) and victim not in now

    return await asyncio.to_thread(books.seconds_until, replaced, 10)


async def test_a_database_that_goes_away_is_survived(site: Cluster) -> None:
    if site.gate is None:
        return  # SQLite is a file: it does not go away alone
    free, limited = site.customer(), site.customer(requests=1_000_000)
    await known(site)
    async with caller(site.urls, free.key) as one, caller(site.urls, limited.key) as two:
        await asyncio.gather(*[one.ask(f"w{n}") for n in range(16)])
        loads = Load(one.ask, 8, "free"), Load(two.ask, 8, "limited")
        await asyncio.sleep(0.5)
        site.gate.shut()
        site.kill(site.nodes[0].workers()[0])
        await asyncio.sleep(0.5)
        before = [len(load.answers) for load in loads]
        await asyncio.sleep(4)
        during = [load.answers[count:] for load, count in zip(loads, before, strict=True)]
        site.gate.open()
        back = await asyncio.to_thread(books.seconds_until, lambda: loads[1].answers[-1].whole, 20)
        answers = [*await loads[0].stop(), *await loads[1].stop()]
    assert Counter(each.status for each in during[0]).keys() == {200}
    assert {(each.status, each.code) for each in during[1]} == {(503, "database_unavailable")}
    assert back < 15
    assert Counter(each.status for each in answers).keys() <= {0, 200, 503}
    for customer, load in ((free, loads[0]), (limited, loads[1])):
        await settle_up_one(site, customer, load.answers)


async def settle_up_one(site: Cluster, customer: Customer, answers: list[Answer]) -> None:
    """The audit of one of several customers: the upstream served others too."""
    own = {each.marker for each in answers}
    others = [each for each in site.upstream.served if books.marker_of(each) not in own]
    site.upstream.served[:], kept = (
        [each for each in site.upstream.served if each not in others],
        site.upstream.served[:],
    )
    findings = await settle_up(site, customer, answers)
    site.upstream.served[:] = kept
    assert findings.faults == {}


async def test_what_was_delivered_is_billed(site: Cluster) -> None:
    customer = site.customer(requests=1000)
    await known(site)
    async with caller(site.urls, customer.key) as client:
        left = await client.ask("left", "local/slow", stream=True, leave_at=1000)
        cut = await client.ask("cut", "local/cuts", stream=True)
        gone = await client.ask("gone", "local/slow", leave_after=0.2)
    assert not any(each.whole for each in (left, cut, gone))

    def all_stored() -> bool:
        return len(books.rows_of(site.database, customer.org_id)) == 3

    await asyncio.to_thread(books.seconds_until, all_stored, 10)
    rows = {row.request_id: row for row in books.rows_of(site.database, customer.org_id)}
    assert rows["left"].code == "client_disconnected"
    assert rows["left"].source == "estimated"
    assert 5 <= rows["left"].completion_tokens < 100
    assert rows["cut"].source == "estimated"
    assert 15 <= rows["cut"].completion_tokens <= 40
    assert (rows["gone"].prompt_tokens, rows["gone"].completion_tokens) == (7, 3)
    assert all(row.cost and row.counted for row in rows.values())


async def test_a_limit_changed_from_the_command_line_holds_within_a_second(site: Cluster) -> None:
    customer = site.customer(requests=1_000_000)
    await known(site)
    async with caller(site.urls, customer.key) as client:
        load = Load(client.ask, 10, "changed")
        await asyncio.sleep(0.5)
        node = site.nodes[0]
        await asyncio.to_thread(node.run, "limits", "set", customer.org_id, "--requests", "1")
        await asyncio.sleep(1)
        count = len(load.answers)
        await asyncio.sleep(0.5)
        late = load.answers[count:]
        answers = await load.stop()
        shown = json.loads(
            await asyncio.to_thread(node.run, "limits", "show", customer.org_id, "-o", "json")
        )
        assert {each.status for each in late} == {429}
        findings = await settle_up(site, customer, answers)
        assert findings.faults == {}
        await agree(client, shown)


async def agree(client: Caller, shown: list[dict[str, Any]]) -> None:
    """``limits show`` and ``GET /v1/key`` tell the same."""
    async with client.http.get(
        f"{next(client.urls)}/v1/key", headers={"authorization": f"Bearer {client.key}"}
    ) as response:
        told = (await response.json())["organization"]["limits"]
    said = {(each["period"], each["dimension"]): each for each in shown}
    for period in told:
        for dimension in ("requests", "tokens", "cost"):
            line = said[period["period"], dimension]
            assert {name: line[name] for name in ("limit", "used")} == {
                name: period[dimension][name] for name in ("limit", "used")
            }


async def test_a_finished_request_shows_everywhere_within_two_seconds(site: Cluster) -> None:
    customer, node = site.customer(), site.nodes[-1]
    await known(site)
    async with caller(site.urls, customer.key) as client:
        answer = await client.ask("shown")
        done = time.monotonic()
        url = f"{site.urls[0]}/v1/stats"
        headers = {"authorization": f"Bearer {customer.key}"}
        while True:
            async with client.http.get(url, headers=headers) as response:
                if (await response.json())["totals"]["requests"]:
                    break
            assert time.monotonic() - done < 2
            await asyncio.sleep(0.05)
    asked = ("stats", "show", "--org", customer.org_id, "-o", "json")
    [row] = json.loads(await asyncio.to_thread(node.run, *asked))
    assert (row["requests"], row["input_tokens"], row["output_tokens"]) == (1, 7, 3)
    listed = await asyncio.to_thread(
        node.run, "logs", "list", "--org", customer.org_id, "-o", "json"
    )
    assert [each["id"] for each in json.loads(listed)] == [answer.headers["x-generation-id"]]


async def test_the_export_is_the_sum_of_the_rows(site: Cluster) -> None:
    customer = site.customer()
    await known(site)
    async with caller(site.urls, customer.key) as client:
        answers = await in_parallel(20, 10, client.ask)
    await settle_up(site, customer, answers)
    text = await asyncio.to_thread(
        site.nodes[0].run, "stats", "export", "--org", customer.org_id, "--month", "this"
    )
    [row] = csv.DictReader(io.StringIO(text))
    rows = books.rows_of(site.database, customer.org_id)
    assert int(row["requests"]) == len(rows) == 20
    assert int(row["total_tokens"]) == sum(r.prompt_tokens + r.completion_tokens for r in rows)
    assert round(float(row["cost_usd"]) * 10**9) == sum(r.cost for r in rows)


async def test_a_backup_under_load_is_one_moment(site: Cluster, tmp_path: Path) -> None:
    customer = site.customer(requests=1_000_000)
    await known(site)
    file = tmp_path / "backup.gz"
    async with caller(site.urls, customer.key) as client:
        load = Load(client.ask, 10, "backup")
        await asyncio.sleep(0.5)
        await asyncio.to_thread(site.nodes[0].run, "db", "backup", "--out", str(file))
        answers = await load.stop()
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    with file.open("rb") as opened:
        backup.restore(copy.primary, opened)
    assert 0 < len(books.rows_of(copy, customer.org_id)) < len(answers)
    assert books.rollups_wrong(copy) == 0
    assert books.drifted(copy) == []
    copy.close()


@pytest.mark.parametrize("mode", ["direct", "journal"])
async def test_a_node_that_is_stopped_under_load_leaves_nothing_open(
    mode: str, provider: Upstream, tmp_path: Path
) -> None:
    url = migrated(f"sqlite:///{tmp_path}/stopped.db")
    provider.forget()
    provider.answers(behave)
    with cluster(url, provider, tmp_path, usage={"mode": mode}) as site:
        customer = site.customer(requests=1_000_000)
        await known(site)
        async with caller(site.urls, customer.key) as client:
            load = Load(client.ask, 10, "stopped")
            await asyncio.sleep(1)
            await asyncio.to_thread(site.nodes[0].stop)
            answers = await load.stop()
        findings = books.audit(site.database, customer.org_id, answers, provider.served)
        assert findings.faults == {}
        assert findings.acknowledged > 10
        assert not any(books.counter(site.database, customer.org_id).reserved)


def test_the_upstream_writes_down_what_it_serves(site: Cluster) -> None:
    """The oracle itself: without it every other test would find everything in order."""
    response = httpx.post(
        f"{site.upstream.url}/v1/x", json={"model": "ok", "messages": [{"content": "marker"}]}
    )
    assert response.status_code == 200
    served: list[Served] = site.upstream.served
    assert [books.marker_of(each) for each in served] == ["marker"]
