"""The sections of what stands beside serving: metrics and the cache of answers."""

from typing import Annotated, Literal

from pydantic import Field

from orouter.settings.section import LongSecret, Seconds, Section, Split


class Metrics(Section):
    """Prometheus, at ``/metrics``."""

    enabled: bool = True
    """Whether anything is counted; otherwise ``/metrics`` is not found."""
    token: LongSecret | None = None
    """Whoever asks sends it as a bearer token; None: whoever reaches the port may ask."""
    directory: str | None = None
    """Where several workers of one node put their figures; None: made at the start."""
    """Whether they are served."""


class Cache(Section):
    """Earlier answers, for requests that ask for one with ``x-orouter-cache: on``."""

    enabled: bool = False
    """Whether whole answers at temperature 0 are kept and repeated."""
    backend: Literal["memory", "redis"] = "memory"
    """``memory``: of each worker; ``redis``: of all of them, at ``redis_url``."""
    ttl_s: Seconds = 3600
    """How long an answer is repeated."""
    max_mb: float = Field(default=64, gt=0, le=65_536)
    """Memory of each worker, in MiB; the least recently used goes first."""
    organizations: Annotated[tuple[str, ...], Split] = ()
    """Ids or names of organizations that may use it; none named: all."""
