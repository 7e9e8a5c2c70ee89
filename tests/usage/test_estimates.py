"""Estimates are upper bounds: the strict ones always, the balanced ones for ordinary text."""

import pytest

from orouter.usage.estimates import BALANCED_OUTPUT, estimate


@pytest.mark.parametrize(
    ("asked", "most", "strict", "output"),
    [
        (None, 64_000, False, BALANCED_OUTPUT),
        (None, 1000, False, 1000),
        (500, 64_000, False, 500),
        (20_000, 64_000, False, 20_000),
        (20_000, 8000, False, 8000),
        (None, 64_000, True, 64_000),
        (500, 64_000, True, 500),
    ],
)
def test_the_answer_is_bounded_by_caller_and_model(
    asked: int | None, most: int, strict: bool, output: int
) -> None:
    assert estimate(1, asked, most, strict=strict).completion_tokens == output


def test_a_token_is_at_least_a_byte_and_ordinarily_three() -> None:
    assert estimate(100, 1, 1, strict=True).prompt_tokens == 100
    assert estimate(100, 1, 1).prompt_tokens == 34
    assert estimate(0, 1, 1).prompt_tokens == 0
