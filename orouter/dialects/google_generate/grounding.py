"""``groundingMetadata`` as OpenAI's annotations.

Supports name byte positions of the text (google-genai ``Segment``), OpenAI counts characters.
"""

from collections.abc import Iterator
from typing import Any

from orouter.dialects.openai_shapes import url_citation


def annotations(grounding: object, text: str) -> list[dict[str, Any]]:
    """One ``url_citation`` for each source of each supported segment of ``text``.

    Sources that no segment names are given only where no segment is named at all.
    """
    if not isinstance(grounding, dict):
        return []
    sources = [_source(chunk) for chunk in _dicts(grounding.get("groundingChunks"))]
    supports = list(_dicts(grounding.get("groundingSupports")))
    if not supports:
        return [url_citation(*source, (0, 0)) for source in sources if source]
    return [
        url_citation(*source, span)
        for support in supports
        for span in [_span(support.get("segment"), text)]
        for source in _named(support.get("groundingChunkIndices"), sources)
    ]


def searches(grounding: object) -> int:
    """How many web searches were run for the answer."""
    queries = grounding.get("webSearchQueries") if isinstance(grounding, dict) else None
    return len(queries) if isinstance(queries, list) else 0


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            # A place that holds nothing readable still counts: supports point at it by number.
            yield item if isinstance(item, dict) else {}


def _source(chunk: dict[str, Any]) -> tuple[str, str] | None:
    for kind in ("web", "retrievedContext", "maps"):
        found = chunk.get(kind)
        if isinstance(found, dict) and isinstance(found.get("uri"), str):
            return found["uri"], str(found.get("title") or "")
    return None


def _named(indices: object, sources: list[tuple[str, str] | None]) -> Iterator[tuple[str, str]]:
    for index in indices if isinstance(indices, list) else []:
        source = sources[index] if isinstance(index, int) and 0 <= index < len(sources) else None
        if source:
            yield source


def _span(segment: object, text: str) -> tuple[int, int]:
    """Characters; the segment's own text decides where byte positions do not lead to it."""
    if not isinstance(segment, dict):
        return 0, 0
    start, end = (_characters(segment.get(name), text) for name in ("startIndex", "endIndex"))
    quoted = segment.get("text")
    if isinstance(quoted, str) and quoted and text[start:end] != quoted:
        found = text.find(quoted)
        if found >= 0:
            return found, found + len(quoted)
    return start, max(start, end)


def _characters(position: object, text: str) -> int:
    if not isinstance(position, int) or position is True or position <= 0:
        return 0
    if text.isascii():
        return min(position, len(text))
    return len(text.encode("utf-8", "replace")[:position].decode("utf-8", "ignore"))
