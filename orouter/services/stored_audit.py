"""What the audit log tells of stored settings: providers, models, aliases and single values."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from orouter.schemas.actor import Actor
from orouter.services import audit
from orouter.services.audit import Target
from orouter.services.stored_providers import SEALED

_KINDS = {
    "providers": "provider",
    "models": "model",
    "aliases": "alias",
    "fallbacks": "fallback",
}

Values = Mapping[str, Any]


def write_down(session: Session, actor: Actor, before: Values, after: Values) -> None:
    """One entry for each thing that changed; values are by path, None where there was none."""
    things: dict[Target, tuple[dict[str, Any], dict[str, Any]]] = {}
    for place, values in enumerate((before, after)):
        for path, value in values.items():
            if value is not None:
                target, fields = _told(path, value)
                things.setdefault(target, ({}, {}))[place].update(fields)
    for target, (old, new) in sorted(things.items()):
        verb = "update" if new else "reset"
        audit.record(session, actor, f"{target.kind}.{verb}", target, old or None, new or None)


def _told(path: str, value: Any) -> tuple[Target, dict[str, Any]]:
    section, _, rest = path.partition(".")
    kind = _KINDS.get(section, "setting")
    if kind == "provider":
        return Target(kind, rest, rest), _of_provider(value)
    if kind == "model":
        name, _, field = rest.rpartition(".")
        return Target(kind, name, name), {field: value}
    name = path if kind == "setting" else rest
    return Target(kind, name, name), {"value": value}


def _of_provider(fields: Values) -> dict[str, Any]:
    """A stored provider without its box: the ends of its keys, the names of its headers."""
    box = fields.get(SEALED, {})
    shown = {name: value for name, value in fields.items() if name != SEALED}
    return {**shown, "key_ends": box.get("last4", []), "header_names": box.get("headers", [])}
