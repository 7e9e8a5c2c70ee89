"""Every setting in force with its origin, and changing those that can change while serving."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from sqlmodel import Session

from orouter.errors import Conflict, InvalidRequest, NotFound
from orouter.schemas.actor import Actor
from orouter.schemas.settings import SettingLine, SettingPublic
from orouter.services import stored_settings
from orouter.services.reloading import is_live
from orouter.services.stored_settings import PLAIN
from orouter.settings import Settings
from orouter.settings.describing import Described, described
from orouter.settings.showing import flat, origin, shown


def listing(settings: Settings, actor: Actor) -> list[SettingPublic]:
    """Every single setting; secrets are masked."""
    actor.require("settings.read")
    return [_public(settings, each) for each in described().values()]


def lines(settings: Settings) -> list[SettingLine]:
    """Every value in force, also those of providers and models."""
    return [
        SettingLine(setting=path, value=value, origin=settings.origin(path))
        for path, value in flat(settings)
    ]


def change(
    session: Session, values: Mapping[str, object], actor: Actor, settings: Settings
) -> Settings:
    """Store values, None to forget one; return what is in force then.

    Raises NotFound for a path that is no setting, InvalidRequest for one that cannot change while
    serving, Conflict where a flag or the environment would hide the value, ValidationFailed.
    """
    actor.require("settings.write")
    for path in values:
        _refuse_fixed(settings, path)
    wanted = {path: value for path, value in values.items() if value is not None}
    if forgotten := values.keys() - wanted.keys():
        stored_settings.unset(session, forgotten, actor)
    if wanted:
        stored_settings.set_values(session, wanted, actor, settings)
    return stored_settings.checked(session, settings)


def reset(session: Session, path: str, actor: Actor, settings: Settings) -> Settings:
    """Forget a stored value: file or default hold again. Raises NotFound if there is none."""
    actor.require("settings.write")
    _known(path)
    stored_settings.forget(session, path, actor)
    return stored_settings.checked(session, settings)


def _public(settings: Settings, about: Described) -> SettingPublic:
    said = origin(settings, about.path)
    return SettingPublic(
        path=about.path,
        section=about.section,
        kind=about.kind,
        value=_plain(shown(attrgetter(about.path)(settings))),
        default=_plain(about.default),
        origin=said.kind,
        origin_detail=said.detail,
        editable=about.path in PLAIN and not said.holds,
        restart_needed=not is_live(about.path),
        choices=list(about.choices) if about.choices else None,
        minimum=about.minimum,
        maximum=about.maximum,
        more_than=about.more_than,
        description=about.description,
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _refuse_fixed(settings: Settings, path: str) -> None:
    _known(path)
    if path not in PLAIN:
        raise InvalidRequest(
            f"{path} cannot change while the server runs: write it into the configuration file.",
            param=path,
        )
    said = origin(settings, path)
    if said.holds:
        raise Conflict(f"{path} is set by {said}, which holds over what is stored.", param=path)


def _known(path: str) -> None:
    if path not in described():
        raise NotFound(f"There is no setting {path[:100]!r}.", param=path[:100])
