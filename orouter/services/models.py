"""What can be seen of the models of the catalogue."""

from collections import Counter
from typing import Any

from sqlmodel import SQLModel

from orouter.errors import ValidationFailed
from orouter.providers.catalogue import Catalogue, Entry
from orouter.providers.prices import Rates, usd
from orouter.settings import Model, Settings

PRICES = {
    "input": "input_per_mtok",
    "output": "output_per_mtok",
    "cached": "cached_input_per_mtok",
    "cache_write": "cache_write_per_mtok",
}
"""The prices that can be set → their fields under ``models.NAME``."""


class ModelView(SQLModel):
    """A model as callers name it; prices are USD per million tokens, None if not known."""

    id: str
    provider: str
    upstream: str
    enabled: bool
    """Whether it can be asked now: its provider is switched on too."""
    input: str | None = None
    output: str | None = None
    cached: str | None = None
    cache_write: str | None = None
    context: int | None = None
    max_output: int | None = None
    origin: str
    """``shipped``, ``config`` (a file or stored values say something of it) or ``unlisted``."""


class ModelDetail(ModelView):
    """A model with everything that is known of it."""

    tiers: list[dict[str, Any]]
    """Prices of long prompts: for those of more than ``above`` tokens."""
    capabilities: dict[str, bool]
    aliases: list[str]
    fallbacks: list[str]
    set_by: dict[str, str]
    """Where corrected values come from, by field."""


def listing(settings: Settings, provider: str) -> list[ModelView]:
    """Every model of a provider."""
    entries = catalogue(settings).entries()
    return [_view(settings, entry) for entry in entries if entry.provider == provider]


def counts(settings: Settings) -> Counter[str]:
    """How many models each provider has."""
    return Counter(entry.provider for entry in catalogue(settings).entries())


def get(settings: Settings, name: str) -> ModelDetail:
    """One model by its name or alias. Raises ModelNotFound with the nearest names."""
    entry = find(settings, name)
    path = f"models.{entry.name}"
    origins = {field: settings.origin(f"{path}.{field}") for field in Model.model_fields}
    return ModelDetail(
        **_view(settings, entry).model_dump(),
        tiers=[
            {"above": tier.above, **prices(tier.rates)}
            for tier in (entry.price.tiers if entry.price else ())
        ],
        capabilities=entry.features,
        aliases=[alias for alias, target in settings.aliases.items() if target == entry.name],
        fallbacks=list(settings.fallbacks.get(entry.name, ())),
        set_by={field: origin for field, origin in origins.items() if origin != "default"},
    )


def refuse_half_a_price(settings: Settings, name: str) -> None:
    """Raise ValidationFailed where a price was given and the cost is still unknown."""
    model = settings.models.get(name)
    if model is None or find(settings, name).price is not None:
        return
    said = {field for field in PRICES.values() if getattr(model, field) is not None}
    missing = [field for field in ("input_per_mtok", "output_per_mtok") if field not in said]
    if said and missing:
        raise ValidationFailed(
            f"'{missing[0]}': without it the cost of '{name}' is not known.", param=missing[0]
        )


def find(settings: Settings, name: str) -> Entry:
    """The model of that name or alias, also one that is switched off. Raises ModelNotFound."""
    known = catalogue(settings)
    name = settings.aliases.get(name, name)
    switched_off = {entry.name: entry for entry in known.entries() if not entry.enabled}
    return switched_off.get(name) or known.resolve(name)


def catalogue(settings: Settings) -> Catalogue:
    """The catalogue as if all providers were switched on."""
    on = {name: p.model_copy(update={"enabled": True}) for name, p in settings.providers.items()}
    return Catalogue.build(settings.model_copy(update={"providers": on}))


def _view(settings: Settings, entry: Entry) -> ModelView:
    return ModelView(
        id=entry.name,
        provider=entry.provider,
        upstream=entry.upstream,
        enabled=entry.enabled and settings.providers[entry.provider].enabled,
        **prices(entry.price.base if entry.price else None),
        context=entry.context,
        max_output=entry.max_output,
        origin=entry.origin,
    )


def prices(rates: Rates | None) -> dict[str, str | None]:
    """The prices of ``PRICES``, USD per million tokens; None where one is not known."""
    found = {part: getattr(rates, part, None) for part in PRICES}
    return {part: None if rate is None else usd(rate) for part, rate in found.items()}
