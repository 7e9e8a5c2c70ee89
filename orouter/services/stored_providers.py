"""Providers kept in the database: each is one stored setting, ``providers.NAME``.

Its API keys and headers lie in a box that only opens for the name, type and address that they were
given for. A provider whose box does not open, or which file and environment say something else of,
is left out of the settings: no key ever goes where it was not meant to go.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orouter.errors import CheckFailed, ConfigurationError
from orouter.services import sealing
from orouter.settings import Provider, Settings

SEALED = "sealed"
"""The field of a stored provider that holds its box."""

Layer = dict[str, Any]
"""Stored settings as sections."""


class Secrets(Struct, frozen=True):
    """What a box holds."""

    api_keys: Sequence[str] = ()
    headers: Mapping[str, str] = {}


def put_away(settings: Settings, name: str, fields: Mapping[str, Any], kept: Secrets) -> Layer:
    """``fields`` with the secrets in a box. Raises ConfigurationError without a secret key."""
    plain = {field: value for field, value in fields.items() if field != SEALED}
    if not kept.api_keys and not kept.headers:
        return plain
    contents = json.dumps({"api_keys": list(kept.api_keys), "headers": dict(kept.headers)})
    box = {
        "box": sealing.seal(_secret_key(settings), contents, _bound_to(name, fields)),
        "last4": [tail(key) for key in kept.api_keys],
        "headers": sorted(kept.headers),
    }
    return {**plain, SEALED: box}


def taken_out(settings: Settings, name: str, fields: Mapping[str, Any]) -> Secrets:
    """The secrets of a stored provider. Raises CheckFailed or ConfigurationError."""
    if SEALED not in fields:
        return Secrets()
    box = fields[SEALED]["box"]
    return Secrets(
        **json.loads(sealing.unseal(_secret_key(settings), box, _bound_to(name, fields)))
    )


def tail(key: str) -> str:
    """The last four characters, of a key that is long enough to spare them."""
    return key[-4:] if len(key) >= 12 else ""


def opened(settings: Settings, layer: Layer) -> tuple[Layer, dict[str, str]]:
    """The layer with the secrets of its providers; and whose could not be opened, and why."""
    providers: Layer = {}
    left_out: dict[str, str] = {}
    for name, fields in layer.get("providers", {}).items():
        plain = {key: value for key, value in fields.items() if key != SEALED}
        try:
            kept = taken_out(settings, name, fields)
        except (CheckFailed, ConfigurationError) as e:
            left_out[name] = f"its stored key cannot be opened: {e.message}"
            providers[name] = {**plain, "enabled": False}
        else:
            providers[name] = {**plain, **_as_fields(kept)}
    return ({**layer, "providers": providers} if providers else layer), left_out


def contradicted(settings: Settings, layer: Layer) -> Iterator[str]:
    """Names of stored providers whose keys would go elsewhere, or be mixed with others."""
    for name, fields in layer.get("providers", {}).items():
        if "type" in fields:
            stored = Provider.model_validate({**fields, "enabled": False})
            if _identity(stored) != _identity(settings.providers[name]):
                yield name


def _identity(provider: Provider) -> tuple[object, ...]:
    return provider.type, provider.base_url, provider.keys, dict(provider.headers)


def _as_fields(kept: Secrets) -> Layer:
    fields = {"api_keys": list(kept.api_keys), "headers": dict(kept.headers)}
    return {name: value for name, value in fields.items() if value}


def _bound_to(name: str, fields: Mapping[str, Any]) -> str:
    return json.dumps([name, fields.get("type", ""), fields.get("base_url", "")])


def _secret_key(settings: Settings) -> str:
    return settings.require_secret_key().get_secret_value()
