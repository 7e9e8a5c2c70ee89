"""Settings kept in the database: over the file, under the environment, alike on every node.

A path is dotted as in ``orouter config show``; names of models keep their own dots, as in
``models.openai/gpt-4.1.context``. Only what can change while servers run can be stored, and only
what the whole configuration is valid with.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.db.upsert import upsert
from orouter.errors import ConfigurationError, Conflict, InvalidRequest, NotFound, ValidationFailed
from orouter.models.base import is_printable, now
from orouter.models.stored_setting import PATH_LENGTH, StoredSetting
from orouter.schemas.actor import Actor, Right
from orouter.services import changes, stored_audit, stored_providers
from orouter.settings import Model, Routing, Settings

PLAIN = frozenset(
    {
        *(f"routing.{name}" for name in Routing.model_fields if name != "http_client"),
        "limits.estimates",
        "limits.warn_at_percent",
        "limits.when_database_is_down",
        "logging.level",
        "server.cors_origins",
        "server.max_body_mb",
        "usage.request_log_days",
        "usage.retention_days",
    }
)
"""The storable paths without a name in them."""

_RIGHTS: Mapping[str, Right] = {
    "models": "models.write",
    "aliases": "models.write",
    "fallbacks": "models.write",
    "providers": "providers.write",
}

_TABLE: sa.Table = StoredSetting.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def set_values(
    session: Session, values: Mapping[str, object], actor: Actor, settings: Settings
) -> None:
    """Store values by path, in force everywhere within a second.

    ``settings`` are those in force; with the new values they must still be valid. Raises
    InvalidRequest for a path that cannot be stored, ValidationFailed for a value that cannot be.
    """
    for path in values:
        steps(path)
        actor.require(right_to(path))
    put(session, values, actor, settings)


def put(session: Session, values: Mapping[str, object], actor: Actor, settings: Settings) -> None:
    """The same for whatever path, by a verb that has looked at it."""
    version = changes.bump(session)
    before = all_values(session)
    _valid(settings, {**before, **values}, stored_wins=True)
    stored_audit.write_down(session, actor, {path: before.get(path) for path in values}, values)
    row = {"version": version, "updated_at": now()}
    rows = [
        {"path": path, "value": json.dumps(value, default=str), **row}
        for path, value in sorted(values.items())
    ]
    upsert(session, _TABLE, rows, replace=("value", "version", "updated_at"))


def unset(session: Session, paths: Iterable[str], actor: Actor) -> list[str]:
    """Forget values, so that file or default hold again; return the paths that had one."""
    changes.bump(session)
    wanted = list(paths)
    for path in wanted:
        actor.require(right_to(path))
    rows = session.exec(select(StoredSetting).where(col(StoredSetting.path).in_(wanted)))
    before = {row.path: json.loads(row.value) for row in rows}
    session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.path.in_(list(before))))
    stored_audit.write_down(session, actor, before, {})
    return sorted(before)


def forget(session: Session, path: str, actor: Actor) -> None:
    """Forget one value. Raises NotFound if there is none."""
    if not unset(session, [path], actor):
        raise NotFound(f"{path} is not stored: there is nothing to reset.")


def right_to(path: str) -> Right:
    """What whoever changes this needs."""
    return _RIGHTS.get(path.partition(".")[0], "settings.write")


def all_values(session: Session) -> dict[str, Any]:
    """Every stored value by its path."""
    rows = session.exec(select(StoredSetting).order_by(col(StoredSetting.path)))
    return {row.path: json.loads(row.value) for row in rows}


def checked(session: Session, settings: Settings) -> Settings:
    """The settings with all that is stored. Raises ValidationFailed or Conflict."""
    return _valid(settings, all_values(session))


def _valid(
    settings: Settings, values: Mapping[str, object], *, stored_wins: bool = False
) -> Settings:
    try:
        return in_force(settings, values, stored_wins=stored_wins)
    except ConfigurationError as e:
        raise _refusal(e.message) from e


def _refusal(message: str) -> ValidationFailed | Conflict:
    """What is wrong with stored values; else what the server's own configuration has against them.

    Each line begins with its place, which may be a path of the server.
    """
    lines = [line.strip().partition(": ") for line in message.splitlines() if ": " in line]
    stored = [what for place, _, what in lines if place == "stored"]
    if stored:
        path = stored[0].partition(" ")[0].removesuffix(":")
        return ValidationFailed(f"Not valid: {'; '.join(stored)}.", param=path)
    others = "; ".join(what for _, _, what in lines)
    return Conflict(f"The configuration of the server would not be valid: {others}.")


def in_force(
    settings: Settings, values: Mapping[str, object], *, stored_wins: bool = False
) -> Settings:
    """The settings with these stored values, the keys of stored providers opened.

    ``left_out`` of the answer names stored providers that cannot be used. Raises
    ConfigurationError or InvalidRequest.
    """
    layer, left_out = stored_providers.opened(settings, nested(values))
    found = settings.anew(layer, stored_wins=stored_wins)
    astray = dict.fromkeys(stored_providers.contradicted(found, layer), _ASTRAY)
    if astray:
        known = layer["providers"].items()
        rest = {name: fields for name, fields in known if name not in astray}
        found = settings.anew({**layer, "providers": rest}, stored_wins=stored_wins)
    return found.leaving_out({**left_out, **astray})


_ASTRAY = "the configuration file or the environment has another address or key for it"


def nested(values: Mapping[str, object]) -> dict[str, Any]:
    """Values by path as sections, which is how ``settings.load`` takes them."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        kind, _, name = path.partition(".")
        *outer, last = [kind, name] if kind == "providers" else steps(path)
        section = tree
        for step in outer:
            section = section.setdefault(step, {})
        section[last] = value
    return tree


def steps(path: str) -> list[str]:
    """The keys that lead to a setting. Raises InvalidRequest for what cannot be stored."""
    section, _, rest = path.partition(".")
    name, _, field = rest.rpartition(".")
    if not is_printable(path):
        raise InvalidRequest("A path must not contain control characters.")
    if len(path) > PATH_LENGTH:
        raise InvalidRequest(f"A path has at most {PATH_LENGTH} characters.")
    if path in PLAIN:
        return path.split(".")
    if section in ("aliases", "fallbacks") and rest:
        return [section, rest]
    if section == "models" and name and field in Model.model_fields:
        return [section, name, field]
    raise InvalidRequest(
        f"{path} cannot be stored",
        hint="write it into the configuration file; stored are models, aliases, fallbacks, "
        + ", ".join(sorted(PLAIN)),
    )
