"""Corrections of models, kept in the database. Verbs return the settings as they are then."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from orouter.errors import Conflict, InvalidRequest, NotFound
from orouter.schemas.actor import Actor
from orouter.schemas.catalogue import ModelCreate, ModelUpdate
from orouter.services import models, stored_settings
from orouter.settings import Model, Settings


def add(session: Session, new: ModelCreate, actor: Actor, settings: Settings) -> Settings:
    """Store a model that the catalogue does not list. Raises Conflict, ValidationFailed."""
    actor.require("models.write")
    if any(entry.name == new.id for entry in models.catalogue(settings).entries()):
        raise Conflict(f"There is already a model {new.id!r}: change it instead.", param="id")
    said = new.model_dump(exclude={"id"}, exclude_none=True)
    _store(session, new.id, {"enabled": True, **said}, actor, settings)
    after = stored_settings.checked(session, settings)
    models.refuse_half_a_price(after, new.id)
    return after


def update(
    session: Session, name: str, change: ModelUpdate, actor: Actor, settings: Settings
) -> Settings:
    """Store the fields that are set and forget those that are None. Raises ModelNotFound."""
    actor.require("models.write")
    name = models.find(settings, name).name
    said = change.model_dump(exclude_unset=True)
    if not said:
        raise InvalidRequest("Name what is to change.")
    forgotten = [f"models.{name}.{field}" for field, value in said.items() if value is None]
    kept = {field: value for field, value in said.items() if value is not None}
    if forgotten:
        stored_settings.unset(session, forgotten, actor)
    if kept:
        _store(session, name, kept, actor, settings)
    after = stored_settings.checked(session, settings)
    if said.keys() & models.PRICES.values():
        models.refuse_half_a_price(after, name)
    return after


def forget(session: Session, name: str, actor: Actor, settings: Settings) -> Settings:
    """Take back all that is stored of a model. Raises NotFound where there is nothing."""
    actor.require("models.write")
    name = models.find(settings, name).name
    paths = [f"models.{name}.{field}" for field in Model.model_fields]
    if not stored_settings.unset(session, paths, actor):
        raise NotFound(f"Nothing is stored of {name!r}: there is nothing to take back.")
    return stored_settings.checked(session, settings)


def _store(
    session: Session, name: str, fields: Mapping[str, Any], actor: Actor, settings: Settings
) -> None:
    values = {f"models.{name}.{field}": value for field, value in fields.items()}
    stored_settings.set_values(session, values, actor, settings)
