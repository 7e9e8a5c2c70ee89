"""Reading without trust: odd JSON is read, counts that are none read as 0 and are flagged."""

import math
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.readings import MAX_TOKENS, Figures, json_as, parse
from orouter.errors import UpstreamError

ANYTHING = msgspec.json.Decoder(dict[str, Any])


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'{"a": -Infinity}', {"a": -math.inf}),
        (b'{"a": 1e999}', {"a": math.inf}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'{"a": "\\ud83d", "b": "\\ud83c\\udf88"}', {"a": "\ufffd", "b": "🎈"}),
    ],
)
def test_what_nearly_is_json_is_read(body: bytes, value: object) -> None:
    assert parse(body) == json_as(body, ANYTHING) == value


def test_what_is_no_number_is_null_again_when_it_is_passed_on() -> None:
    assert msgspec.json.encode(parse(b'{"a": NaN, "b": 1e999}')) == b'{"a":null,"b":null}'


@given(st.binary(max_size=200))
def test_any_body_can_be_parsed(body: bytes) -> None:
    parse(body)
    with suppress(UpstreamError):
        json_as(body, ANYTHING)


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"[1]", b'{"a":', b"[" * 100_000, b"\xff"]
)
def test_the_rest_is_the_providers_fault(body: bytes) -> None:
    assert not isinstance(parse(body), dict)
    with pytest.raises(UpstreamError, match="could not be read"):
        json_as(body, ANYTHING)


@pytest.mark.parametrize("value", [-5, 1e30, "12", "NaN", float("nan"), True, [], {}])
def test_an_implausible_figure_reads_as_nothing(value: object) -> None:
    figures = Figures({"tokens": value})
    assert figures["tokens"] == 0
    assert figures.flawed


@pytest.mark.parametrize(
    ("value", "count"), [(0, 0), (12, 12), (12.0, 12), (None, 0), (MAX_TOKENS, MAX_TOKENS)]
)
def test_a_plausible_figure_is_kept(value: object, count: int) -> None:
    figures = Figures({"tokens": value})
    assert figures["tokens"] == count
    assert not figures.flawed


def test_details_may_be_absent_but_not_something_else() -> None:
    figures = Figures({"details": {"cached": 3}, "odd": [1]})
    assert figures.nested("details")["cached"] == 3
    assert figures.nested("absent")["cached"] == 0
    assert not figures.flawed
    assert figures.nested("odd")["cached"] == 0
    assert figures.flawed


def test_usage_that_is_no_object_is_flawed() -> None:
    assert Figures("many").flawed
