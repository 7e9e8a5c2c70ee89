"""What is taken out of a log event."""

import pytest

from orouter.logs.redaction import clean, keep_secret, redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key ork_AbCdEf0123456789 used", "key ork_*** used"),
        ("sk-ant-api03-abc_DEF-123.", "sk-ant-***"),
        ("sk-proj-abcdefgh", "sk-proj-***"),
        ("sk-abcdefgh)", "sk-***)"),
        ("AIzaSyA-1234567890_abc", "AIza***"),
        ("Authorization: Bearer abc.def.ghi", "Authorization: Bearer ***"),
        ("{'x-api-key': 'abcdef123', 'a': 'b'}", "{'x-api-key': '***', 'a': 'b'}"),
        ("(b'x-goog-api-key', b'abcdef123')", "(b'x-goog-api-key', b'***')"),
        ("https://g/v1?key=abc&alt=sse", "https://g/v1?key=***&alt=sse"),
        ("mysql://u:p%40ss@h:3306/d", "mysql://u:***@h:3306/d"),
        ("redis://:hunter2@h", "redis://:***@h"),
        ("a bearer of bad news", "a bearer of bad news"),
        ("https://h:8000/x@y", "https://h:8000/x@y"),
        ("task-force risk-averse", "task-force risk-averse"),
    ],
)
def test_credentials_are_known_by_their_shape(text, shown):
    assert redact(text) == shown


def test_known_values_are_found_anywhere_also_quoted():
    keep_secret("correct horse/battery")
    assert redact("<correct horse/battery>") == "<***>"
    assert redact("?q=correct%20horse%2Fbattery") == "?q=***"


def test_short_values_are_not_searched_for():
    keep_secret("abc")
    assert redact("abc") == "abc"


def test_every_place_of_an_event_is_cleaned():
    keep_secret("canary-canary")
    event = {
        "event": "canary-canary",
        "canary-canary": 1,
        "nested": {"deep": ["canary-canary", {"canary-canary": ("canary-canary",)}]},
        "bytes": b"canary-canary",
        "object": ValueError("canary-canary"),
        "exception": "Traceback\nValueError: canary-canary",
    }
    assert "canary" not in repr(clean(event))


def test_numbers_stay_numbers():
    event = {"a": 1, "b": 0.5, "c": None, "d": True}
    assert clean(event) == event


def test_control_characters_cannot_forge_a_line_or_move_the_cursor():
    cleaned = clean({"event": "a\r\nb\x1b[2J\u202e", "exception": "E: x\n2026 [info] forged\x1b"})
    assert cleaned["event"] == "a\\r\\nb\\x1b[2J\\u202e"
    assert cleaned["exception"] == "  E: x\n  2026 [info] forged\\x1b"


def test_long_and_deep_values_are_cut():
    cyclic: dict[str, object] = {}
    cyclic["self"] = cyclic
    cleaned = clean({"event": "x" * 3000, "many": list(range(1000)), "deep": cyclic})
    assert len(cleaned["event"]) < 2100
    assert cleaned["event"].endswith("… (3000 characters)")
    assert len(cleaned["many"]) == 100
    assert len(repr(cleaned["deep"])) < 300


def test_a_long_traceback_keeps_its_beginning_and_its_end():
    text = "Traceback\n" + "line\n" * 10_000 + "ValueError: the reason"
    exception = clean({"exception": text})["exception"]
    assert exception.startswith("  Traceback")
    assert exception.endswith("ValueError: the reason")
    assert len(exception) < 40_000
