"""Every setting, its meaning, unit and default.

A section of ``orouter.yaml`` is a class here. Values are frozen; what is secret is a ``SecretStr``.
An empty value means "not set": the default holds.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from orouter.errors import ConfigurationError
from orouter.settings import checks
from orouter.settings.observing import Cache, Metrics, Tracing
from orouter.settings.section import (
    DatabaseUrl,
    Days,
    LongSecret,
    ModelName,
    Network,
    Origin,
    Price,
    PublicUrl,
    RedisUrl,
    Seconds,
    Secret,
    Section,
    Split,
    Tokens,
    Upper,
)

ProviderType = Literal["openai", "anthropic", "google", "openrouter", "compatible", "demo"]
KEYLESS: frozenset[str] = frozenset({"compatible", "demo"})
"""Provider types that may work without a key."""

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        text = value.get_secret_value()
        yield (urlsplit(text).password or "") if "://" in text else text
    elif isinstance(value, Section):
        for name in _secretive(type(value)):
            yield from _secrets(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _secrets(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _secrets(inner)


@cache
def _secretive(section: type[Section]) -> tuple[str, ...]:
    """The fields that can hold a secret: a thousand models, of which none can, are looked past."""
    fields = section.model_fields.items()
    return tuple(name for name, field in fields if _can_be_secret(field.annotation))


def _can_be_secret(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return bool(_secretive(annotation))
    return annotation in (SecretStr, Any) or any(map(_can_be_secret, get_args(annotation)))


class Server(Section):
    """The listener."""

    host: str = "127.0.0.1"
    """Address to listen on; ``0.0.0.0`` for all."""
    port: int = Field(default=8000, ge=0, le=65_535)
    """TCP port."""
    workers: int = Field(default=1, ge=1, le=256)
    """Processes on this machine."""
    environment: Literal["production", "development"] = "production"
    """``development`` shows error detail to callers."""
    cors_origins: Annotated[tuple[Origin, ...], Split] = ()
    """Exact origins whose browsers may call ``/v1``."""
    trusted_proxies: Annotated[tuple[Network, ...], Split] = ()
    """Addresses or networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed."""
    public_url: PublicUrl = ""
    """Where people reach this installation, for links to the admin web; empty: where it listens."""
    max_body_mb: float = Field(default=32, gt=0, le=1024)
    """Largest request body, in MiB."""
    warm_keys: int = Field(default=1000, ge=0, le=10_000_000)
    """API keys that a worker reads before they are used, so that it knows them in an outage."""
    drain_s: float = Field(default=5, ge=0, le=600)
    """Seconds on SIGTERM in which load balancers notice, before the listener closes."""
    shutdown_grace_s: int = Field(default=65, ge=0, le=3600)
    """Seconds for requests in flight to finish after that."""


class Database(Section):
    """Where everything is kept; the drivers follow from the URL's scheme."""

    url: DatabaseUrl = SecretStr("sqlite:///data/orouter.db")
    """``sqlite:///…``, ``mysql://…`` or ``postgresql://…``."""
    replica_url: DatabaseUrl | None = None
    """A read-only copy for statistics and exports."""
    pool_size: int = Field(default=5, ge=1, le=1000)
    """Connections kept open by each worker."""
    pool_recycle_s: int = Field(default=1800, ge=1)
    """Connections are renewed at this age, which must be below the server's idle limit."""


class Provider(Section):
    """One account at one provider."""

    type: ProviderType
    """Which wire format and defaults; ``compatible`` is any server that speaks OpenAI's."""
    api_key: Secret | None = None
    api_keys: Annotated[tuple[Secret, ...], Split] = ()
    """Several keys: requests are spread over them, a failing one is rested."""
    allow_http: bool = False
    """Permits an unencrypted ``base_url`` to a public address."""
    base_url: str = Field(default="", validate_default=True)
    """Empty: the type's own address."""
    timeout_s: Seconds | None = None
    """To the first byte, then between chunks; None: ``routing.timeout_s``."""
    connect_timeout_s: Seconds | None = None
    headers: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Sent with every request to this provider."""
    allow_unlisted_models: bool = False
    """Passes on model names that the catalogue does not know; their price is unknown."""
    enabled: bool = Field(
        default_factory=lambda data: (
            data["type"] in KEYLESS or bool(data["api_key"] or data["api_keys"])
        )
    )
    """Follows from there being a key, unless it is said."""

    @property
    def keys(self) -> tuple[SecretStr, ...]:
        """``api_key`` and ``api_keys`` together, in the order written."""
        first = (self.api_key,) if self.api_key else ()
        return first + tuple(key for key in self.api_keys if key not in first)

    @field_validator("api_key")
    @classmethod
    def _not_our_own(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """``OPENAI_API_KEY`` of a shell that talks to orouter is a key of orouter: no key here."""
        ours = value is not None and value.get_secret_value().startswith("ork_")
        return None if ours and info.data.get("type") not in KEYLESS else value

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            if info.data.get("type") == "compatible":
                raise ValueError("is needed for the type compatible")
            return ""
        parts, host = urlsplit(value), checks.host(value)
        if parts.scheme not in ("http", "https") or not host:
            raise ValueError("must be a URL such as https://api.example.com/v1")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("must not hold credentials, a query or a fragment")
        if parts.scheme == "http" and not (checks.is_local(host) or info.data.get("allow_http")):
            raise ValueError("must use https for a public address (or set allow_http: true)")
        return value.rstrip("/")

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
        for name, content in value.items():
            text = content.get_secret_value()
            if not _HEADER.fullmatch(name) or not text.isprintable() or not text.isascii():
                raise ValueError(f"{name!r} is not a valid header")
        return value

    @model_validator(mode="after")
    def _enabled_with_key(self) -> Self:
        if self.enabled and not self.keys and self.type not in KEYLESS:
            raise ValueError("is enabled and has no api_key")
        return self


class Capabilities(Section):
    """What a model takes, where its family's table is wrong; meanings: ``dialects.base``."""

    sampling: Literal["any", "one", "none"] | None = None
    penalties: bool | None = None
    thinking: Literal["none", "budget", "adaptive", "level"] | None = None
    thinking_default: bool | None = None
    thinking_off: bool | None = None
    thinking_budget: Annotated[tuple[int, int] | None, Split] = None
    efforts: Annotated[tuple[str, ...] | None, Split] = None
    structured_output: bool | None = None
    structured_output_with_tools: bool | None = None
    forced_tool_choice: bool | None = None
    prefill: bool | None = None
    system_role: bool | None = None
    lenient: bool | None = None
    many_choices: bool | None = None
    logprobs: bool | None = None
    default_max_tokens: Tokens | None = None
    max_output: Tokens | None = None
    signed_calls: bool | None = None
    media_in_results: bool | None = None
    search_with_tools: bool | None = None


class Model(Section):
    """An addition or a correction to the shipped catalogue; None leaves its value alone.

    Prices are USD per million tokens.
    """

    upstream: str | None = None
    """The provider's own name for it; None: the part after the first slash."""
    input_per_mtok: Price | None = None
    output_per_mtok: Price | None = None
    cached_input_per_mtok: Price | None = None
    cache_write_per_mtok: Price | None = None
    context: Tokens | None = None
    """Tokens that prompt and answer may have together."""
    max_output: Tokens | None = None
    """Tokens that the answer may have."""
    enabled: bool = True
    capabilities: Capabilities = Capabilities()
    """Corrections to what the model takes, such as ``{sampling: none}``."""


class Routing(Section):
    """How a request finds its provider, and how long it may take."""

    timeout_s: Seconds = 60
    """To the first byte of an answer, then between chunks."""
    connect_timeout_s: Seconds = 10
    """To a provider."""
    total_timeout_s: Seconds = 600
    """All attempts of one request together."""
    max_retries: int = Field(default=3, ge=0, le=3)
    """Attempts after the first, over all providers."""
    unpriced: Literal["allow", "refuse"] = "allow"
    """What becomes of a request for a model whose price is not known."""
    http_client: Literal["direct", "aiohttp"] = "direct"
    """``aiohttp`` takes the proxies of the environment, and costs four times as much."""


class Limits(Section):
    """How limits behave; the limits themselves belong to organizations and keys."""

    warn_at_percent: int = Field(default=80, ge=1, le=100)
    """Of a limit: from there on the log warns."""
    when_database_is_down: Literal["refuse", "serve"] = "refuse"
    """For organizations with limits: 503, or served and counted afterwards."""
    estimates: Literal["balanced", "strict"] = "balanced"
    """What a request reserves: what is likely at the most, or what nothing can exceed."""


class Usage(Section):
    """What is remembered about requests."""

    mode: Literal["journal", "direct"] = "journal"
    """``direct`` writes to the database at once, for containers without a volume."""
    journal_dir: str = "data/journal"
    """On a local disk, one for each node."""
    retention_days: Days = 400
    """Usage rows; the statistics built from them stay."""
    request_log_days: Days = 90
    """How long a request keeps its error message and its list of attempts."""


class Logging(Section):
    """What is written about the running program."""

    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Upper] = "INFO"
    """Lines below it are not written."""
    format: Literal["auto", "json", "console"] = "auto"
    """``auto``: for people on a terminal, JSON elsewhere. The file is always JSON."""
    file: Annotated[str | None, BeforeValidator(checks.unless_none)] = "logs/orouter.log"
    """``none``: no file."""
    rotate_mb: float = Field(default=50, gt=0)
    """Size in MiB at which the file is renamed to ``….1``."""
    rotate_keep: int = Field(default=10, ge=0, le=1000)
    """Renamed files that are kept."""


class Settings(Section):
    """The whole configuration, as read once at the start and again at a reload."""

    server: Server = Server()
    secret_key: LongSecret | None = None
    """Peppers API keys and seals stored secrets. Losing it voids both."""
    secret_key_file: str | None = None
    """Read where ``secret_key`` is not set; ``data/secret.key`` is found by itself."""
    database: Database = Database()
    redis_url: RedisUrl | None = None
    """Optional accelerator, never the authority."""
    reporting_timezone: str = "UTC"
    """IANA name: where days, months and limits begin."""
    providers: Mapping[str, Provider] = Field(default_factory=dict)
    models: Mapping[ModelName, Model] = Field(default_factory=dict)
    aliases: Mapping[str, ModelName] = Field(default_factory=dict)
    """Other names for models."""
    fallbacks: Mapping[ModelName, Annotated[tuple[ModelName, ...], Split]] = Field(
        default_factory=dict
    )
    """Models tried in turn when the first one's providers fail."""
    routing: Routing = Routing()
    limits: Limits = Limits()
    usage: Usage = Usage()
    logging: Logging = Logging()
    metrics: Metrics = Metrics()
    tracing: Tracing = Tracing()
    cache: Cache = Cache()

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _left_out: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _file: str | None = PrivateAttr(default=None)
    _read: Callable[..., "Settings"] | None = PrivateAttr(default=None)

    @field_validator("cache")
    @classmethod
    def _redis_is_named(cls, value: Cache, info: ValidationInfo) -> Cache:
        if value.enabled and value.backend == "redis" and not info.data.get("redis_url"):
            raise ValueError("has the backend redis, and redis_url is not set")
        return value

    @field_validator("reporting_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):
            near = difflib.get_close_matches(value, available_timezones(), 1)
            meant = f"; did you mean {near[0]}?" if near else ", such as Europe/Berlin"
            raise ValueError(f"is not an IANA time zone{meant}") from None
        return value

    def said_by(self, origins: Mapping[str, str], file: str | None) -> Self:
        """Remembers where the values come from, and the file in use."""
        self._origins = dict(origins)
        self._file = file
        return self

    def read_by(self, read: Callable[..., "Settings"]) -> Self:
        """Remembers how to read its sources once more: ``read(stored=…, stored_wins=…)``."""
        self._read = read
        return self

    def anew(self, stored: Mapping[str, object], *, stored_wins: bool = False) -> "Settings":
        """The same sources read once more, with these stored values; see ``settings.load``.

        Raises ConfigurationError. Settings that were not loaded stay what they are.
        """
        return self._read(stored=stored, stored_wins=stored_wins) if self._read else self

    def leaving_out(self, left_out: Mapping[str, str]) -> Self:
        """Remembers which stored providers are not in force, and why."""
        self._left_out = left_out
        return self

    @property
    def left_out(self) -> Mapping[str, str]:
        """Names of stored providers that are not in force → the reason."""
        return self._left_out

    @property
    def file(self) -> str | None:
        """The configuration file in use, if any."""
        return self._file

    def origin(self, path: str) -> str:
        """Who set ``server.port``: ``default``, ``FILE:LINE``, ``env:NAME``, ``flag``, ``stored``.

        For a list it is the line where the list begins.
        """
        return self._origins.get(path, "default")

    def secrets(self) -> Iterator[str]:
        """Every secret value, for ``logs.keep_secret``; of a URL only the password."""
        yield from _secrets(self)

    def require_secret_key(self) -> SecretStr:
        """The secret key; without one, a ConfigurationError that says how to make it."""
        if self.secret_key is None:
            raise ConfigurationError(
                "no secret key: set OROUTER_SECRET_KEY, secret_key or secret_key_file",
                hint="`orouter init` writes one to data/secret.key, where it is found",
            )
        return self.secret_key
