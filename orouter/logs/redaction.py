"""No secret leaves: known values and everything that looks like a credential become ``***``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

_SHAPES = re.compile(
    r"""
    \b(or(?:k|at|as|al)_)[0-9A-Za-z_.-]{6,}                              # secrets of our own
    | \b(sk-ant-|sk-or-|sk-proj-|sk-|AIza|ya29\.)[0-9A-Za-z_.-]{6,}       # API keys, by prefix
    | \b((?i:bearer|basic)\s+)(?=\S{6})[^\s"',;\\]+                       # authorization headers
    | ((?i:x-api-key|x-goog-api-key|api-key)['"]?\s*[:=,]\s*b?['"]?)[^\s"',;\\]+
    | ([?&](?i:key|api_key|apikey|token|access_token)=)[^&\s"'\\]+        # query strings
    | (\b[a-z][a-z0-9+.-]*://[^\s/:@"']*:)[^\s/"']+(?=@)                  # passwords in URLs
    """,
    re.VERBOSE,
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARK = "***"
_SHORTEST = 6
"""Shorter values are not searched for: they would blank out ordinary words."""
_LONGEST = 2_000
_LONGEST_TRACEBACK = 20_000
_DEEPEST = 6
_WIDEST = 100

_known: set[str] = set()
_values: list[re.Pattern[str]] = []
"""One pattern of all known values, or none."""


def keep_secret(value: str) -> None:
    """From now on this value, also URL-quoted, appears in no log line."""
    if len(value) >= _SHORTEST and value not in _known:
        _known.update((value, quote(value, safe="")))
        longest_first = sorted(_known, key=len, reverse=True)
        _values[:] = [re.compile("|".join(map(re.escape, longest_first)))]
        redact_short.cache_clear()


def redact(text: str) -> str:
    """The text without secrets; what a credential begins with stays, to tell which kind it was."""
    return _SHAPES.sub(_shape, redact_known(text))


def redact_known(text: str) -> str:
    """The text without the values given to ``keep_secret``, whatever they look like."""
    for values in _values:
        text = values.sub(_MARK, text)
    return text


def _shape(match: re.Match[str]) -> str:
    return (match[match.lastindex] if match.lastindex else "") + _MARK


redact_short = lru_cache(maxsize=2048)(redact)
"""For short values that repeat, such as the names of models."""


def clean(event: Mapping[str, Any]) -> dict[str, Any]:
    """A log event without secrets and control characters in any string, none of them too long."""
    cleaned = {
        _text(str(key)): _value(value, 0) for key, value in event.items() if key != "exception"
    }
    if "exception" in event:
        cleaned["exception"] = _traceback(str(event["exception"]))
    return cleaned


def _value(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping) and depth < _DEEPEST:
        pairs = list(value.items())[:_WIDEST]
        return {_text(str(key)): _value(inner, depth + 1) for key, inner in pairs}
    if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
        return [_value(inner, depth + 1) for inner in list(value)[:_WIDEST]]
    return _text(repr(value))


def _text(text: str) -> str:
    text = redact(text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text)} characters)"
    return _CONTROLS.sub(_escape, text)


def _traceback(text: str) -> str:
    """Keeps the lines of a traceback, set in so that none of them can pass for an event."""
    text = redact(text)
    if len(text) > _LONGEST_TRACEBACK:
        half = _LONGEST_TRACEBACK // 2
        text = f"{text[:half]}\n… ({len(text)} characters)\n{text[-half:]}"
    return "\n".join("  " + _CONTROLS.sub(_escape, line) for line in text.split("\n"))


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
