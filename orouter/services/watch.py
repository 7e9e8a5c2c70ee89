"""Noticing what changed elsewhere: the command line, another worker, another node.

Every mutation bumps the one-row change counter in its own transaction, so a reader that sees its
value v can read every change up to v. Each worker asks four times a second, always the primary.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from orouter.db.session import Database
from orouter.errors import OrouterError
from orouter.logs import get_logger
from orouter.services import changes, credentials
from orouter.services.key_ring import KeyRing

POLL_S = 0.25
FAILED_POLL_S = 1.0
WARM_UP_PAGE = 100
WARM_UP_USED_WITHIN_US = 7 * 86_400_000_000
WARM_UP_PAUSE_S = 0.02

Listener = Callable[[int], Awaitable[None]]
"""Called with the version seen last before a change; reads what is newer."""

log = get_logger(__name__)


class Watch:
    """Keeps a worker's memory in step with the database."""

    def __init__(
        self, database: Database, ring: KeyRing, listeners: Sequence[Listener] = ()
    ) -> None:
        self._database = database
        self._ring = ring
        self._listeners = listeners
        self._seen = -1
        self._stopping = asyncio.Event()
        self.healthy = True

    async def run(self) -> None:
        """Until stopped; an outage is logged once and healed from without a restart."""
        while not self._stopping.is_set():
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
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def stop(self) -> None:
        """Ends ``run`` after the look that is under way: a cut transaction would be noise."""
        self._stopping.set()

    async def look(self) -> None:
        """Once: reads what changed since the last look."""
        version = await self._database.run_readonly(changes.current)
        if version != self._seen:
            await self._catch_up(version)
        self._ring.heard()

    async def _catch_up(self, version: int) -> None:
        since = self._seen
        if since >= 0 and not changes.comparable(since, version):
            # The database was restored from a backup: nothing held here is sure any more.
            since = -1
            self._ring.clear()
        if since >= 0:
            changed = await self._database.run_readonly(credentials.changed_since, since)
            self._ring.refresh(changed)
        for listener in self._listeners:
            await listener(since)
        self._seen = version

    async def warm_up(self) -> None:
        """Reads as many keys as there is room for: an outage a minute from now finds them here.

        Those used within a week come first, then the newest.
        """
        since = time.time_ns() // 1000 - WARM_UP_USED_WITHIN_US
        run = self._database.run_readonly
        ids = await run(credentials.ids_to_warm, since, self._ring.room)
        for first in range(0, len(ids), WARM_UP_PAGE):
            if self._stopping.is_set():
                return
            page = ids[first : first + WARM_UP_PAGE]
            await self._ring.learn(run(credentials.living, page))
            await asyncio.sleep(WARM_UP_PAUSE_S)
