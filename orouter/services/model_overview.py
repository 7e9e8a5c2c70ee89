"""Models as the admin pages show them: what they cost, who says so, and how much they are used."""

from collections.abc import Callable, Mapping
from time import time_ns
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from orouter.errors import InvalidRequest
from orouter.providers.catalogue import Entry
from orouter.schemas.actor import Actor
from orouter.schemas.catalogue import (
    ModelDetail,
    ModelListing,
    ModelPrices,
    ModelPublic,
    PriceOrigin,
)
from orouter.schemas.pages import Page
from orouter.services import models, statistics
from orouter.services.models import PRICES, ModelView
from orouter.services.statistics import StatsQuery
from orouter.settings import Model, Settings
from orouter.settings.showing import origin
from orouter.usage.periods import Span

_DAY = 86_400_000_000

_SORTABLE: Mapping[str, Callable[[ModelPublic], Any]] = {
    "id": lambda model: model.id,
    "provider": lambda model: model.provider,
    "context": lambda model: model.context,
    "max_output": lambda model: model.max_output,
    "input_per_mtok": lambda model: _number(model.prices.input_per_mtok),
    "output_per_mtok": lambda model: _number(model.prices.output_per_mtok),
    "requests_30d": lambda model: model.requests_30d,
}


def listing(
    session: Session, asked: ModelListing, actor: Actor, settings: Settings, zone: ZoneInfo
) -> Page[ModelPublic]:
    """A page of the catalogue. Raises InvalidRequest for a column that is none."""
    actor.require("models.read")
    return listed(
        settings, asked, actor, _requests(session, actor, zone) if asked.include else None
    )


def listed(
    settings: Settings, asked: ModelListing, actor: Actor, used: Mapping[str, int] | None = None
) -> Page[ModelPublic]:
    """The same, with the requests that each was ``used`` for."""
    actor.require("models.read")
    found = [model for model in _all(settings) if _passes(model, asked)]
    if used is not None:
        for model in found:
            model.requests_30d = used.get(model.id, 0)
    first = (asked.page - 1) * asked.page_size
    return Page(
        items=_sorted(found, asked.sort)[first : first + asked.page_size],
        total=len(found),
        page=asked.page,
        page_size=asked.page_size,
    )


def detail(settings: Settings, name: str, actor: Actor) -> ModelDetail:
    """One model by its name or alias. Raises ModelNotFound with the nearest names."""
    actor.require("models.read")
    entry = models.find(settings, name)
    found = models.get(settings, name)
    said = {field: origin(settings, f"models.{entry.name}.{field}") for field in found.set_by}
    return ModelDetail(
        **dict(_public(settings, entry, found.aliases)),
        tiers=found.tiers,
        fallbacks=found.fallbacks,
        set_by={field: by.kind for field, by in said.items()},
    )


def view(model: ModelPublic) -> ModelView:
    """The same model on one line."""
    prices = {part: getattr(model.prices, field) for part, field in PRICES.items()}
    same = {"id", "provider", "upstream", "context", "max_output", "origin"}
    enabled = model.enabled and model.provider_enabled
    return ModelView(**model.model_dump(include=same), **prices, enabled=enabled)


def full_view(model: ModelDetail) -> models.ModelDetail:
    """The same model with everything that is known of it."""
    more = {"tiers", "capabilities", "aliases", "fallbacks", "set_by"}
    return models.ModelDetail(**dict(view(model)), **model.model_dump(include=more))


def _all(settings: Settings) -> list[ModelPublic]:
    aliases: dict[str, list[str]] = {}
    for alias, target in settings.aliases.items():
        aliases.setdefault(target, []).append(alias)
    return [
        _public(settings, entry, aliases.get(entry.name, []))
        for entry in models.catalogue(settings).entries()
    ]


def _public(settings: Settings, entry: Entry, aliases: list[str]) -> ModelPublic:
    path = f"models.{entry.name}"
    corrected = entry.name in settings.models
    said = {field: origin(settings, f"{path}.{field}").kind for field in Model.model_fields}
    rates = models.prices(entry.price.base if entry.price else None)
    return ModelPublic(
        id=entry.name,
        provider=entry.provider,
        provider_enabled=settings.providers[entry.provider].enabled,
        upstream=entry.upstream,
        context=entry.context,
        max_output=entry.max_output,
        prices=ModelPrices(**{PRICES[part]: rate for part, rate in rates.items()}),
        price_origin=_price_origin(entry, said),
        enabled=entry.enabled,
        origin=entry.origin,
        capabilities=entry.features,
        aliases=sorted(aliases),
        stored=[field for field, kind in said.items() if kind == "stored"] if corrected else [],
    )


def _price_origin(entry: Entry, said: Mapping[str, Any]) -> PriceOrigin:
    if entry.price is None:
        return "none"
    kinds = {said[field] for field in PRICES.values()}
    for kind in _FIRST:
        if kind in kinds:
            return kind
    return "catalogue"


_FIRST: tuple[PriceOrigin, ...] = ("flag", "environment", "stored", "file")


def _passes(model: ModelPublic, asked: ModelListing) -> bool:
    text = asked.search.casefold()
    on = model.enabled and model.provider_enabled
    return (
        asked.provider in ("", model.provider)
        and asked.enabled in (None, on)
        and asked.unpriced in (None, model.price_origin == "none")
        and any(text in name.casefold() for name in (model.id, model.upstream, *model.aliases))
    )


def _sorted(found: list[ModelPublic], sort: str) -> list[ModelPublic]:
    """What has no value comes last, whichever way; equals are in the order of their ids."""
    name = sort.removeprefix("-")
    if name not in _SORTABLE:
        raise InvalidRequest(
            f"Cannot sort by {name!r}: use one of {', '.join(_SORTABLE)}, -name descends.",
            param="sort",
        )
    value = _SORTABLE[name]
    ordered = sorted(found, key=lambda model: model.id)
    known = [model for model in ordered if value(model) is not None]
    known.sort(key=value, reverse=sort.startswith("-"))
    return known + [model for model in ordered if value(model) is None]


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _requests(session: Session, actor: Actor, zone: ZoneInfo) -> dict[str, int]:
    at = time_ns() // 1000
    wanted = StatsQuery(
        span=Span(at - 30 * _DAY, at), stored_zone=zone, group_by=("model",), durations=False
    )
    return {row.model or "": row.requests for row in statistics.query(session, wanted, actor).rows}
