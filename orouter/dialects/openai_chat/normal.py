"""What compatible servers do differently, brought back to exactly OpenAI's shape.

Vendors' additions stay; only what contradicts OpenAI's shape is changed. The quirks come from what
servers were seen to send: Mistral's content lists, ``reasoning_content`` (DeepSeek, z.ai, vLLM),
``eos`` (Together), empty call ids (Google's compatible endpoint), citations beside the choices
(Perplexity), arguments as objects (Ollama).
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from orouter.dialects.openai_chat.fields import FINISH

Mint = Callable[[str], str]


def finish_reason(given: object, *, called: bool, strict: bool) -> str:
    """One of OpenAI's five words; ``strict``: from OpenAI, whose ``stop`` after a call stays."""
    reason = FINISH.get(given, "stop") if isinstance(given, str) else "stop"
    if called and reason == "stop" and not strict:
        return "tool_calls"
    return reason


def message_texts(message: dict[str, Any]) -> None:
    """Makes ``content`` text or null, and gives reasoning its one name ``reasoning``."""
    content = message.get("content")
    if isinstance(content, list):
        message["content"], thought = split_parts(content)
        if thought and not message.get("reasoning"):
            message["reasoning"] = thought
    other = message.get("reasoning_content")
    if isinstance(other, str) and other and not message.get("reasoning"):
        message["reasoning"] = other


def split_parts(parts: list[Any]) -> tuple[str, str]:
    """(text, reasoning) of a content that is a list of parts."""
    text: list[Any] = []
    thought: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            text.append(part)
        elif isinstance(part, dict) and part.get("type") == "thinking":
            thinking = part.get("thinking")
            thought.append(split_parts(thinking)[0] if isinstance(thinking, list) else thinking)
        elif isinstance(part, dict):
            text.append(part.get("text"))
    return _joined(text), _joined(thought)


def _joined(pieces: list[Any]) -> str:
    return "".join(piece for piece in pieces if isinstance(piece, str))


def arguments(given: Any) -> str:
    """The arguments of a call as JSON text."""
    if isinstance(given, str):
        return given
    return "" if given is None else msgspec.json.encode(given).decode()


def tool_calls(calls: list[Any], mint: Mint) -> list[dict[str, Any]]:
    """Whole calls with an id of their own each, ``type`` and textual arguments."""
    taken: set[str] = set()
    whole = []
    for call in calls:
        if not isinstance(call, dict):
            continue
        given = call.get("id")
        own = given if isinstance(given, str) and given and given not in taken else mint("call_")
        taken.add(own)
        kept = {k: v for k, v in call.items() if k != "index"}
        kept.update(id=own, type=call.get("type") or "function")
        function = call.get("function")
        if isinstance(function, dict):
            kept["function"] = {**function, "arguments": arguments(function.get("arguments"))}
        whole.append(kept)
    return whole


def citations(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Perplexity's sources as OpenAI's annotations; it says nothing of where they are cited."""
    found = body.get("citations")
    results = body.get("search_results")
    titles = {
        str(result.get("url")): result.get("title")
        for result in (results if isinstance(results, list) else ())
        if isinstance(result, dict)
    }
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "url": url,
                "title": titles.get(url) or "",
                "start_index": 0,
                "end_index": 0,
            },
        }
        for url in (found if isinstance(found, list) else ())
        if isinstance(url, str)
    ]
