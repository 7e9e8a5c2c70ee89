"""Balanced estimates are upper bounds for ordinary text."""

import pytest

from orouter.usage.estimates import BALANCED_OUTPUT, estimate


@pytest.mark.parametrize(
    ("asked", "most", "output"),
    [
        (None, 64_000, BALANCED_OUTPUT),
        (None, 1000, 1000),
        (500, 64_000, 500),
        (20_000, 64_000, 20_000),
        (20_000, 8000, 8000),
    ],
)
def test_the_answer_is_bounded_by_caller_and_model(
    asked: int | None, most: int, output: int
) -> None:
    assert estimate(1, asked, most).completion_tokens == output


def test_a_token_is_ordinarily_three_bytes() -> None:
    assert estimate(100, 1, 1).prompt_tokens == 34
    assert estimate(0, 1, 1).prompt_tokens == 0
