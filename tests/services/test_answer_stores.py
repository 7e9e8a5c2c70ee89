"""Kept answers: bounded in memory; in Redis, whatever becomes of it."""

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from shutil import which

import pytest
from redis import Redis
from redis.exceptions import RedisError

from orouter import settings as configuration
from orouter.errors import ConfigurationError
from orouter.services.answer_stores import OVERHEAD, MemoryStore, RedisStore, open_cache
from tests.live.gateway import free_port

URL = os.environ.get("OROUTER_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis server that is there."""
    with closing(Redis.from_url(URL, socket_timeout=2)) as client:
        try:
            client.ping()
        except RedisError:
            pytest.skip(f"no server at {URL.rpartition('@')[2]}")
        yield client


@pytest.fixture
async def store(redis: Redis) -> AsyncIterator[RedisStore]:
    made = RedisStore(URL, 60)
    made.prefix = f"orouter:test:{os.getpid()}:"
    yield made
    await made.aclose()


async def written(store: RedisStore) -> None:
    """What was put is on its way; wait for it."""
    if store._writes:
        await asyncio.wait(store._writes)


async def test_memory_gives_back_what_is_fresh() -> None:
    memory = MemoryStore(1 << 20, 0.05)
    memory.put("a", b"answer")
    assert await memory.get("a") == b"answer"
    assert await memory.get("b") is None
    await asyncio.sleep(0.06)
    assert await memory.get("a") is None
    assert memory.size == 0


async def test_memory_keeps_within_its_bound_and_what_is_used() -> None:
    one = OVERHEAD + 101
    memory = MemoryStore(3 * one, 60)
    for key in "abc":
        memory.put(key, b"x" * 100)
    await memory.get("a")
    memory.put("d", b"x" * 100)
    assert [await memory.get(key) is not None for key in "abcd"] == [True, False, True, True]
    memory.put("a", b"y" * 10)
    memory.put("huge", b"x" * 10_000)
    assert await memory.get("a") == b"y" * 10
    assert memory.size <= 3 * one


async def test_redis_gives_back_what_is_there_until_it_expires(
    redis: Redis, store: RedisStore
) -> None:
    store.put("a", b"answer")
    await written(store)
    assert await store.get("a") == b"answer"
    assert 0 < int(redis.pttl(f"{store.prefix}a")) <= 60_000  # type: ignore[arg-type]  # not awaited
    redis.delete(f"{store.prefix}a")  # what FLUSHALL does to it
    assert await store.get("a") is None


async def test_a_flushed_redis_is_a_miss(redis: Redis, store: RedisStore) -> None:
    """FLUSHDB of a database that nobody else uses stands for FLUSHALL."""
    own = f"{URL.rpartition('/')[0]}/15"
    elsewhere = RedisStore(own, 60)
    elsewhere.put("a", b"answer")
    await written(elsewhere)
    with closing(Redis.from_url(own)) as client:
        client.flushdb()
    assert await elsewhere.get("a") is None
    elsewhere.put("a", b"again")
    await written(elsewhere)
    assert await elsewhere.get("a") == b"again"
    await elsewhere.aclose()


async def test_nobody_there_is_a_miss_and_costs_little() -> None:
    store = RedisStore(f"redis://127.0.0.1:{free_port()}/0", 60)
    began = time.monotonic()
    for _ in range(50):
        assert await store.get("a") is None
        store.put("a", b"answer")
    assert time.monotonic() - began < 0.2
    await store.aclose()


async def test_a_redis_that_hangs_holds_nobody_up() -> None:
    with socket.socket() as listener:  # accepts, and says nothing
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        store = RedisStore(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", 60)
        began = time.monotonic()
        assert await store.get("a") is None
        assert time.monotonic() - began < 0.25  # 0.05, on a busy machine
        began = time.monotonic()
        assert await store.get("a") is None
        assert time.monotonic() - began < 0.02
        await store.aclose()


@pytest.mark.skipif(which("redis-server") is None, reason="redis-server is not installed")
async def test_a_killed_redis_is_a_miss_until_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    store = RedisStore(f"redis://127.0.0.1:{port}/0", 60)
    server = await _started(tmp_path, port)
    store.put("a", b"answer")
    await written(store)
    assert await store.get("a") == b"answer"
    server.kill()
    server.wait()
    assert await store.get("a") is None
    server = await _started(tmp_path, port)
    await asyncio.sleep(1.1)  # it was left alone for so long
    assert await store.get("a") is None
    store.put("a", b"answer")
    await written(store)
    assert await store.get("a") == b"answer"
    await store.aclose()
    server.kill()
    server.wait()


async def _started(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)  # noqa: ASYNC220, S603, S607 - the one that the tests want killed
    with closing(Redis(port=port)) as client:
        for _ in range(100):
            try:
                client.ping()
            except RedisError:
                await asyncio.sleep(0.1)
            else:
                break
    return server


def test_the_configuration_chooses() -> None:
    assert open_cache(configuration.load(None, {}, environ={})) is None
    flags = {"cache.enabled": True, "cache.organizations": "acme, org_2"}
    opened = open_cache(configuration.load(None, flags, environ={}))
    assert opened is not None
    assert isinstance(opened.store, MemoryStore)
    assert opened.serves("org_1", "acme")
    assert opened.serves("org_2", "other")
    assert not opened.serves("org_3", "elsewhere")


def test_redis_needs_its_address() -> None:
    flags = {"cache.enabled": True, "cache.backend": "redis"}
    with pytest.raises(ConfigurationError, match="redis_url is not set"):
        configuration.load(None, flags, environ={})
    with_url = {**flags, "redis_url": "redis://127.0.0.1:1/0"}
    opened = open_cache(configuration.load(None, with_url, environ={}))
    assert opened is not None
    assert isinstance(opened.store, RedisStore)
