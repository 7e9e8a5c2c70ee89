"""What a request costs, in integers.

All amounts are nano-USD (1 USD = 10**9); prices are nano-USD per million tokens. One rounding (half
up) per request. A price that is not known is ``None``, never zero.
"""

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from orouter.dialects.base import Usage

NANO = 10**9
PER = 10**6


class Rates(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Prices of one context tier; a part without a price of its own costs what it is part of."""

    input: int
    output: int
    cached: int | None = None
    """Input tokens read from a cache; None: as ``input``."""
    cache_write: int | None = None
    """Input tokens written to a cache; None: as ``input``."""
    cache_write_1h: int | None = None
    """The part of them kept for an hour (Anthropic); None: as ``cache_write``."""
    reasoning: int | None = None
    """Output tokens spent on reasoning; None: as ``output``."""
    audio_input: int | None = None
    audio_output: int | None = None


class Tier(Struct, frozen=True, kw_only=True):
    """Rates for requests with more than ``above`` input tokens: they hold for all their tokens."""

    above: int
    rates: Rates


class Price(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The price of a model; ``tiers`` ascend by ``above``."""

    base: Rates
    tiers: tuple[Tier, ...] = ()
    request: int = 0
    """Nano-USD for each request, whatever its size."""
    web_search: int = 0
    """Nano-USD for each thousand web searches of the provider's own."""

    def rates(self, prompt_tokens: int) -> Rates:
        """The rates for a prompt of this size."""
        chosen = self.base
        for tier in self.tiers:
            if prompt_tokens > tier.above:
                chosen = tier.rates
        return chosen


def cost(price: Price | None, usage: Usage) -> int | None:
    """Nano-USD for a request; what the provider itself charged wins; None if nobody knows."""
    if usage.cost_nano is not None:
        return usage.cost_nano
    if price is None:
        return None
    rates = price.rates(usage.prompt_tokens) if price.tiers else price.base
    millionths = _input(rates, usage) + _output(rates, usage)
    if price.request or usage.web_searches:
        millionths += price.request * PER + price.web_search * usage.web_searches * (PER // 1000)
    return (millionths + PER // 2) // PER


def most(price: Price | None, usage: Usage) -> int | None:
    """Nano-USD that nothing exceeds: as if all tokens were of the dearest kind and tier.

    Web searches are not in it, which a provider makes as it likes.
    """
    if price is None:
        return None
    tiers = (tier.rates for tier in price.tiers if usage.prompt_tokens > tier.above)
    reached = [price.base, *tiers]
    read = max(_dearest(each, *_INPUT) for each in reached)
    written = max(_dearest(each, *_OUTPUT) for each in reached)
    millionths = usage.prompt_tokens * read + usage.completion_tokens * written
    return -(-millionths // PER) + price.request


_INPUT = ("input", "cached", "cache_write", "cache_write_1h", "audio_input")
_OUTPUT = ("output", "reasoning", "audio_output")


def _dearest(rates: Rates, *kinds: str) -> int:
    return max(getattr(rates, kind) or 0 for kind in kinds)


def _input(rates: Rates, usage: Usage) -> int:
    if not (usage.cached_tokens or usage.cache_write_tokens or usage.audio_input_tokens):
        return usage.prompt_tokens * rates.input
    written = rates.input if rates.cache_write is None else rates.cache_write
    written_1h = written if rates.cache_write_1h is None else rates.cache_write_1h
    hour = min(usage.cache_write_1h_tokens, usage.cache_write_tokens)
    parts = (
        (usage.cached_tokens, rates.cached),
        (usage.cache_write_tokens - hour, written),
        (hour, written_1h),
        (usage.audio_input_tokens, rates.audio_input),
    )
    return _sum(usage.prompt_tokens, rates.input, parts)


def _output(rates: Rates, usage: Usage) -> int:
    if not (usage.reasoning_tokens or usage.audio_output_tokens):
        return usage.completion_tokens * rates.output
    parts = (
        (usage.reasoning_tokens, rates.reasoning),
        (usage.audio_output_tokens, rates.audio_output),
    )
    return _sum(usage.completion_tokens, rates.output, parts)


def _sum(total: int, rate: int, parts: tuple[tuple[int, int | None], ...]) -> int:
    """Tokens times rates; parts are never more than the total, even if a provider says so."""
    rest, amount = total, 0
    for tokens, own in parts:
        counted = max(0, min(tokens, rest))
        rest -= counted
        amount += counted * (rate if own is None else own)
    return amount + rest * rate


def nano(usd: float | str | Decimal) -> int:
    """USD as nano-USD, half up; floats by their shortest spelling, so that 0.1 is 0.1.

    Raises ValueError for what is negative or no number.
    """
    try:
        amount = Fraction(str(usd)) * NANO
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{usd!r} is not an amount in USD.") from None
    if amount < 0:
        raise ValueError(f"An amount in USD cannot be negative: {usd}.")
    return int(amount + Fraction(1, 2))


def usd(amount: int) -> str:
    """Nano-USD as a decimal string in USD, without trailing zeros: ``1250`` is ``0.00000125``."""
    whole, rest = divmod(amount, NANO)
    return f"{whole}.{rest:09d}".rstrip("0").rstrip(".")


def pricing(price: Price | None) -> dict[str, str] | None:
    """USD per token as strings, as OpenRouter's ``/models`` spells it; None if unknown."""
    if price is None:
        return None
    base = price.base
    shown = {
        "prompt": base.input,
        "completion": base.output,
        "input_cache_read": base.cached,
        "input_cache_write": base.cache_write,
        "internal_reasoning": base.reasoning,
        "audio": base.audio_input,
    }
    per_token = {name: usd_per_token(rate) for name, rate in shown.items() if rate is not None}
    if price.request:
        per_token["request"] = usd(price.request)
    if price.web_search:
        per_token["web_search"] = usd(price.web_search // 1000)
    return per_token


def usd_per_token(rate: int) -> str:
    """Nano-USD per million tokens as USD per token: ``1250000000`` is ``0.00000125``."""
    whole, rest = divmod(rate, NANO * PER)
    return f"{whole}.{rest:015d}".rstrip("0").rstrip(".")
