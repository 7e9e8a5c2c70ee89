"""What people write, and what is meant by it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies

from orouter.cli import values

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "number"),
    [("5000", 5000), ("5k", 5000), ("1.5M", 1_500_000), ("2_000", 2000), ("1,000", 1000), ("0", 0)],
)
def test_counts(text, number):
    assert values.count(text) == number


@pytest.mark.parametrize(
    ("text", "amount"), [("$100", "100"), ("12.50", "12.50"), ("2k", "2000"), ("3 USD", "3")]
)
def test_money_is_exact(text, amount):
    assert values.money(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "hours"), [("24h", 24), ("90d", 2160), ("1h30m", 1.5), ("2w", 336), ("0s", 0)]
)
def test_durations(text, hours):
    assert values.duration(text) == timedelta(hours=hours)


def test_a_day_begins_in_its_zone():
    assert values.moment("2026-11-01", BERLIN) == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert values.moment("2026-11-01T12:00Z", BERLIN) == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_how_long_ago():
    before = datetime.now(UTC)
    moment = values.moment("90d", UTC)
    assert before <= moment + timedelta(days=90) <= datetime.now(UTC)


def test_an_expiry_is_a_day_to_its_end_a_duration_or_never():
    assert values.expiry("2027-01-31", BERLIN) == datetime(2027, 1, 31, 23, tzinfo=UTC)
    assert values.expiry("never", UTC) is None
    in_a_day = values.expiry("24h", UTC)
    assert in_a_day is not None
    assert timedelta(hours=23) < in_a_day - datetime.now(UTC) <= timedelta(hours=24)


@pytest.mark.parametrize("text", ["", "x", "-5", "1.5", "5kk", "1e5", "٣x", "5 5"])
def test_no_counts(text):
    with pytest.raises(ValueError, match="is not a whole number"):
        values.count(text)


@pytest.mark.parametrize("text", ["", "x", "-5", "$", "5€", "1e5"])
def test_no_amounts(text):
    with pytest.raises(ValueError, match="is not an amount"):
        values.money(text)


@pytest.mark.parametrize("text", ["", "5", "d", "5x", "-5d", "2027-02-30", "9999-12-31", "99999y"])
def test_no_expiries(text):
    with pytest.raises(ValueError, match=r"is not an? |is too long"):
        values.expiry(text, UTC)


@pytest.mark.parametrize("parse", [values.count, values.money, values.duration])
@given(text=strategies.text(max_size=12))
def test_anything_is_understood_or_refused_by_its_name(parse, text):
    try:
        parse(text)
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = repr(text)
    assert repr(text) in refusal
