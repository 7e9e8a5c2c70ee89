"""Which fields go where: the data behind ``encode_request``.

Source: openai-openapi ``CreateChatCompletionRequest`` and ``ChatCompletionRequestMessage``. A field
that OpenAI adds later is one line here; until then a ``compatible`` provider with OpenAI's address
passes everything through.
"""

from collections.abc import Mapping

OPENAI_FIELDS = frozenset(
    {
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "moderation",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    }
)
"""Everything else at the top level is refused by OpenAI ("Unrecognized request argument")."""

OPENAI_MESSAGE_FIELDS = frozenset(
    {
        "annotations",
        "audio",
        "content",
        "function_call",
        "name",
        "refusal",
        "role",
        "tool_call_id",
        "tool_calls",
    }
)

OPENAI_CALL_FIELDS = frozenset({"id", "type", "function", "custom"})

STRICT_MESSAGE_FIELDS = frozenset(
    {"role", "content", "name", "tool_call_id", "tool_calls", "prefix"}
)
"""What strict compatible servers take; they refuse an echoed ``refusal`` or ``reasoning``."""

FOREIGN_MARKS = frozenset({"cache_control"})
"""Anthropic's marks on content parts, tools and functions."""

ROUTING_FIELDS = frozenset({"models", "provider"})
"""Read by orouter itself; among providers only OpenRouter knows them."""

REASONING_SAMPLING = (
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
)
"""Refused by OpenAI's reasoning models; leaving them out makes the answer no less right."""

REASONING_REFUSED = ("logprobs", "top_logprobs")
"""Refused by them too, but the caller would miss them."""

FINISH: Mapping[str, str] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "function_call": "function_call",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "STOP": "stop",
    "max_tokens": "length",
    "max_length": "length",
    "model_length": "length",
    "MAX_TOKENS": "length",
    "tool_use": "tool_calls",
    "tool_call": "tool_calls",
    "safety": "content_filter",
    "SAFETY": "content_filter",
    "sensitive": "content_filter",
}
"""Finish reasons of compatible servers in OpenAI's five words; any other is ``stop``."""
