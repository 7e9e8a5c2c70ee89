"""Noticing what changed elsewhere: the command line, another worker, another node.

Every mutation bumps the one-row change counter in its own transaction, so a reader that sees its
value v can read every change up to v. Each worker asks four times a second, always the primary.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from orouter.db.session import Database
from orouter.errors import OrouterError
from orouter.services import changes, credentials
from orouter.services.key_ring import KeyRing

POLL_S = 0.25
FAILED_POLL_S = 1.0
WARM_UP_PAGE = 1000

Listener = Callable[[int], Awaitable[None]]
"""Called with the version seen last before a change; reads what is newer."""

log = structlog.get_logger(__name__)


class Watch:
    """Keeps a worker's memory in step with the database."""

    def __init__(
        self, database: Database, ring: KeyRing, listeners: Sequence[Listener] = ()
    ) -> None:
        self._database = database
        self._ring = ring
        self._listeners = listeners
        self._seen = -1
        self.healthy = False

    async def run(self) -> None:
        """For ever; an outage is logged once and healed from without a restart."""
        while True:
            try:
                await self.look()
                pause = POLL_S
                if not self.healthy:
                    log.info("database_answers")
                self.healthy = True
            except (OrouterError, TimeoutError, OSError) as e:
                if self.healthy:
                    log.error("database_does_not_answer", error=str(e))  # noqa: TRY400 - the sentence is enough
                self.healthy = False
                pause = FAILED_POLL_S
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """Once: reads what changed since the last look."""
        version = await self._database.run_readonly(changes.current)
        if version != self._seen:
            since = self._seen if version > self._seen else -1
            self._ring.refresh(
                await self._database.run_readonly(credentials.changed_since, since)
                if since >= 0
                else ()
            )
            for listener in self._listeners:
                await listener(since)
            self._seen = version
        self._ring.heard()

    async def warm_up(self) -> None:
        """Reads all keys, page by page: an outage a minute from now then finds them in memory."""
        after = ""
        while page := await self._database.run_readonly(
            credentials.page_for_warmup, after, WARM_UP_PAGE
        ):
            self._ring.put(page)
            after = page[-1].key_id
            await asyncio.sleep(0.05)
