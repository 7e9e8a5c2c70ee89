"""The shipped models and prices: ``catalogue.json``, made by ``make catalogue`` from genai-prices.

Rules for names are genai-prices' own: a dated or suffixed name finds the model that it is a version
of. The file is read at the first use, in a few milliseconds.
"""

import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
from msgspec import Struct

from orouter.providers.prices import Price

MAX_REMEMBERED = 4096

_VERSION = re.compile(r"-(20\d{6}|20\d\d-\d\d-\d\d|latest|\d{3,4})$")
_COMPACT_DATE = re.compile(r"-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)")

_PATTERNS: Mapping[str, Callable[[str], str]] = {
    "equals": lambda text: rf"\A{re.escape(text)}\Z",
    "starts_with": lambda text: rf"\A{re.escape(text)}",
    "ends_with": lambda text: rf"{re.escape(text)}\Z",
    "contains": re.escape,
    "regex": lambda pattern: f"(?:{pattern})",
}
"""What a condition's text means, by how it is meant: to be searched for in a name."""


@cache
def _condition(how: str, text: str) -> re.Pattern[str]:
    return re.compile(_PATTERNS[how](text))


class ShippedModel(Struct, frozen=True, kw_only=True):
    """One model of the file.

    ``match``: alternatives of (how, text) conditions that must all hold; ``listed``: it is current
    and answers chats; ``context`` in tokens.
    """

    id: str
    match: tuple[tuple[tuple[str, str], ...], ...]
    listed: bool = False
    context: int | None = None
    price: Price | None = None

    def is_named(self, name: str) -> bool:
        """Whether this very name, in lower case, is one of the model's."""
        return name == self.id or name in self.names()

    def names(self) -> list[str]:
        """What it is called besides its id."""
        return [rule[0][1] for rule in self.match if len(rule) == 1 and rule[0][0] == "equals"]

    def is_of_family(self, name: str) -> bool:
        """Whether ``name``, in lower case, is a version of it, by one of its rules."""
        for rule in self.match:
            for how, text in rule:
                if not _condition(how, text).search(name):
                    break
            else:
                return True
        return False


class Snapshot(Struct, frozen=True, kw_only=True):
    """The file: models by provider type; ``made`` is the day of its prices."""

    source: str
    made: date
    models: Mapping[str, tuple[ShippedModel, ...]]


@cache
def shipped() -> Snapshot:
    """The snapshot of this version."""
    text = files("orouter.providers").joinpath("catalogue.json").read_bytes()
    return msgspec.json.decode(text, type=Snapshot)


@cache
def made_at() -> int:
    """When its prices were: seconds since the epoch."""
    day = datetime.combine(shipped().made, datetime.min.time(), UTC)
    return int(day.timestamp())


@cache
def by_id(kind: str) -> Mapping[str, ShippedModel]:
    """The shipped models of a provider type by their ids."""
    return {model.id: model for model in shipped().models.get(kind, ())}


def knows(kind: str, model: str) -> bool:
    """Whether the name is a model's own, retired or not, or a dated version of it."""
    found = find(kind, model)
    name = model.lower()
    return found is not None and (found.is_named(name) or _VERSION.search(name) is not None)


class _Rules(NamedTuple):
    """The models of a provider type: by name, and those that rules find; each with its place.

    A name that has nothing of ``beginnings``, the first conditions of the rules, is of no family.
    """

    named: Mapping[str, tuple[int, ShippedModel]]
    families: tuple[tuple[int, ShippedModel], ...]
    beginnings: re.Pattern[str]


@cache
def _rules(kind: str) -> _Rules:
    named: dict[str, tuple[int, ShippedModel]] = {}
    families = []
    for place in enumerate(shipped().models.get(kind, ())):
        names = place[1].names()
        for name in names:
            named.setdefault(name, place)
        if len(names) < len(place[1].match):
            families.append(place)
    firsts = [_condition(*rule[0]).pattern for _, model in families for rule in model.match]
    return _Rules(named, tuple(families), re.compile("|".join(firsts) or r"(?!)"))


def _first(kind: str, name: str) -> ShippedModel | None:
    """The first in the file's order that is called so, or to whose family the name belongs."""
    rules = _rules(kind)
    place, found = rules.named.get(name, (sys.maxsize, None))
    if not rules.beginnings.search(name):
        return found
    for before, family in rules.families:
        if before >= place:
            break
        if family.is_of_family(name):
            return family
    return found


@lru_cache(maxsize=MAX_REMEMBERED)
def find(kind: str, model: str) -> ShippedModel | None:
    """The model that a provider of type ``kind`` knows as ``model``, None if there is none."""
    if model in by_id(kind):
        return by_id(kind)[model]
    name = model.lower()
    spellings = (name, _COMPACT_DATE.sub(r"-\1-\2-\3", name), name.partition(":")[0])
    return next(filter(None, (_first(kind, each) for each in dict.fromkeys(spellings))), None)
