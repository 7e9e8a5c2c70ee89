"""The OpenAI chat request as a typed value: what the edge validates and what dialects read.

Decoding is lenient where OpenAI is (unknown fields, ``null`` for absent) and strict about types,
so that nothing invalid reaches a provider. Unknown fields are not lost: ``ChatRequest.fields()``
is the whole body as the caller sent it. Source of the shapes: openai-openapi
``CreateChatCompletionRequest``, OpenRouter's ``ChatRequest`` for ``models``, ``provider`` and
``reasoning``.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class ImageURL(Struct, kw_only=True):
    """``url`` is http(s) or ``data:<mime>;base64,…``."""

    url: str
    detail: str | None = None


class InputAudio(Struct, kw_only=True):
    """Base64 audio; ``format`` is ``wav`` or ``mp3``."""

    data: str
    format: str


class FileRef(Struct, kw_only=True):
    """``file_data`` is a data URL (or an http(s) URL, as OpenRouter takes it)."""

    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class VideoURL(Struct, kw_only=True):
    """OpenRouter's extension: a URL or a data URL."""

    url: str


class Part(Struct, kw_only=True):
    """One content part; ``type`` says which of the other fields is set."""

    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: ImageURL | str | None = None
    input_audio: InputAudio | None = None
    file: FileRef | None = None
    video_url: VideoURL | None = None
    cache_control: dict[str, Any] | None = None
    prompt_cache_breakpoint: dict[str, Any] | None = None


Content = str | list[Part] | None


class FunctionCall(Struct, kw_only=True):
    """``arguments`` is JSON text, as the model wrote it."""

    name: str
    arguments: str = ""


class ToolCall(Struct, kw_only=True):
    """A call in an assistant message.

    ``extra_content`` is Google's place for thought signatures.
    """

    id: str | None = None
    type: str = "function"
    function: FunctionCall | None = None
    custom: dict[str, Any] | None = None
    extra_content: dict[str, Any] | None = None


class Message(Struct, kw_only=True):
    """One message of the conversation, of any role."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None
    function_call: FunctionCall | None = None
    refusal: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None
    reasoning_details: list[dict[str, Any]] | None = None
    images: list[Part] | None = None
    extra_content: dict[str, Any] | None = None
    cache_control: dict[str, Any] | None = None


class Function(Struct, kw_only=True):
    """A function that the model may call; ``parameters`` is a JSON schema."""

    name: Annotated[str, Meta(min_length=1)]
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None
    cache_control: dict[str, Any] | None = None


class Tool(Struct, kw_only=True):
    """A tool definition; types other than ``function`` belong to single providers."""

    type: str = "function"
    function: Function | None = None
    cache_control: dict[str, Any] | None = None


class NamedFunction(Struct, kw_only=True):
    """A function by its name alone."""

    name: str


class AllowedTools(Struct, kw_only=True):
    """The part of the tools that may be called, and whether one must be."""

    mode: Literal["auto", "required"]
    tools: list[dict[str, Any]]


class ToolChoiceObject(Struct, kw_only=True):
    """``{"type": "function"}`` forces one tool, ``allowed_tools`` narrows the list."""

    type: str
    function: NamedFunction | None = None
    allowed_tools: AllowedTools | None = None


class JsonSchema(Struct, kw_only=True):
    """The schema that the answer shall follow."""

    name: str | None = None
    description: str | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None


class ResponseFormat(Struct, kw_only=True):
    """``text``, ``json_object`` or ``json_schema``."""

    type: str
    json_schema: JsonSchema | None = None


class Reasoning(Struct, kw_only=True):
    """OpenRouter's ``reasoning`` object."""

    effort: Effort | None = None
    max_tokens: Annotated[int, Meta(ge=0)] | None = None
    enabled: bool | None = None
    exclude: bool | None = None


class StreamOptions(Struct, kw_only=True):
    """``include_usage``: end the stream with a chunk that carries usage."""

    include_usage: bool | None = None


class ProviderChoice(Struct, kw_only=True):
    """OpenRouter's ``provider`` object, as far as a gateway decides by it."""

    order: list[str] | None = None
    only: list[str] | None = None
    ignore: list[str] | None = None
    allow_fallbacks: bool | None = None


Probability = Annotated[float, Meta(ge=0, le=1)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]
Bound = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Seed = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class ChatRequest(Struct, kw_only=True):
    """``POST /v1/chat/completions``; token counts are tokens, ``temperature`` is 0 to 2."""

    model: Annotated[str, Meta(min_length=1, max_length=256)]
    messages: Annotated[list[Message], Meta(min_length=1, max_length=2048)]
    models: list[str] | None = None
    provider: ProviderChoice | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Bound | None = None
    max_completion_tokens: Bound | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Probability | None = None
    top_k: Annotated[int, Meta(ge=0)] | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    logit_bias: dict[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    stop: str | list[str] | None = None
    seed: Seed | None = None
    tools: list[Tool] | None = None
    tool_choice: str | ToolChoiceObject | None = None
    parallel_tool_calls: bool | None = None
    functions: list[Function] | None = None
    function_call: str | NamedFunction | None = None
    response_format: ResponseFormat | None = None
    reasoning_effort: Effort | None = None
    reasoning: Reasoning | None = None
    verbosity: str | None = None
    user: str | None = None
    safety_identifier: str | None = None
    metadata: dict[str, Any] | None = None
    service_tier: str | None = None
    modalities: list[str] | None = None
    audio: dict[str, Any] | None = None
    web_search_options: dict[str, Any] | None = None
    cache_control: dict[str, Any] | None = None
    prompt_cache_options: dict[str, Any] | None = None
    # Overwritten by the edge with what was received, whatever a caller sends under these names.
    source: bytes = field(default=b"", name="orouter:source")
    decoded: dict[str, Any] = field(default_factory=dict, name="orouter:decoded")

    @property
    def output_limit(self) -> int | None:
        """The caller's bound on output tokens, by either of its names."""
        if self.max_completion_tokens is not None:
            return self.max_completion_tokens
        return self.max_tokens

    @property
    def wants_usage(self) -> bool:
        """Whether a stream shall end with a usage chunk."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def bounded(self, tokens: int) -> "ChatRequest":
        """The same request with a bound on output tokens, in place of any of its own."""
        said = self.decoded or msgspec.json.decode(self.source)
        kept = {name: value for name, value in said.items() if name != "max_completion_tokens"}
        fields = {"max_tokens": tokens, "max_completion_tokens": None}
        return msgspec.structs.replace(self, **fields, decoded={**kept, "max_tokens": tokens})

    def forget(self) -> None:
        """Lets go of what was asked, once it is under way: a long stream need not hold it."""
        self.messages, self.decoded, self.source = [], {}, b""

    def fields(self) -> dict[str, Any]:
        """The whole body as sent. It and its messages may be changed, what is deeper may not."""
        decoded = self.decoded or msgspec.json.decode(self.source)
        return {**decoded, "messages": [dict(message) for message in decoded["messages"]]}
