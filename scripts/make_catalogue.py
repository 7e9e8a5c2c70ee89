"""Writes ``orouter/providers/catalogue.json`` from pydantic's genai-prices: ``make catalogue``.

The result is a file and not an import, because importing genai-prices costs 0.2 s and 32 MB in each
process, and reading the file a few milliseconds. What genai-prices does not know (which models are
worth listing) stands in ``LISTED`` and ``UNLISTED``.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import genai_prices.types as prices
from genai_prices.data_snapshot import get_snapshot

TARGET = Path(__file__).parent.parent / "orouter" / "providers" / "catalogue.json"
PROVIDERS = ("openai", "anthropic", "google", "openrouter")
LISTED = {
    "openai": re.compile(r"gpt-[3-9]|o[1-9]|chatgpt-4o-latest|gpt-(audio|chat)"),
    "anthropic": re.compile(r"claude-(haiku|sonnet|opus|fable|mythos)-"),
    "google": re.compile(r"gemini-([3-9]|2\.5)|gemma-[4-9]"),
    "openrouter": re.compile(r"[^:]+$"),
}
# Not for chat completions, or withdrawn by their makers.
UNLISTED = re.compile(
    r"embedding|tts|whisper|image|moderation|realtime|transcri|live|instruct|codex|computer-use"
    r"|deep-research|search-api|-pro$|cyber|rosalind|robotics|omni|lyria|nano-banana|-maas"
    r"|gpt-4-32k|gpt-4-vision|gpt-3\.5-(0301|turbo-)|gpt-4\.5|o1-(preview|mini)|:extended|gpt-oss|\.ft-"
    r"|claude-(2|3)|palm-2|gemini-(flash-)?1\.5|gemini-pro|mini-audio|4o-audio"
)
UNLISTED_EXCEPT = re.compile(r"gemini-.*-pro$")
PRICES = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cached": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
    "reasoning": "output_reasoning_mtok",
    "audio_input": "input_audio_mtok",
    "audio_output": "output_audio_mtok",
}
NANO = 10**9

Clause = tuple[str, str]


def clauses(match: Any) -> Iterator[tuple[Clause, ...]]:
    """Alternatives of conditions that must all hold: the matching rule in disjunctive form."""
    if isinstance(match, prices.ClauseOr):
        for alternative in match.or_:
            yield from clauses(alternative)
    elif isinstance(match, prices.ClauseAnd):
        for choice in product(*(list(clauses(part)) for part in match.and_)):
            yield tuple(clause for part in choice for clause in part)
    elif isinstance(match, prices.ClauseRegex):
        yield (("regex", match.regex),)
    else:
        ((kind, text),) = vars(match).items()
        yield ((kind, text.lower()),)


def rate(value: Any, above: int) -> int | None:
    """Nano-USD per million tokens, for prompts of more than ``above`` tokens."""
    if isinstance(value, prices.TieredPrices):
        value = next((t.price for t in reversed(value.tiers) if t.start <= above), value.base)
    return None if value is None else int(value * NANO)


def rates(price: Any, above: int) -> dict[str, int]:
    """One tier's rates."""
    found = {name: rate(getattr(price, key, None), above) for name, key in PRICES.items()}
    return {name: value for name, value in found.items() if value is not None}


def price_of(model: Any, now: datetime) -> dict[str, Any] | None:
    """The price in force now, None if input or output has none."""
    price = model.get_prices(now)
    base = rates(price, -1)
    if not base and model.id.endswith(":free"):
        base = {"input": 0, "output": 0}
    if "input" not in base or "output" not in base:
        return None
    tiered = [getattr(price, key, None) for key in PRICES.values()]
    starts = sorted(
        {tier.start for v in tiered if isinstance(v, prices.TieredPrices) for tier in v.tiers}
    )
    found: dict[str, Any] = {"base": base}
    if starts:
        found["tiers"] = [{"above": start, "rates": rates(price, start)} for start in starts]
    if price.web_searches_kcount is not None:
        found["web_search"] = int(price.web_searches_kcount * NANO)
    if getattr(price, "requests_kcount", None) is not None:
        found["request"] = int(price.requests_kcount * NANO / 1000)
    return found


def is_listed(provider: str, model: Any, price: Any) -> bool:
    """Whether the model is current and answers chats."""
    if model.deprecated or price is None or not LISTED[provider].match(model.id):
        return False
    if provider == "openrouter":
        return model.context_window is not None and not re.search(r"claude-(2|3)", model.id)
    return not UNLISTED.search(model.id) or bool(UNLISTED_EXCEPT.match(model.id))


def row(provider: str, model: Any, contexts: dict[str, int], now: datetime) -> dict[str, Any]:
    """One model of the file."""
    price = price_of(model, now)
    context = model.context_window or contexts.get(f"{provider}/{model.id}")
    found = {
        "id": model.id,
        "match": list(clauses(model.match)),
        "listed": is_listed(provider, model, price),
        "context": context,
        "price": price,
    }
    return {name: value for name, value in found.items() if value}


def main() -> None:
    """Writes the file, a line for each model, so that a new version shows what changed."""
    now = datetime.now(UTC)
    known = {provider.id: provider for provider in get_snapshot().providers}
    contexts = {m.id: m.context_window for m in known["openrouter"].models if m.context_window}
    parts = []
    for name in PROVIDERS:
        models = [m for m in known[name].models if not m.id.endswith(":batch")]
        rows = ",\n".join(json.dumps(row(name, m, contexts, now)) for m in models)
        parts.append(f'"{name}": [\n{rows}\n]')
    head = {"source": f"genai-prices {version('genai-prices')}", "made": now.date().isoformat()}
    body = ",\n".join(parts)
    TARGET.write_text(f'{json.dumps(head)[:-1]}, "models": {{\n{body}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
