"""Adding, changing and removing the providers that are kept in the database.

What the configuration file or the environment says of a provider is theirs: here it can only be
switched on and off. Every verb returns the settings as they are afterwards.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from orouter.errors import CheckFailed, Conflict, InvalidRequest, ValidationFailed
from orouter.schemas.actor import Actor
from orouter.schemas.providers import ProviderCreate, ProviderFields, ProviderUpdate
from orouter.services import providers, stored_providers, stored_settings
from orouter.services.stored_providers import SEALED, Secrets
from orouter.settings import Settings, checks
from orouter.settings.showing import origin

_SECRET = {"api_keys", "headers"}

Fields = dict[str, Any]


def add(session: Session, new: ProviderCreate, actor: Actor, settings: Settings) -> Settings:
    """Store a provider. Raises Conflict for a name in use, ValidationFailed."""
    actor.require("providers.write")
    known = settings.providers.get(new.name)
    if known is not None and providers.origin_of(settings, new.name) != "built-in":
        raise Conflict(f"There is already a provider named {new.name!r}.", param="name")
    if known is not None and known.type != new.type:
        raise Conflict(f"{new.name!r} is a built-in provider of another type.", param="type")
    if new.name in settings.left_out:
        raise Conflict(f"A provider named {new.name!r} is stored already.", param="name")
    fields = stored_providers.put_away(
        settings, new.name, {"type": new.type, **_plain(new)}, _secrets(new)
    )
    return _store(session, new.name, fields, actor, settings)


def update(
    session: Session, name: str, change: ProviderUpdate, actor: Actor, settings: Settings
) -> Settings:
    """Change the fields that are set.

    Raises NotFound, Conflict for one that is not kept here, ValidationFailed for a new address
    without its keys.
    """
    actor.require("providers.write")
    before = _stored(session, settings, name)
    _refuse_foreign(settings, name, change)
    after = {**before, **_plain(change)}
    if change.model_fields_set != {"enabled"}:
        after.setdefault("type", settings.providers[name].type)
    moved = _address(after) != _address(before)
    if moved or change.model_fields_set & _SECRET:
        kept = _kept(settings, name, before, change, moved=moved)
        after = stored_providers.put_away(settings, name, after, kept)
    return _store(session, name, after, actor, settings)


def switch(session: Session, name: str, actor: Actor, settings: Settings, *, on: bool) -> Settings:
    """Switch a provider on or off, whoever says what it is."""
    return update(session, name, ProviderUpdate(enabled=on), actor, settings)


def remove(session: Session, name: str, actor: Actor, settings: Settings) -> Settings:
    """Forget a stored provider, and what is stored of its models.

    Raises NotFound; Conflict where nothing of it is stored or something else needs it.
    """
    actor.require("providers.write")
    values = stored_settings.all_values(session)
    if _path(name) not in values:
        providers.find(settings, name)
        raise Conflict(f"{name!r} is not kept here: it cannot be removed, only switched off.")
    gone = [path for path in values if path == _path(name) or path.startswith(f"models.{name}/")]
    stored_settings.unset(session, gone, actor)
    return stored_settings.checked(session, settings)


def _store(
    session: Session, name: str, fields: Fields, actor: Actor, settings: Settings
) -> Settings:
    _refuse_metadata(fields.get("base_url", ""))
    row = {field: value for field, value in fields.items() if value is not None}
    stored_settings.put(session, {_path(name): row}, actor, settings)
    return stored_settings.checked(session, settings)


def _stored(session: Session, settings: Settings, name: str) -> Fields:
    row: Fields | None = stored_settings.all_values(session).get(_path(name))
    if row is None:
        providers.find(settings, name)
    return row or {}


def _refuse_foreign(settings: Settings, name: str, change: ProviderUpdate) -> None:
    if not change.model_fields_set:
        raise InvalidRequest("Name what is to change.")
    foreign = providers.origin_of(settings, name) in ("file", "environment", "flag")
    if foreign and change.model_fields_set != {"enabled"}:
        raise Conflict(
            f"{name!r} is defined by the configuration of the server: "
            "here it can only be switched on and off."
        )
    said = origin(settings, f"providers.{name}.enabled")
    if "enabled" in change.model_fields_set and said.holds:
        raise Conflict(f"{name!r} is switched by {said}, which holds over what is stored.")


def _refuse_metadata(base_url: str) -> None:
    if base_url and checks.is_metadata(checks.host(base_url)):
        raise ValidationFailed(
            "'base_url': leads to the metadata of the machine, not to a provider.",
            param="base_url",
        )


def _kept(
    settings: Settings, name: str, before: Fields, change: ProviderUpdate, *, moved: bool
) -> Secrets:
    """The secrets after a change: those given, else those from the box."""
    given = change.model_fields_set & _SECRET
    had = {"api_keys": "last4", "headers": "headers"}
    box = before.get(SEALED, {})
    missing = [part for part, shown in had.items() if box.get(shown) and part not in given]
    if moved and missing:
        raise ValidationFailed(
            f"'{missing[0]}': must be given again with another base_url: "
            "what is sealed is bound to its address.",
            param=missing[0],
        )
    old = _opened(settings, name, before, missing) if missing else Secrets()
    new = _secrets(change)
    return Secrets(
        api_keys=new.api_keys if "api_keys" in given else old.api_keys,
        headers=new.headers if "headers" in given else old.headers,
    )


def _opened(settings: Settings, name: str, before: Fields, missing: list[str]) -> Secrets:
    try:
        return stored_providers.taken_out(settings, name, before)
    except CheckFailed as e:
        raise ValidationFailed(
            f"'{missing[0]}': must be given again: {e.message}.", param=missing[0]
        ) from e


def _secrets(given: ProviderFields) -> Secrets:
    return Secrets(
        api_keys=[key.get_secret_value().strip() for key in given.api_keys],
        headers={name: value.get_secret_value() for name, value in given.headers.items()},
    )


def _plain(given: ProviderFields) -> Fields:
    """What is said in clear; None forgets a value."""
    said = given.model_dump(exclude_unset=True, exclude={*_SECRET, "name", "type"})
    if "base_url" in said:
        said["base_url"] = given.base_url.rstrip("/")
    return said


def _address(fields: Mapping[str, Any]) -> tuple[str, str]:
    return fields.get("type", ""), fields.get("base_url", "")


def _path(name: str) -> str:
    return f"providers.{name}"
