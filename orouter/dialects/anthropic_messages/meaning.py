"""What parts of an answer mean on OpenAI's side; for whole answers and streams alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from orouter.dialects.base import Recalled, Usage
from orouter.dialects.openai_shapes import Finish, url_citation
from orouter.dialects.readings import Figures

_FINISH: Mapping[str | None, Finish] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}


def finish_of(stop_reason: str | None, *, has_calls: bool) -> Finish:
    """The finish reason; ``has_calls`` is false where the only call was the answer itself."""
    finish = _FINISH.get(stop_reason, "stop")
    return "stop" if finish == "tool_calls" and not has_calls else finish


def usage_of(raw: object) -> Usage | None:
    """OpenAI's prompt holds what Anthropic counts apart: cache reads and writes."""
    if raw is None:
        return None
    figures = Figures(raw)
    read, written = figures["cache_read_input_tokens"], figures["cache_creation_input_tokens"]
    by_age = figures.nested("cache_creation")
    details, tools = figures.nested("output_tokens_details"), figures.nested("server_tool_use")
    prompt, completion = figures["input_tokens"] + read + written, figures["output_tokens"]
    hour = by_age["ephemeral_1h_input_tokens"]
    reasoning, searches = details["thinking_tokens"], tools["web_search_requests"]
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        cached_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=min(hour, written),
        reasoning_tokens=min(reasoning, completion),
        web_searches=searches,
        flawed=any(part.flawed for part in (figures, by_age, details, tools)),
    )


def annotations_of(
    citations: Iterable[Mapping[str, Any]], span: tuple[int, int]
) -> list[dict[str, Any]]:
    """The citations of one text block that stands at ``span`` of the whole content."""
    found = []
    for citation in citations:
        title = _text(citation, "title") or _text(citation, "document_title")
        quote = _text(citation, "cited_text")
        found.append(url_citation(_address(citation), title, span, quote))
    return found


def recall(call_id: str | None, details: Iterable[dict[str, Any]]) -> tuple[Recalled, ...]:
    """What must come back with the first call, if the answer thought before it."""
    signed = tuple(detail for detail in details if detail.get("signature") or detail.get("data"))
    return (Recalled(call_id=call_id, details=signed),) if call_id and signed else ()


def _address(citation: Mapping[str, Any]) -> str:
    """The source's URL; for a document of the request its title with the place as a fragment.

    Fragments are those of RFC 8118 (``page``) and RFC 5147 (``char``).
    """
    url = _text(citation, "url") or _text(citation, "source")
    if url:
        return url
    name = _text(citation, "document_title") or f"document-{citation.get('document_index', 0)}"
    if "start_page_number" in citation:
        return f"{name}#page={citation['start_page_number']}"
    if "start_char_index" in citation:
        return f"{name}#char={citation['start_char_index']},{citation.get('end_char_index')}"
    return name


def _text(citation: Mapping[str, Any], name: str) -> str:
    value = citation.get(name)
    return value if isinstance(value, str) else ""
