"""What a worker needs to serve the data plane, put together by ``orouter.app`` and by tests.

Everything a reload can change is in ``plan``, one immutable value that is replaced whole; a request
takes it once and keeps it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from msgspec import Struct

from orouter.db.session import Database
from orouter.services.answer_stores import AnswerCache
from orouter.services.continuations import Continuations
from orouter.services.key_ring import KeyRing
from orouter.services.patience import Patience
from orouter.services.routing import Routes
from orouter.services.tally import Tally
from orouter.settings import Settings
from orouter.upstream.attempts import RetryPolicy, Trace
from orouter.usage.admission import Admission
from orouter.usage.ingest import Ingested
from orouter.usage.periods import Calendar
from orouter.usage.records import Intent, Settlement


class Recorder(Protocol):
    """Where intents and settlements go: the journal, or the queue of ``usage.mode: direct``."""

    def intend(self, intent: Intent) -> None:
        """Raises Overloaded if it cannot be kept: nothing may be spent then."""
        ...

    def settle(self, settlement: Settlement) -> None: ...


class Traces(Protocol):
    """Who follows requests, if anybody does."""

    def begin(self, call: Any, headers: Mapping[bytes, bytes], /) -> Trace: ...


class Plan(Struct, frozen=True, kw_only=True):
    """What the configuration says about serving."""

    routes: Routes
    retries: RetryPolicy
    max_body: int
    """Bytes of a request body."""
    total_s: float = 600.0
    """To a whole answer, or to the first event of a stream: as long as the OpenAI SDK waits."""
    cors_origins: frozenset[bytes] = frozenset()
    show_detail: bool = False
    strict_estimates: bool = False
    """Reserve what a request can come to at the most, not what is likely at the most."""


@dataclass(slots=True)
class Gateway:
    """The state of one worker's data plane."""

    plan: Plan
    keys: KeyRing
    recorder: Recorder
    calendar: Calendar
    continuations: Continuations
    admission: Admission
    database: Database
    tally: Tally = field(default_factory=Tally)
    ingested: Ingested = field(default_factory=Ingested)
    answers: AnswerCache | None = None
    traces: Traces | None = None
    draining: bool = False
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    patience: Patience = field(default_factory=Patience)
    healthy: Callable[[], bool] = lambda: True
    with_stored: Callable[[Mapping[str, Any]], Settings] = lambda _: Settings()
    """The settings in force, with what the database holds now."""

    def drain(self) -> None:
        """From now on this node should be sent no requests; those that come are served."""
        self.draining = True
