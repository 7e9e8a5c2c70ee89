"""Where cached answers are kept: in this worker's memory, or in Redis for all of them.

A store never fails and never holds a request up: what goes wrong is a miss.
"""

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import Protocol

from msgspec import Struct

from orouter.logs import get_logger
from orouter.settings.schema import Settings

OVERHEAD = 256
"""Bytes that an entry takes besides its key and its answer, about."""
PATIENCE_S = 0.05
"""How long a request waits for Redis."""
REST_S = 1.0
"""How long Redis is left alone after it failed: not every request shall wait for nothing."""
MOST_WRITES = 1000
"""Answers on their way to Redis; more are not kept."""

log = get_logger(__name__)


class Store(Protocol):
    """Answers by key, for a while."""

    async def get(self, key: str) -> bytes | None:
        """The answer, if it is there and fresh."""
        ...

    def put(self, key: str, answer: bytes) -> None:
        """Keeps it, if there is room; returns at once."""
        ...

    async def aclose(self) -> None: ...


class MemoryStore:
    """At most ``max_bytes``: what was used least recently goes first."""

    def __init__(self, max_bytes: int, ttl_s: float) -> None:
        self.size = 0
        self._most = max_bytes
        self._ttl_s = ttl_s
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def get(self, key: str) -> bytes | None:
        found = self._entries.get(key)
        if found is None:
            return None
        until, answer = found
        if until < monotonic():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return answer

    def put(self, key: str, answer: bytes) -> None:
        weight = _weight(key, answer)
        if weight > self._most:
            return
        if key in self._entries:
            self._drop(key)
        self._entries[key] = monotonic() + self._ttl_s, answer
        self.size += weight
        while self.size > self._most:
            self._drop(next(iter(self._entries)))

    async def aclose(self) -> None:
        self._entries.clear()

    def _drop(self, key: str) -> None:
        _, answer = self._entries.pop(key)
        self.size -= _weight(key, answer)


def _weight(key: str, answer: bytes) -> int:
    return len(key) + len(answer) + OVERHEAD


class RedisStore:
    """Shared by every worker and node; how much it holds is for Redis' ``maxmemory`` to say."""

    prefix = "orouter:answer:"

    def __init__(self, url: str, ttl_s: float) -> None:
        self._ttl_ms = max(round(ttl_s * 1000), 1)
        self._rests_until = 0.0
        self._writes: set[asyncio.Task[None]] = set()
        # A tenth of a server's start, which only those who have a Redis pay.
        from redis.asyncio import Redis  # noqa: PLC0415 - see above
        from redis.asyncio.retry import Retry  # noqa: PLC0415 - see above
        from redis.backoff import NoBackoff  # noqa: PLC0415 - see above
        from redis.exceptions import RedisError  # noqa: PLC0415 - see above

        self._failures = (RedisError, OSError, TimeoutError)
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )

    async def get(self, key: str) -> bytes | None:
        if monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await self._redis.get(self.prefix + key)
        except self._failures as e:
            self._rest(e)
            return None
        return found if isinstance(found, bytes) else None

    def put(self, key: str, answer: bytes) -> None:
        if monotonic() < self._rests_until or len(self._writes) >= MOST_WRITES:
            return
        task = asyncio.create_task(self._write(key, answer))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    async def aclose(self) -> None:
        if self._writes:
            await asyncio.wait(self._writes, timeout=1)
        await self._redis.aclose()

    async def _write(self, key: str, answer: bytes) -> None:
        try:
            async with asyncio.timeout(1):
                await self._redis.set(self.prefix + key, answer, px=self._ttl_ms)
        except self._failures as e:
            self._rest(e)

    def _rest(self, error: BaseException) -> None:
        now = monotonic()
        if now >= self._rests_until:
            log.warning("answer_cache_left_alone", seconds=REST_S, error=type(error).__name__)
        self._rests_until = now + REST_S


class AnswerCache(Struct, frozen=True):
    """``organizations``: ids or names of those who may use it; empty for all."""

    store: Store
    organizations: frozenset[str] = frozenset()

    def serves(self, org_id: str, org_name: str) -> bool:
        """Whether an organization's requests may be answered from here."""
        allowed = self.organizations
        return not allowed or org_id in allowed or org_name in allowed


def open_cache(settings: Settings) -> AnswerCache | None:
    """The cache that is configured, if any."""
    section = settings.cache
    if not section.enabled:
        return None
    store: Store
    if section.backend == "redis" and settings.redis_url is not None:
        store = RedisStore(settings.redis_url.get_secret_value(), section.ttl_s)
    else:
        store = MemoryStore(int(section.max_mb * (1 << 20)), section.ttl_s)
    return AnswerCache(store, frozenset(section.organizations))
