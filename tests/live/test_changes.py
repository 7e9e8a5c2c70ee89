"""What the command line changes in another process holds in every worker within a second."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest

from tests.live.gateway import Gateway
from tests.live.siege import HI, issue
from tests.live.upstream import Upstream

WITHIN_S = 1.0
COMMANDS = {
    "disabled": (("key", "disable"), 401),
    "deleted": (("key", "delete", "--yes"), 401),
    "rotated": (("key", "rotate", "--yes"), 401),
    "rotated with grace": (("key", "rotate", "--grace", "1h", "--yes"), 200),
    "lowered": (("key", "update", "--permission", "read"), 403),
    "moved": (("key", "move", "--org", "closed", "--yes"), 403),
    "expiring": (("key", "update", "--expires"), 401),
}
"""By the name of a key: what is done to it, and what a completion then gets."""


@pytest.fixture(scope="module")
def node(
    own_url: str, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """Two workers on one database, with ``provider`` behind them."""
    openai = {"type": "openai", "api_key": "sk-behind", "base_url": f"{provider.url}/v1"}
    folder = tmp_path_factory.mktemp("node")
    node = Gateway(folder, own_url, providers={"openai": openai}, server={"workers": 2})
    node.start()
    yield node
    node.stop()


def ask(node: Gateway, key: str) -> int:
    """The status of a completion, over a connection of its own: any worker may get it."""
    chat = json.dumps({"model": "openai/gpt-4", "messages": HI})
    with closing(HTTPConnection("127.0.0.1", node.port, timeout=5)) as connection:
        bearer = {"authorization": f"Bearer {key}"}
        connection.request("POST", "/v1/chat/completions", chat, bearer)
        return connection.getresponse().status


class Callers:
    """Use keys in turn, without a pause."""

    def __init__(self, node: Gateway, keys: dict[str, str]) -> None:
        self._node, self._keys = node, keys
        self._stop = threading.Event()
        self._seen: list[tuple[float, str, int]] = []

    def run(self) -> None:
        while not self._stop.is_set():
            for name, key in self._keys.items():
                began = time.monotonic()
                self._seen.append((began, name, ask(self._node, key)))

    def stop(self) -> None:
        self._stop.set()

    def statuses(self, name: str, since: float = 0.0, until: float = float("inf")) -> set[int]:
        """What requests with a key got that began between these moments."""
        return {status for at, key, status in self._seen if key == name and since < at < until}


@contextmanager
def used(node: Gateway, keys: dict[str, str]) -> Iterator[Callers]:
    """The keys are in use, by two callers at once."""
    callers = Callers(node, keys)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(callers.run) for _ in range(2)]
        try:
            time.sleep(0.3)
            yield callers
        finally:
            callers.stop()
        for each in running:
            each.result()


def test_changes_of_keys_hold_while_the_keys_are_used(node: Gateway, own_url: str) -> None:
    keys = issue(own_url, dict.fromkeys(COMMANDS, "home") | {"unused": "closed"})
    node.run("org", "disable", "closed", "--yes")
    del keys["unused"]
    done: dict[str, tuple[float, float]] = {}
    with used(node, keys) as callers:
        for name, (command, _) in COMMANDS.items():
            expires_in = timedelta(seconds=3 if name == "expiring" else 0)
            moment = [(datetime.now(UTC) + expires_in).isoformat()] if expires_in else []
            began = time.monotonic()
            node.run(*command[:2], name, *command[2:], *moment)
            held_from = time.monotonic() + WITHIN_S
            done[name] = (began, max(held_from, began + expires_in.total_seconds() + 0.1))
        time.sleep(max(held for _, held in done.values()) - time.monotonic() + 0.5)
    for name, (_, status) in COMMANDS.items():
        began, held_from = done[name]
        assert callers.statuses(name, until=began) == {200}, name
        assert callers.statuses(name, since=held_from) == {status}, name


def test_changes_of_an_organization_hold_while_its_keys_are_used(
    node: Gateway, own_url: str
) -> None:
    keys = issue(own_url, {"worker": "team"})
    steps = {("disable", "--yes"): 403, ("enable",): 200, ("delete", "--yes"): 401}
    with used(node, keys) as callers:
        assert callers.statuses("worker") == {200}
        for (verb, *options), status in steps.items():
            node.run("org", verb, "team", *options)
            done = time.monotonic()
            time.sleep(WITHIN_S + 0.3)
            assert callers.statuses("worker", since=done + WITHIN_S) == {status}, verb


def test_a_new_key_works_at_once_in_every_worker(node: Gateway, own_url: str) -> None:
    keys = issue(own_url, {"fresh": "young"})
    assert {ask(node, keys["fresh"]) for _ in range(10)} == {200}
