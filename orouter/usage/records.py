"""What is written down about a request: an intent before a provider is called, a settlement after.

Times are microseconds since the epoch (UTC), durations microseconds, money nano-USD. The id is a
ULID: it is the primary key of the usage row and the ``x-generation-id`` of the answer.
"""

from msgspec import Struct


class Intent(Struct, kw_only=True, tag="i", omit_defaults=True, gc=False):
    """A request about to be sent, with the upper estimate that stands in for it after a crash."""

    id: str
    at: int
    request_id: str
    org_id: str
    key_id: str
    model: str
    provider: str
    estimated_prompt_tokens: int = 0
    estimated_completion_tokens: int = 0
    estimated_cost: int | None = None
    month: str = ""
    """Period keys in the reporting zone, fixed at admission: ``2026-11`` and ``2026``."""
    year: str = ""
    stream: bool = False
    limited: bool = False
    """Counts against limits: a reservation stands behind it."""
    worker: str = ""
    """Who holds the reservation; `holds` and the amounts say on which counters and how much."""
    holds: tuple[str, ...] = ()
    """``org:2026-11``, ``key:2026``: scope and period of each counter reserved on."""
    reserved_tokens: int = 0
    reserved_cost: int = 0


class Begun(Struct, frozen=True, tag="i", gc=False):
    """An intent, as far as it is read before it is known that no settlement follows."""

    id: str


class Settlement(Struct, kw_only=True, tag="s", omit_defaults=True, gc=False):
    """What became of a request; everything statistics and the request log know."""

    id: str
    at: int
    request_id: str
    org_id: str
    key_id: str
    model: str
    """The name asked for, as ``provider/model``."""
    provider: str = ""
    """Who answered (or was tried last); empty if nobody was."""
    upstream_model: str = ""
    month: str = ""
    year: str = ""
    stream: bool = False
    status: int = 200
    code: str = ""
    """The error code of the answer; empty for success."""
    finish: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cost: int | None = None
    """None where the price is not known."""
    source: str = "provider"
    """``provider``: its own figures; ``estimated``: counted by us; ``none``: nothing was used;
    ``cache``: an earlier answer was repeated."""
    latency: int = 0
    ttft: int | None = None
    """Time to the first byte of a stream."""
    attempts: int = 0
    counted: bool = False
    """An upstream answered: it counts as a request against limits."""
    limited: bool = False
    reserved_tokens: int = 0
    reserved_cost: int = 0
    error: str = ""
    """The error's message, cut to 500 characters, without secrets."""
    tries: str = ""
    """JSON: one object per attempt with provider, model, status, code and milliseconds."""
    worker: str = ""
    """As in the intent: the reservation that this settlement ends. From here on the fields have no
    columns."""
    holds: tuple[str, ...] = ()
