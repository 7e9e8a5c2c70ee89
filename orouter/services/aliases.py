"""Other names for models, and the models that stand in when a model's providers fail.

What is stored here goes over the configuration file; taken back, the file holds again. Verbs that
change something return the settings as they are then.
"""

from collections.abc import Sequence
from typing import Literal

from sqlmodel import Session

from orouter.errors import Conflict, InvalidRequest, NotFound
from orouter.schemas.actor import Actor
from orouter.schemas.catalogue import AliasPublic, FallbackPublic
from orouter.services import models, stored_settings
from orouter.settings import Settings
from orouter.settings.showing import origin

Section = Literal["aliases", "fallbacks"]


def aliases(settings: Settings, actor: Actor) -> list[AliasPublic]:
    """Every alias, by name."""
    actor.require("models.read")
    found = []
    for name, model in sorted(settings.aliases.items()):
        said = origin(settings, f"aliases.{name}")
        found.append(AliasPublic(name=name, model=model, origin=said.kind, editable=not said.holds))
    return found


def fallbacks(settings: Settings, actor: Actor) -> list[FallbackPublic]:
    """Every model that has fallbacks, by name."""
    actor.require("models.read")
    found = []
    for model, instead in sorted(settings.fallbacks.items()):
        said = origin(settings, f"fallbacks.{model}")
        found.append(
            FallbackPublic(
                model=model, models=list(instead), origin=said.kind, editable=not said.holds
            )
        )
    return found


def put_alias(
    session: Session, name: str, model: str, actor: Actor, settings: Settings
) -> Settings:
    """Let ``name`` mean a model. Raises ModelNotFound, Conflict, ValidationFailed."""
    actor.require("models.write")
    _refuse_unknown(settings, [model])
    if settings.aliases.get(model):
        raise InvalidRequest("An alias cannot mean another alias.", param="model")
    return _put(session, "aliases", name, model, actor, settings)


def put_fallbacks(
    session: Session, model: str, instead: Sequence[str], actor: Actor, settings: Settings
) -> Settings:
    """Name the models to try after ``model``. Raises ModelNotFound, Conflict, ValidationFailed."""
    actor.require("models.write")
    _refuse_unknown(settings, [model, *instead])
    if model in instead or len(set(instead)) < len(instead):
        raise InvalidRequest("Each model can stand in once, and none for itself.", param="models")
    return _put(session, "fallbacks", model, list(instead), actor, settings)


def remove(
    session: Session, section: Section, name: str, actor: Actor, settings: Settings
) -> Settings:
    """Take back what is stored under the name.

    Raises NotFound; Conflict where the configuration file says it.
    """
    actor.require("models.write")
    if not stored_settings.unset(session, [f"{section}.{name}"], actor):
        if name in getattr(settings, section):
            raise Conflict(f"{name!r} is not stored: the configuration of the server says so.")
        raise NotFound(f"There is nothing of the name {name[:200]!r}.")
    return stored_settings.checked(session, settings)


def _put(
    session: Session,
    section: Section,
    name: str,
    value: object,
    actor: Actor,
    settings: Settings,
) -> Settings:
    path = f"{section}.{name}"
    said = origin(settings, path)
    if said.holds:
        raise Conflict(f"{path} is set by {said}, which holds over what is stored.")
    stored_settings.set_values(session, {path: value}, actor, settings)
    return stored_settings.checked(session, settings)


def _refuse_unknown(settings: Settings, names: Sequence[str]) -> None:
    for name in names:
        models.find(settings, name)
