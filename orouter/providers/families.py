"""What each model family takes and refuses: data, by provider type and longest prefix of the name.

A row names the fields that differ from the provider's ``BASE``, which holds for every model that no
row knows: it describes the newest generation, so that a model released tomorrow gets what is safe
there. An operator corrects single fields under ``models.<name>.capabilities``.

Sources: Anthropic's API reference and SDK, Google's Gemini API reference, pydantic-ai's model
profiles, recorded refusals.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from orouter.dialects.base import Capabilities

Fields = Mapping[str, Any]

ANTHROPIC_BASE: Fields = {
    "sampling": "none",
    "penalties": False,
    "thinking": "adaptive",
    "efforts": ("low", "medium", "high", "xhigh", "max"),
    "prefill": False,
    "many_choices": False,
    "logprobs": False,
    "media_in_results": True,
    "default_max_tokens": 32_000,
    "max_output": 128_000,
}
# The eras of Claude, each as its difference from the newest one.
CLAUDE_3: Fields = {
    "sampling": "any",
    "thinking": "none",
    "structured_output": False,
    "prefill": True,
    "default_max_tokens": 4096,
    "max_output": 4096,
}
CLAUDE_3_5: Fields = {**CLAUDE_3, "default_max_tokens": 8192, "max_output": 8192}
CLAUDE_4: Fields = {
    **CLAUDE_3,
    "thinking": "budget",
    "default_max_tokens": 32_000,
    "max_output": 64_000,
}
CLAUDE_4_5: Fields = {**CLAUDE_4, "sampling": "one", "structured_output": True}
CLAUDE_4_6: Fields = {"sampling": "one", "efforts": ("low", "medium", "high", "max")}
ALWAYS_THINKING: Fields = {"thinking_off": False, "forced_tool_choice": False}

GOOGLE_BASE: Fields = {
    "penalties": False,
    "thinking": "level",
    "thinking_off": False,
    "many_choices": False,
    "signed_calls": True,
    "media_in_results": True,
}
# The eras of Gemini, each as its difference from the newest one.
GEMINI_3: Fields = {
    "penalties": True,
    "many_choices": True,
    "efforts": ("minimal", "low", "medium", "high"),
}
GEMINI_2: Fields = {
    "penalties": True,
    "many_choices": True,
    "thinking": "none",
    "structured_output_with_tools": False,
    "search_with_tools": False,
    "signed_calls": False,
    "media_in_results": False,
}
GEMINI_2_5: Fields = {
    **GEMINI_2,
    "thinking": "budget",
    "thinking_off": True,
    "thinking_budget": (1, 24_576),
}

# OpenAI's reasoning models. All others take what they are given, and so does an unknown name:
# OpenAI says in its 400 what it refuses.
OPENAI_REASONING: Fields = {
    "sampling": "none",
    "penalties": False,
    "logprobs": False,
    "thinking": "level",
    "thinking_off": False,
}
OPENAI_BY_CHOICE: Fields = {
    **OPENAI_REASONING,
    "logprobs": True,
    "thinking_off": True,
    "efforts": ("low", "medium", "high", "xhigh"),
}
OPENAI_ON_DEMAND: Fields = {**OPENAI_BY_CHOICE, "thinking_default": False}

# By their names at Mistral's own API; other servers of the same models call them otherwise.
MISTRAL: Fields = {"lenient": False}

BASE: Mapping[str, Fields] = {"anthropic": ANTHROPIC_BASE, "google": GOOGLE_BASE}

FAMILIES: Mapping[str, tuple[tuple[str, Fields], ...]] = {
    "compatible": (
        ("mistral-small-", MISTRAL),
        ("mistral-medium-", MISTRAL),
        ("mistral-large-", MISTRAL),
        ("ministral-3b-", MISTRAL),
        ("ministral-8b-", MISTRAL),
        ("ministral-14b-", MISTRAL),
        ("magistral-", MISTRAL),
        ("devstral-", MISTRAL),
        ("labs-devstral-", MISTRAL),
        ("codestral-", MISTRAL),
        ("pixtral-", MISTRAL),
        ("open-mistral-", MISTRAL),
        ("open-mixtral-", MISTRAL),
    ),
    "openai": (
        ("o1", OPENAI_REASONING),
        ("o1-mini", {**OPENAI_REASONING, "system_role": False}),
        ("o1-preview", {**OPENAI_REASONING, "system_role": False}),
        ("o3", OPENAI_REASONING),
        ("o4", OPENAI_REASONING),
        ("gpt-5", {**OPENAI_REASONING, "efforts": ("minimal", "low", "medium", "high")}),
        ("gpt-5-chat", {}),
        ("gpt-5-search", {}),
        ("gpt-5.", OPENAI_BY_CHOICE),
        ("gpt-5.1", {**OPENAI_ON_DEMAND, "efforts": ("low", "medium", "high")}),
        ("gpt-5.2", OPENAI_ON_DEMAND),
        ("gpt-5.3", OPENAI_ON_DEMAND),
        ("gpt-5.4", OPENAI_ON_DEMAND),
        ("gpt-6", OPENAI_BY_CHOICE),
        ("gpt-6-astra", {**OPENAI_BY_CHOICE, "thinking_off": False}),
        ("gpt-6.1", {**OPENAI_BY_CHOICE, "thinking_off": False}),
    ),
    "anthropic": (
        ("claude-2", CLAUDE_3),
        ("claude-instant", CLAUDE_3),
        ("claude-3-", CLAUDE_3),
        ("claude-3-5-", CLAUDE_3_5),
        ("claude-3-5-sonnet-20240620", CLAUDE_3),
        ("claude-3-7-", CLAUDE_4),
        ("claude-4-", CLAUDE_4),
        ("claude-sonnet-4-0", CLAUDE_4),
        ("claude-sonnet-4-2025", CLAUDE_4),
        ("claude-opus-4-0", {**CLAUDE_4, "max_output": 32_000}),
        ("claude-opus-4-2025", {**CLAUDE_4, "max_output": 32_000}),
        ("claude-opus-4-1", {**CLAUDE_4_5, "max_output": 32_000}),
        ("claude-sonnet-4-5", CLAUDE_4_5),
        ("claude-haiku-4-5", CLAUDE_4_5),
        ("claude-opus-4-5", CLAUDE_4_5),
        ("claude-sonnet-4-6", CLAUDE_4_6),
        ("claude-opus-4-6", CLAUDE_4_6),
        ("claude-fable-", ALWAYS_THINKING),
        ("claude-mythos-", ALWAYS_THINKING),
    ),
    "google": (
        ("gemma-", GEMINI_2),
        ("learnlm-", GEMINI_2),
        ("gemini-1", GEMINI_2),
        ("gemini-2", GEMINI_2),
        ("gemini-2.5-", GEMINI_2_5),
        ("gemini-2.5-flash-image", GEMINI_2),
        ("gemini-2.5-flash-preview-tts", GEMINI_2),
        ("gemini-2.5-pro-preview-tts", GEMINI_2),
        ("gemini-2.5-flash-lite", {**GEMINI_2_5, "thinking_budget": (512, 24_576)}),
        (
            "gemini-2.5-pro",
            {**GEMINI_2_5, "thinking_off": False, "thinking_budget": (128, 32_768)},
        ),
        ("gemini-3", GEMINI_3),
        ("gemini-3-pro", {**GEMINI_3, "efforts": ("low", "high")}),
        ("gemini-3-pro-image", {**GEMINI_3, "thinking": "none"}),
        ("gemini-3.1-pro", {**GEMINI_3, "efforts": ("low", "medium", "high")}),
        ("gemini-3.5-pro", {**GEMINI_3, "efforts": ("low", "medium", "high")}),
        ("gemini-3.7-flash", {**GEMINI_3, "efforts": ("low", "medium", "high")}),
        # Ignored there, so that leaving them out changes nothing.
        ("gemini-4", {"sampling": "none"}),
    ),
}


def capabilities(kind: str, model: str, overrides: Fields | None = None) -> Capabilities:
    """The capabilities of ``model`` at a provider of type ``kind``, corrected by ``overrides``."""
    known = _family(kind, model)
    return msgspec.structs.replace(known, **overrides) if overrides else known


def _family(kind: str, model: str) -> Capabilities:
    beginnings = [row[0] for row in FAMILIES.get(kind, ()) if model.startswith(row[0])]
    return _of_all(kind, max(beginnings, key=len, default=""))


@cache
def _of_all(kind: str, beginning: str) -> Capabilities:
    """Shared by all models of the family, of which there may be thousands."""
    special = next((row[1] for row in FAMILIES.get(kind, ()) if row[0] == beginning), {})
    return Capabilities(**{**BASE.get(kind, {}), **special})
