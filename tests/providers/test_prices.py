"""Costs are exact: one rounding, half up, against rational arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.base import Usage
from orouter.providers.prices import NANO, Price, Rates, Tier, cost, nano, pricing, usd

rate = st.integers(0, 10**12)
optional = st.none() | rate
rates = st.builds(
    Rates,
    input=rate,
    output=rate,
    cached=optional,
    cache_write=optional,
    cache_write_1h=optional,
    reasoning=optional,
)
tokens = st.integers(0, 10**7)


def _exact(r: Rates, parts: dict[str, int]) -> Fraction:
    written = r.input if r.cache_write is None else r.cache_write
    by_part = {
        "plain": r.input,
        "cached": r.input if r.cached is None else r.cached,
        "written": written,
        "hour": written if r.cache_write_1h is None else r.cache_write_1h,
        "answer": r.output,
        "reasoning": r.output if r.reasoning is None else r.reasoning,
    }
    return sum(
        (Fraction(by_part[name] * count, 10**6) for name, count in parts.items()), Fraction(0)
    )


@given(
    rates,
    st.fixed_dictionaries(
        dict.fromkeys(("plain", "cached", "written", "hour", "answer", "reasoning"), tokens)
    ),
)
def test_cost_is_the_exact_sum_rounded_once(r: Rates, parts: dict[str, int]) -> None:
    usage = Usage(
        prompt_tokens=parts["plain"] + parts["cached"] + parts["written"] + parts["hour"],
        completion_tokens=parts["answer"] + parts["reasoning"],
        cached_tokens=parts["cached"],
        cache_write_tokens=parts["written"] + parts["hour"],
        cache_write_1h_tokens=parts["hour"],
        reasoning_tokens=parts["reasoning"],
    )
    assert cost(Price(base=r), usage) == int(_exact(r, parts) + Fraction(1, 2))


@given(rates, tokens, tokens, tokens)
def test_a_part_larger_than_its_whole_costs_no_more_than_the_dearest_rate(
    r: Rates, prompt: int, cached: int, written: int
) -> None:
    usage = Usage(prompt_tokens=prompt, cached_tokens=cached, cache_write_tokens=written)
    amount = cost(Price(base=r), usage)
    dearest = max(r.input, r.cached or 0, r.cache_write or 0)
    assert amount is not None
    assert 0 <= amount <= (prompt * dearest + 10**6) // 10**6


def test_half_a_nano_dollar_is_rounded_up() -> None:
    price = Price(base=Rates(input=500_000, output=499_999))
    assert cost(price, Usage(prompt_tokens=1)) == 1
    assert cost(price, Usage(completion_tokens=1)) == 0


@pytest.mark.parametrize(("prompt", "expected"), [(200_000, 200_000), (200_001, 400_002)])
def test_a_tier_holds_for_the_whole_request_above_its_threshold(prompt: int, expected: int) -> None:
    low, high = Rates(input=10**6, output=10**6), Rates(input=2 * 10**6, output=2 * 10**6)
    price = Price(base=low, tiers=(Tier(above=200_000, rates=high),))
    assert cost(price, Usage(prompt_tokens=prompt)) == expected


def test_fees_per_request_and_per_search_are_added() -> None:
    price = Price(base=Rates(input=0, output=0), request=nano("0.005"), web_search=nano(10))
    assert cost(price, Usage(web_searches=3)) == nano("0.035")


def test_audio_tokens_have_their_own_rates() -> None:
    price = Price(base=Rates(input=NANO, output=NANO, audio_input=4 * NANO, audio_output=8 * NANO))
    usage = Usage(
        prompt_tokens=10, audio_input_tokens=4, completion_tokens=10, audio_output_tokens=5
    )
    assert cost(price, usage) == (6 + 16 + 5 + 40) * 1000


def test_the_providers_own_figure_wins_and_the_unknown_stays_unknown() -> None:
    usage = Usage(prompt_tokens=10, cost_nano=7)
    assert cost(Price(base=Rates(input=NANO, output=NANO)), usage) == 7
    assert cost(None, usage) == 7
    assert cost(None, Usage(prompt_tokens=10)) is None


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0.1, 100_000_000), ("1e-9", 1), ("0.0000000005", 1), (3, 3 * NANO), ("0.0375", 37_500_000)],
)
def test_nano_reads_amounts_exactly(amount: float | str, expected: int) -> None:
    assert nano(amount) == expected


@pytest.mark.parametrize("amount", ["-1", "nan", "inf", "ten", ""])
def test_nano_refuses_what_is_no_amount(amount: str) -> None:
    with pytest.raises(ValueError, match="USD"):
        nano(amount)


@given(st.integers(0, 10**15))
def test_usd_and_nano_are_inverse(amount: int) -> None:
    assert nano(usd(amount)) == amount


def test_pricing_is_shown_per_token() -> None:
    price = Price(base=Rates(input=nano(1.25), output=nano(10), cached=nano("0.125")))
    assert pricing(price) == {
        "prompt": "0.00000125",
        "completion": "0.00001",
        "input_cache_read": "0.000000125",
    }
    assert pricing(None) is None
