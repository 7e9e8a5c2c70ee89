"""``usageMetadata`` as OpenAI counts tokens.

``promptTokenCount`` includes cached tokens but not those of tool use; ``candidatesTokenCount``
excludes thoughts. ``totalTokenCount`` is the sum of all four; it is passed on, never computed.
"""

from typing import Any

from orouter.dialects.base import Usage
from orouter.dialects.readings import Figures

_COUNTS = ("promptTokenCount", "candidatesTokenCount", "totalTokenCount")


def usage_of(raw: object, web_searches: int = 0) -> Usage | None:
    """None where Gemini counted nothing; figures that are none are clamped and marked."""
    figures = Figures(raw)
    if raw is None or not (figures.flawed or any(figures.has(name) for name in _COUNTS)):
        return None
    thoughts = figures["thoughtsTokenCount"]
    return Usage(
        prompt_tokens=figures["promptTokenCount"] + figures["toolUsePromptTokenCount"],
        completion_tokens=figures["candidatesTokenCount"] + thoughts,
        total_tokens=figures["totalTokenCount"] if figures.has("totalTokenCount") else None,
        cached_tokens=figures["cachedContentTokenCount"],
        reasoning_tokens=thoughts,
        audio_input_tokens=_modality(raw, "promptTokensDetails", "AUDIO"),
        audio_output_tokens=_modality(raw, "candidatesTokensDetails", "AUDIO"),
        image_output_tokens=_modality(raw, "candidatesTokensDetails", "IMAGE"),
        web_searches=web_searches,
        flawed=figures.flawed,
    )


def _modality(raw: Any, name: str, modality: str) -> int:
    details = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(details, list):
        return 0
    return sum(
        Figures(item)["tokenCount"]
        for item in details
        if isinstance(item, dict) and item.get("modality") == modality
    )
