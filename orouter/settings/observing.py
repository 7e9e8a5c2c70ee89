"""The sections of what stands beside serving: metrics and the cache of answers."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from orouter.settings import checks
from orouter.settings.section import LongSecret, Seconds, Section, Split

CollectorUrl = Annotated[str, AfterValidator(checks.collector_url)]


class Metrics(Section):
    """Prometheus, at ``/metrics``."""

    enabled: bool = True
    """Whether anything is counted; otherwise ``/metrics`` is not found."""
    token: LongSecret | None = None
    """Whoever asks sends it as a bearer token; None: whoever reaches the port may ask."""
    directory: str | None = None
    """Where several workers of one node put their figures; None: made at the start."""
    """Whether they are served."""


class Tracing(Section):
    """OpenTelemetry: spans of chat completions, brought to a collector."""

    endpoint: CollectorUrl | None = None
    """OTLP over HTTP, such as ``http://127.0.0.1:4318/v1/traces``; None: no traces."""
    headers: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Sent to the collector, such as an API key."""
    service_name: str = "orouter"
    """``service.name`` of the spans."""
    sample_ratio: float = Field(default=1.0, ge=0, le=1)
    """Part of the requests that is traced, where the caller's ``traceparent`` does not say."""


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
