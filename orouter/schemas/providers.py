"""Providers over HTTP: what callers send, and what they see. No answer ever holds a key."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from orouter.settings.schema import ProviderType

ProviderOrigin = Literal["file", "environment", "flag", "stored", "built-in"]

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)

ProviderName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""The first part of its models' names."""
Secret = Annotated[SecretStr, Field(min_length=1, max_length=4096)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class ProviderFields(BaseModel):
    """What can be said of a provider; ``api_keys`` and ``headers`` are write-only."""

    model_config = _STRICT

    base_url: str = Field(default="", max_length=500)
    """Empty: the type's own address."""
    api_keys: list[Secret] = Field(default=[], max_length=50)
    """Several keys: requests are spread over them, a failing one is rested."""
    headers: dict[str, Secret] = Field(default={}, max_length=20)
    """Sent with every request to this provider."""
    allow_http: bool = False
    """Permits an unencrypted ``base_url`` at a public address."""
    timeout_s: Seconds | None = None
    connect_timeout_s: Seconds | None = None
    allow_unlisted_models: bool = False
    """Passes on model names that the catalogue does not know; their price is unknown."""
    enabled: bool | None = None
    """None: on where there is a key, or where none is needed."""


class ProviderCreate(ProviderFields):
    """The body of an addition."""

    name: ProviderName
    type: ProviderType


class ProviderUpdate(ProviderFields):
    """What is to change: fields that are left out stay as they are.

    A new ``base_url`` wants ``api_keys`` (and ``headers``, if there are any) again.
    """


class KeyTail(BaseModel):
    """What may be shown of a provider's key; empty where it is too short to show anything."""

    last4: str


class ProviderHour(BaseModel):
    """Requests of the current hour and the one before; milliseconds, None without a success."""

    requests: int
    errors: int
    p50_ms: float | None
    p95_ms: float | None


class ProviderFailure(BaseModel):
    """The last failure of the last hour, as the request log has it."""

    at: str
    code: str
    message: str


class ProviderPublic(BaseModel):
    """A provider without its secrets. ``models`` counts those of the catalogue.

    ``editable`` False: only ``enabled`` can be changed here. ``problem`` tells why a stored
    provider is not in force.
    """

    name: str
    type: ProviderType
    base_url: str
    enabled: bool
    origin: ProviderOrigin
    editable: bool
    keys: list[KeyTail]
    headers: list[str]
    """Names only: the values may be secret."""
    allow_http: bool
    timeout_s: float | None
    connect_timeout_s: float | None
    allow_unlisted_models: bool
    models: int
    problem: str | None
    stats_1h: ProviderHour
    last_error: ProviderFailure | None


class ProviderList(BaseModel):
    """Every provider, in the order of the configuration."""

    items: list[ProviderPublic]


class KeyTrial(BaseModel):
    """One key of a provider, tried; ``key`` is the provider's name and the key's number."""

    key: str
    ok: bool
    latency_ms: int
    error: str | None
    code: str | None


class ProviderTest(BaseModel):
    """A provider asked once with each of its keys; ``error`` is the first failure, scrubbed."""

    ok: bool
    latency_ms: int
    """Of the slowest."""
    models: int
    """How many models the provider lists."""
    error: str | None
    keys: list[KeyTrial]
