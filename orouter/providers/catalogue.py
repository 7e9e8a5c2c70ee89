"""Which models there are, by the names that callers say: ``provider/model``.

Shipped models of the configured providers, the operator's additions and corrections, aliases. A
lookup is one dictionary access; only a name that nobody knows costs more.
"""

import difflib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from heapq import nlargest
from itertools import takewhile
from typing import Literal

import msgspec
from msgspec import Struct

from orouter.dialects.base import Capabilities
from orouter.errors import ModelNotFound
from orouter.providers import families
from orouter.providers.prices import Price, Rates, nano
from orouter.providers.snapshot import by_id, find, knows, made_at
from orouter.settings.schema import Model as ModelSettings
from orouter.settings.schema import Settings

MAX_REMEMBERED = 4096
MAX_NAME_CHARS = 100
SUGGESTIONS = 3
MAX_COMPARED = 50
"""Names compared letter by letter for a suggestion: those with the longest common beginning."""
MIN_LIKENESS = 0.6

SPECIFIED: Mapping[str, Mapping[str, str]] = {
    "openai": {"gpt-4": "gpt-4", "gpt-3.5-turbo": "gpt-3.5-turbo"},
    "anthropic": {"claude-3-opus": "claude-3-opus", "claude-3-sonnet": "claude-3-sonnet"},
    "google": {"gemini-pro": "gemini-pro"},
    "openrouter": {
        "gpt-4": "openai/gpt-4",
        "claude-3-opus": "anthropic/claude-3-opus",
        "auto": "openrouter/auto",
    },
    "demo": {name: name for name in ("echo", "lorem", "slow", "error-429", "error-500", "timeout")},
}
"""Names that are always there, retired or not, with the provider's own; the rest is shipped."""

DEMO_PRICE = Price(base=Rates(input=nano("0.10"), output=nano("0.40")))
DEMO_CONTEXT = 128_000


class Entry(Struct, frozen=True, kw_only=True):
    """One model of one configured provider; ``context`` and ``max_output`` in tokens."""

    name: str
    """As callers say it."""
    provider: str
    """The name under ``providers:``."""
    kind: str
    """The provider's type."""
    upstream: str
    """As the provider says it."""
    context: int | None = None
    max_output: int | None = None
    price: Price | None = None
    capabilities: Capabilities = Capabilities()
    enabled: bool = True
    origin: Literal["shipped", "config", "unlisted"] = "shipped"
    created: int = 0
    """Seconds since the epoch: when the catalogue learnt of it, for OpenAI's list."""

    @property
    def features(self) -> dict[str, bool]:
        """What a caller may use, for ``GET /v1/models``."""
        can = self.capabilities
        return {
            "reasoning": can.thinking != "none",
            "structured_output": can.structured_output,
            "temperature": can.sampling != "none",
            "logprobs": can.logprobs,
            "many_choices": can.many_choices,
        }


class Source(Struct, frozen=True, kw_only=True):
    """A configured provider, as far as naming models depends on it."""

    name: str
    kind: str
    allow_unlisted: bool = False


class Catalogue:
    """Built from the settings, replaced whole when they change.

    ``models`` are the operator's additions and corrections. What comes of one is worked out when it
    is asked for: thousands of them cost a worker nothing before.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        sources: Iterable[Source],
        aliases: Mapping[str, str],
        models: Mapping[str, ModelSettings] | None = None,
    ) -> None:
        self._shipped = {entry.name: entry for entry in entries}
        self._sources = {source.name: source for source in sources}
        self._models = {
            name: model
            for name, model in (models or {}).items()
            if _provider_of(name) in self._sources
        }
        self._aliases = dict(aliases)
        self._entries = {
            name: entry for name, entry in self._shipped.items() if name not in self._models
        }
        self._unlisted: dict[str, Entry] = {}
        self._refusals: dict[str, str] = {}

    @classmethod
    def build(cls, settings: Settings) -> "Catalogue":
        """The catalogue of these settings."""
        sources = [
            Source(name=name, kind=p.type, allow_unlisted=p.allow_unlisted_models)
            for name, p in settings.providers.items()
            if p.enabled
        ]
        entries = [entry for source in sources for entry in shipped_entries(source)]
        return cls(entries, sources, settings.aliases, settings.models)

    def entries(self) -> list[Entry]:
        """Every model, also those that are switched off."""
        for name in self._models.keys() - self._entries.keys():
            self._work_out(name)
        return [self._entries[name] for name in dict.fromkeys([*self._shipped, *self._models])]

    def listed(self) -> list[Entry]:
        """What is offered, in the order of the configuration."""
        return [entry for entry in self.entries() if entry.enabled]

    def has(self, name: str) -> bool:
        """Whether this is the full name of a shipped or configured model."""
        return name in self._entries or name in self._models

    def resolve(self, name: str) -> Entry:
        """The model that a caller means; raises ModelNotFound with the nearest names."""
        name = self._aliases.get(name, name)
        entry = self._entries.get(name)
        if entry is None:
            entry = self._work_out(name) if name in self._models else self._unlisted.get(name)
        if entry is not None and entry.enabled:
            return entry
        if entry is not None:
            raise ModelNotFound(f"The model '{name}' is switched off here.", param="model")
        return self._pass_on(name)

    def offers(self, name: str) -> list[Entry]:
        """The model that a caller means, then the same model at other configured providers.

        A name that begins with an OpenRouter provider means that one only.
        """
        entry = self.resolve(name)
        if entry.kind in ("openrouter", "compatible", "demo"):
            return [entry]
        others = self._same.get(_model_of(entry), ())
        return [entry, *(other for other in others if other.name != entry.name)]

    @cached_property
    def _same(self) -> Mapping[tuple[str, str], list[Entry]]:
        found: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.listed():
            found.setdefault(_model_of(entry), []).append(entry)
        return found

    def _work_out(self, name: str) -> Entry:
        """What comes of what the operator says of that model."""
        known = self._shipped.get(name) or entry_for(self._sources[_provider_of(name)], name)
        entry = self._entries[name] = corrected(known, self._models[name])
        return entry

    def _pass_on(self, name: str) -> Entry:
        source, model = self._sources.get(_provider_of(name)), name.partition("/")[2]
        if source is None or not model or not _is_let_through(source, model):
            raise ModelNotFound(self._refusal(name), param="model")
        if len(self._unlisted) >= MAX_REMEMBERED:
            self._unlisted.clear()
        entry = msgspec.structs.replace(entry_for(source, name), origin="unlisted")
        self._unlisted[name] = entry
        return entry

    def _refusal(self, name: str) -> str:
        """Remembered: a client with a wrong name asks again and again, and likeness takes ms."""
        if name not in self._refusals:
            if len(self._refusals) >= MAX_REMEMBERED:
                self._refusals.clear()
            self._refusals[name] = self._unknown(name)
        return self._refusals[name]

    def _unknown(self, name: str) -> str:
        shown = name[:MAX_NAME_CHARS]
        offered = [entry.name for entry in self.listed()] + list(self._aliases)
        near = [each for each in offered if each.endswith("/" + shown)][:SUGGESTIONS]
        if not near:
            likely = nlargest(MAX_COMPARED, offered, key=lambda each: _common(each, shown))
            near = difflib.get_close_matches(shown, likely, SUGGESTIONS, MIN_LIKENESS)
        hint = f" Did you mean {' or '.join(near)}?" if near else " GET /v1/models lists them."
        return f"The model '{shown}' does not exist here.{hint}"


def _is_let_through(source: Source, model: str) -> bool:
    """Whether an unlisted name goes to the provider.

    With ``allow_unlisted_models``, as OpenRouter's ``vendor/model``, and as a retired or dated name
    of a shipped model, of which the provider's own answer decides.
    """
    if source.allow_unlisted or (source.kind == "openrouter" and "/" in model):
        return True
    return knows(source.kind, model)


def _common(one: str, other: str) -> int:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in pairs)


def shipped_entries(source: Source) -> list[Entry]:
    """What orouter knows of a provider without being told."""
    models = {model.id: model.id for model in by_id(source.kind).values() if model.listed}
    models |= SPECIFIED.get(source.kind, {})
    return [entry_for(source, f"{source.name}/{name}", up) for name, up in models.items()]


def entry_for(source: Source, name: str, upstream: str | None = None) -> Entry:
    """The model as far as it is known by its name."""
    upstream = upstream or name.partition("/")[2]
    capabilities = families.capabilities(source.kind, upstream)
    entry = Entry(
        name=name,
        provider=source.name,
        kind=source.kind,
        upstream=upstream,
        max_output=capabilities.max_output,
        capabilities=capabilities,
        created=made_at(),
    )
    if source.kind == "demo":
        return msgspec.structs.replace(entry, price=DEMO_PRICE, context=DEMO_CONTEXT)
    known = find(source.kind, upstream)
    if known is None:
        return entry
    return msgspec.structs.replace(entry, price=known.price, context=known.context)


def corrected(entry: Entry, model: ModelSettings) -> Entry:
    """The entry with the operator's values."""
    if model.upstream is not None and model.upstream != entry.upstream:
        source = Source(name=entry.provider, kind=entry.kind)
        entry = entry_for(source, entry.name, model.upstream)
    given = model.capabilities.model_dump(exclude_none=True)
    capabilities = entry.capabilities
    if given:
        capabilities = msgspec.structs.replace(capabilities, **given)
    return msgspec.structs.replace(
        entry,
        context=model.context or entry.context,
        max_output=model.max_output or capabilities.max_output,
        price=_price(entry.price, model),
        capabilities=capabilities,
        enabled=model.enabled,
        origin="config",
    )


def _price(known: Price | None, model: ModelSettings) -> Price | None:
    """The operator's price; its tiers are gone where he names input or output.

    Half of a price is none: what the other half costs is not known, which is not nothing.
    """
    given: dict[str, Decimal | None] = {
        "input": model.input_per_mtok,
        "output": model.output_per_mtok,
        "cached": model.cached_input_per_mtok,
        "cache_write": model.cache_write_per_mtok,
    }
    rates = {name: nano(value) for name, value in given.items() if value is not None}
    if not rates:
        return known
    if known is not None:
        return Price(
            base=msgspec.structs.replace(known.base, **rates),
            request=known.request,
            web_search=known.web_search,
        )
    return Price(base=Rates(**rates)) if {"input", "output"} <= rates.keys() else None


def _provider_of(name: str) -> str:
    return name.partition("/")[0]


def _model_of(entry: Entry) -> tuple[str, str]:
    """Maker and model, the same for one model at its maker and at OpenRouter."""
    maker, model = entry.kind, entry.upstream
    if entry.kind == "openrouter":
        maker, _, model = entry.upstream.partition("/")
    return maker, model.replace(".", "-")
