"""What every dialect is: four pure verbs between OpenAI's shapes and a provider's wire format.

A dialect is a module (or package) with ``encode_request``, ``decode_response``, ``stream_decoder``
and ``decode_error``. It does no input or output, knows no clock but the one it is given, and keeps
no state but a stream's own. Usage is part of what decoding returns.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct

from orouter.errors import OrouterError
from orouter.schemas.chat import ChatRequest


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a model family takes and refuses. Data, never an ``if`` on a model's name.

    The tables (prefix → fields that differ from these defaults) stand in ``providers/families.py``;
    an operator overrides single fields under ``models.<name>.capabilities``.
    """

    sampling: Literal["any", "one", "none"] = "any"
    """Which of temperature/top_p/top_k pass: all, one of temperature and top_p, or none."""
    penalties: bool = True
    thinking: Literal["none", "budget", "adaptive", "level"] = "none"
    """How reasoning is asked for: never, by token budget, by adaptive effort, by level."""
    thinking_default: bool = True
    """Whether the model reasons when nobody asks for it."""
    thinking_off: bool = True
    """Whether reasoning can be switched off."""
    thinking_budget: tuple[int, int] = (1024, 32768)
    efforts: tuple[str, ...] = ("low", "medium", "high")
    """Effort names accepted upstream, weakest first."""
    structured_output: bool = True
    structured_output_with_tools: bool = True
    forced_tool_choice: bool = True
    prefill: bool = True
    """Whether the conversation may end with an assistant message."""
    system_role: bool = True
    """Whether system and developer messages are accepted; otherwise they go as the user's."""
    lenient: bool = True
    """Fields that the server does not know do no harm; strict ones (Mistral's) answer 422."""
    many_choices: bool = True
    logprobs: bool = True
    default_max_tokens: int = 4096
    """Sent where the provider demands a bound and the caller gave none."""
    max_output: int | None = None
    signed_calls: bool = False
    """Function calls in the history must carry the signature they came with (Gemini 3, later)."""
    media_in_results: bool = False
    """Images and documents may stand inside a tool's result (Gemini 3 and later)."""
    search_with_tools: bool = True
    """Web search and the caller's own functions may be offered in one request."""


class Recalled(Struct, frozen=True, kw_only=True):
    """Reasoning that belongs to a tool call, kept for clients that drop fields they do not know.

    ``details`` is an OpenRouter ``reasoning_details`` array, exactly as it was given to the client.
    """

    call_id: str
    details: tuple[dict[str, Any], ...]


class Target(Struct, frozen=True, kw_only=True):
    """Where one attempt goes, as far as a translation depends on it."""

    provider: str
    """The name under ``providers:`` in the configuration, such as ``anthropic``."""
    kind: str
    """The provider's type: openai, anthropic, google, openrouter, compatible, demo."""
    model: str
    """The model's name at the provider."""
    capabilities: Capabilities = Capabilities()
    recalled: Mapping[str, Recalled] = {}
    """By tool-call id, for calls in the history that came without their reasoning."""
    functions: bool = False
    """The caller speaks the deprecated ``functions``: a call goes back as ``function_call``."""


class WireRequest(Struct, frozen=True, kw_only=True):
    """One HTTP request to a provider: ``path`` is appended to its base URL."""

    path: str
    body: bytes
    headers: Mapping[str, str] = {}


class Usage(Struct, frozen=True, kw_only=True, gc=False):
    """Tokens as OpenAI counts them: prompt includes cached, completion includes reasoning."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int | None = None
    """The provider's own total where it gave one; never recomputed against it."""
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    """The part of cache_write_tokens that was written for an hour (Anthropic prices it apart)."""
    reasoning_tokens: int = 0
    audio_input_tokens: int = 0
    audio_output_tokens: int = 0
    image_output_tokens: int = 0
    web_searches: int = 0
    cost_nano: int | None = None
    """What the provider itself says it charges, in nano-USD (OpenRouter)."""
    flawed: bool = False
    """The provider's figures were not plausible and were clamped."""


class Answer(Struct, frozen=True, kw_only=True):
    """A whole completion in OpenAI's shape; ``usage.cost`` is added above."""

    completion: dict[str, Any]
    verbatim: tuple[bytes, bytes] | None = None
    """The completion as it came, where nothing had to change, in two parts: the second begins with
    the fields of its usage. ``completion`` is empty then."""
    usage: Usage | None
    finish: str | None = None
    recalled: tuple[Recalled, ...] = ()


class Fault(Struct, frozen=True, kw_only=True):
    """A provider's refusal or failure: the error for the caller, and what may be done about it."""

    error: OrouterError
    retryable: bool = False
    """The same request may succeed at the same place a little later."""
    failover: bool = False
    """Another credential or provider may serve it."""
    credential: Literal["good", "bad", "tired"] = "good"
    """``bad``: the key was refused; ``tired``: it is rate limited or out of money."""
    retry_after_s: float | None = None


class StreamContext(Struct, frozen=True, kw_only=True):
    """What a stream decoder needs beyond the target."""

    target: Target
    include_usage: bool
    """The caller asked for the usage chunk; otherwise it is left out."""
    created: int
    """Seconds since the epoch, for providers that send no time."""
    mint: Callable[[str], str]
    """A fresh id with the prefix given, for ids that a provider leaves out."""
    cost_usd: Callable[[Usage], float | None]
    """The price of a usage in USD, None if unknown; goes into ``usage.cost``."""


class StreamDecoder(Protocol):
    r"""Turns a provider's stream, cut anywhere, into OpenAI's server-sent events.

    ``feed`` takes bytes as they arrived and returns whole events (``data: {…}\n\n``), possibly
    none. ``close`` is called once, when the provider ended its stream, and returns what is still
    due, ``[DONE]`` included; after an unexpected end it sets ``error`` instead.
    """

    finish: str | None
    error: OrouterError | None
    """Set when the provider failed in the middle; nothing more is fed then."""
    recalled: tuple[Recalled, ...]
    ended: bool
    """The provider said that it is done: ``close`` may be called without waiting for its end."""

    def feed(self, block: bytes) -> bytes: ...

    def close(self) -> bytes: ...

    @property
    def usage(self) -> Usage | None:
        """What the provider has counted so far, None while it has said nothing."""
        ...

    @property
    def delivered_tokens(self) -> int:
        """An estimate of the output tokens delivered so far, for streams that end early."""
        ...


class DecodeContext(Struct, frozen=True, kw_only=True):
    """What decoding a whole answer needs beyond its bytes."""

    target: Target
    created: int
    mint: Callable[[str], str]


class Dialect(Protocol):
    """The four verbs; a dialect module satisfies this protocol."""

    def encode_request(self, request: ChatRequest, target: Target) -> WireRequest:
        """Raises InvalidRequest or UnsupportedParameter for what cannot be said in this dialect."""
        ...

    def decode_response(self, body: bytes, context: DecodeContext) -> Answer:
        """Raises the Fault's error (OrouterError) where a 200 holds an error or is unreadable."""
        ...

    def stream_decoder(self, context: StreamContext) -> StreamDecoder: ...

    def decode_error(self, status: int, headers: Mapping[str, str], body: bytes) -> Fault: ...
