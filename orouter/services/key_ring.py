"""Who is calling: API keys in memory, so that a request needs no query to be authenticated.

Entries are immutable and carry the version of the change counter at which they were read; only the
loader and the watcher (``services/watch.py``) write them, nothing writes one back after a request.
A key seen for the first time is looked up together with all others that wait at that moment.

Some keys are read ahead (``services/watch.py``), so that they work while the database is away; how
many is bounded, so that a worker's memory follows the keys that it sees, not those that exist.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from time import monotonic

from msgspec import Struct

from orouter.errors import (
    DatabaseUnavailable,
    InvalidApiKey,
    OrganizationDisabled,
    PermissionDenied,
)
from orouter.schemas.actor import Permission
from orouter.services.key_secrets import Presented, well_formed

STALE_MAX_S = 900.0
"""How long keys in memory are honoured while the database does not answer."""
UNKNOWN_REMEMBERED = 20_000
LOOKUP_BATCH = 500

_REFUSAL = "The API key is not valid. Check it, or ask your administrator for a new one."


class Caller(Struct, frozen=True, kw_only=True, gc=False):
    """An authenticated key, as far as a request needs it. Times are microseconds since 1970."""

    key_id: str
    key_name: str
    org_id: str
    org_name: str
    permission: Permission
    expires_at_us: int | None


class Credential(Caller, frozen=True, kw_only=True, gc=False):
    """A key and its organization as of ``version``: the later of the two rows' versions.

    ``previous_digest`` is empty if there is none.
    """

    org_enabled: bool
    org_deleted: bool
    enabled: bool
    deleted: bool
    digest: str
    previous_digest: str
    previous_expires_at_us: int | None
    version: int


Loader = Callable[[list[str]], Awaitable[list[Credential]]]


class KeyRing:
    """The keys known to this worker. ``load`` answers with the credentials of the digests given.

    Up to ``room`` keys are held that nobody has used here.
    """

    def __init__(self, pepper: bytes, load: Loader, room: int = 1000) -> None:
        self.pepper = pepper
        self.room = room
        self._load = load
        self._by_digest: dict[str, Credential] = {}
        self._by_id: dict[str, Credential] = {}
        self._readings = 0
        self._unknown: OrderedDict[str, None] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[Credential | None]] = {}
        self._lookup: asyncio.Task[None] | None = None
        self._heard_at = monotonic()
        self._refreshes = 0

    def __len__(self) -> int:
        return len(self._by_id)

    async def authenticate(self, key: Presented, now_us: int) -> Caller:
        """Raises InvalidApiKey, OrganizationDisabled, or DatabaseUnavailable for an unseen key."""
        wanted = key.digest(self.pepper)
        credential = self._by_digest.get(wanted)
        if credential is None:
            if not well_formed(key.secret) or wanted in self._unknown:
                raise InvalidApiKey(_REFUSAL)
            credential = await self._look_up(wanted)
        if credential is None:
            raise InvalidApiKey(_REFUSAL)
        if monotonic() - self._heard_at > STALE_MAX_S:
            raise DatabaseUnavailable(
                "The database has not answered for too long to trust what is known about this key.",
                headers={"retry-after": "5"},
            )
        _admit(credential, wanted, now_us)
        return credential

    def put(self, credentials: Iterable[Credential]) -> None:
        """Takes in what was read from the database; the newer version wins."""
        for credential in credentials:
            known = self._by_id.get(credential.key_id)
            if known is not None:
                if known.version > credential.version:
                    continue
                self._by_digest.pop(known.digest, None)
                self._by_digest.pop(known.previous_digest, None)
            self._by_id[credential.key_id] = credential
            for one in filter(None, (credential.digest, credential.previous_digest)):
                self._by_digest[one] = credential
                self._unknown.pop(one, None)

    async def learn(self, reading: Awaitable[list[Credential]]) -> None:
        """Takes in what is being read now; of what changes meanwhile, the newer version wins."""
        self._readings += 1
        try:
            self.put(await reading)
        finally:
            self._readings -= 1

    def refresh(self, credentials: Iterable[Credential]) -> None:
        """Changed keys: those held here are replaced, and what was unknown may exist by now.

        Others are taken in where there is room, and while something is read that may be older.
        """
        self._refreshes += 1
        self._unknown.clear()
        for changed in credentials:
            if changed.key_id in self._by_id or self._readings or len(self) < self.room:
                self.put((changed,))

    def clear(self) -> None:
        """Forgets everything; keys are looked up again when they come."""
        self._refreshes += 1
        for known in (self._by_digest, self._by_id, self._unknown):
            known.clear()

    def heard(self) -> None:
        """The database answered just now, and nothing older than its answer is held here."""
        self._heard_at = monotonic()

    async def _look_up(self, wanted: str) -> Credential | None:
        future = self._waiting.get(wanted)
        if future is None:
            future = self._waiting[wanted] = asyncio.get_running_loop().create_future()
        if self._lookup is None or self._lookup.done():
            self._lookup = asyncio.create_task(self._look_up_all())
        return await asyncio.shield(future)

    async def _look_up_all(self) -> None:
        """One query at a time for everybody who waits: a cold start does not become a stampede."""
        while self._waiting:
            batch, refreshes = list(self._waiting)[:LOOKUP_BATCH], self._refreshes
            try:
                await self.learn(self._load(batch))
                failure: BaseException | None = None
            except Exception as e:  # noqa: BLE001 - handed to every waiter, who raises it
                failure = e
            for one in batch:
                future = self._waiting.pop(one)
                if future.done():
                    continue
                if failure is not None:
                    future.set_exception(failure)
                    future.exception()
                    continue
                found = self._by_digest.get(one)
                if found is None and refreshes == self._refreshes:
                    self._remember_unknown(one)
                future.set_result(found)

    def _remember_unknown(self, wanted: str) -> None:
        self._unknown[wanted] = None
        if len(self._unknown) > UNKNOWN_REMEMBERED:
            self._unknown.popitem(last=False)


def _admit(credential: Credential, wanted: str, now_us: int) -> None:
    previous = wanted == credential.previous_digest
    until = credential.previous_expires_at_us if previous else None
    expired = credential.expires_at_us is not None and credential.expires_at_us <= now_us
    if (
        credential.deleted
        or credential.org_deleted
        or not credential.enabled
        or expired
        or (previous and (until is None or until <= now_us))
    ):
        raise InvalidApiKey(_REFUSAL)
    if not credential.org_enabled:
        raise OrganizationDisabled(
            f"The organization '{credential.org_name}' is disabled. Ask your administrator."
        )


_RANK = {"read": 0, "write": 1, "admin": 2}


def require(caller: Caller, permission: str) -> None:
    """Raises PermissionDenied unless the key has ``permission`` or a higher one."""
    if _RANK[caller.permission] < _RANK[permission]:
        raise PermissionDenied(
            f"This key has permission '{caller.permission}', and this needs '{permission}'. "
            "Use another key or ask your administrator."
        )
