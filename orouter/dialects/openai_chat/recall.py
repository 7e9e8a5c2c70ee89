"""Reasoning that clients may drop and OpenRouter wants back with the results of its calls."""

from collections.abc import Iterable, Mapping
from typing import Any

from orouter.dialects.base import Recalled

APPENDED = ("text", "summary", "data")


def recalled(details: Iterable[Any], call_ids: Iterable[str]) -> tuple[Recalled, ...]:
    """One entry for each call of a message that came with reasoning."""
    kept = tuple(detail for detail in details if isinstance(detail, dict))
    return tuple(Recalled(call_id=call_id, details=kept) for call_id in call_ids) if kept else ()


class DetailCollector:
    """Joins the fragments of a stream's ``reasoning_details`` into whole ones.

    Fragments of one detail share ``index`` and ``type``; texts are appended, other fields replace.
    """

    __slots__ = ("_details",)

    def __init__(self) -> None:
        self._details: dict[str, dict[str, Any]] = {}

    def add(self, fragments: Iterable[Any]) -> None:
        """Takes the fragments of one chunk."""
        for fragment in fragments:
            if isinstance(fragment, dict):
                self._join(fragment)

    def _join(self, fragment: Mapping[str, Any]) -> None:
        # As text, because what an upstream sends here need not be hashable.
        key = str([fragment.get(name) for name in ("index", "type", "id")])
        if fragment.get("index") is None:
            key += str(len(self._details))
        detail = self._details.setdefault(key, {})
        for name, value in fragment.items():
            if name in APPENDED and isinstance(value, str):
                detail[name] = (detail.get(name) or "") + value
            elif value is not None or name not in detail:
                detail[name] = value

    def details(self) -> list[dict[str, Any]]:
        """The details so far, in the order in which they began."""
        return list(self._details.values())
