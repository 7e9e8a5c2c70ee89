"""Reasoning on OpenAI's side: how much is asked for, and OpenRouter's ``reasoning_details``.

Source: OpenRouter's ``ReasoningDetail`` union. In a stream the fragments of one item share its
``index``, and a signature arrives as a late fragment without text.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from orouter.schemas.chat import ChatRequest

ANTHROPIC = "anthropic-claude-v1"
GOOGLE = "google-gemini-v1"

STRENGTHS = ("minimal", "low", "medium", "high", "xhigh", "max")
"""Effort names, weakest first; ``none`` is the absence of effort."""

_JOINED = ("text", "summary", "signature", "data")


def asked_effort(request: ChatRequest) -> str | int | None:
    """An effort (``none`` is off, ``enabled`` as the model likes), a budget in tokens, or None."""
    if request.reasoning_effort is not None:
        return request.reasoning_effort
    reasoning = request.reasoning
    if reasoning is None:
        return None
    if reasoning.enabled is False or reasoning.max_tokens == 0:
        return "none"
    if reasoning.effort is not None:
        return reasoning.effort
    if reasoning.max_tokens is not None:
        return reasoning.max_tokens
    return "enabled" if reasoning.enabled else None


def nearest_effort(wanted: str, accepted: Sequence[str]) -> str:
    """The weakest accepted effort that is not below ``wanted``, else the strongest accepted."""
    least = STRENGTHS.index(wanted)
    return next((name for name in accepted if STRENGTHS.index(name) >= least), accepted[-1])


def text_detail(index: int, form: str, **fields: str) -> dict[str, Any]:
    """An item or fragment of readable reasoning; fields: ``text``, ``signature``."""
    return {"type": "reasoning.text", **fields, "format": form, "index": index}


def encrypted_detail(index: int, form: str, data: str) -> dict[str, Any]:
    """An item whose content only the provider can read."""
    return {"type": "reasoning.encrypted", "data": data, "format": form, "index": index}


def mended(details: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items as they were given out, where a client has put them together from a stream.

    The OpenAI SDK joins the strings of one ``index``, also those that name the format.
    """
    return [
        {name: _once(value) if name == "format" else value for name, value in detail.items()}
        for detail in details
    ]


def _once(text: Any) -> Any:
    """``ab`` for ``ababab``."""
    return text[: (text + text).find(text, 1)] if isinstance(text, str) and text else text


def whole_details(fragments: Iterable[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """The items of format ``form`` in order, fragments of one index put together.

    Items without a format are taken as ``form``: clients that rebuild a message drop it.
    """
    items: list[dict[str, Any]] = []
    by_index: dict[tuple[Any, Any], dict[str, Any]] = {}
    for fragment in mended(fragments):
        if fragment.get("format") not in {form, None, "unknown"}:
            continue
        key = (fragment.get("index"), fragment.get("type"))
        begun = by_index.get(key) if isinstance(key[0], int) else None
        if begun is None:
            by_index[key] = begun = dict(fragment)
            items.append(begun)
        else:
            _join(begun, fragment)
    return items


def _join(item: dict[str, Any], fragment: dict[str, Any]) -> None:
    for name in _JOINED:
        more = fragment.get(name)
        if isinstance(more, str):
            item[name] = (item.get(name) or "") + more
