"""The only reader of configuration: flag > environment > stored value > file > default.

>>> settings = load()                      # ./orouter.yaml if there is one, else the defaults
>>> settings.server.port, settings.origin("server.port")
(8000, 'default')
"""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from orouter.errors import ConfigurationError
from orouter.settings import otel
from orouter.settings.schema import (
    Limits,
    Logging,
    Model,
    Provider,
    Routing,
    Server,
    Settings,
)
from orouter.settings.section import Section
from orouter.settings.sources import (
    Layer,
    default_providers,
    find,
    from_environment,
    from_file,
    from_mapping,
)
from orouter.settings.validation import known_scalars, settings_from

__all__ = [
    "SECRET_KEY_FILE",
    "ConfigurationError",
    "Limits",
    "Logging",
    "Model",
    "Provider",
    "Routing",
    "Section",
    "Server",
    "Settings",
    "load",
]

SECRET_KEY_FILE = Path("data/secret.key")
"""Where ``orouter init`` and ``quickstart`` keep the secret key."""


def load(
    path: str | None = None,
    flags: Mapping[str, object] | None = None,
    *,
    stored: Mapping[str, object] | None = None,
    stored_wins: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Reads every source once and validates the whole.

    ``path`` is the file asked for (``--config``); ``flags`` and ``stored`` map dotted paths to
    values (``{"server.port": 9000}``; ``None`` means not given). ``stored_wins`` puts stored values
    over everything else, to see whether they would do. Raises ConfigurationError with file, line
    and likely meaning of every problem; nothing is half loaded.
    """
    environ = os.environ if environ is None else environ
    file = find(path, environ)
    kept = layer = from_mapping(stored or {}, "stored")
    if file is not None:
        layer = layer.over(from_file(file, environ))
    layer = from_environment(environ, layer, known_scalars()).over(layer)
    layer = from_mapping(flags or {}, "flag").over(layer)
    layer = kept.over(layer) if stored_wins else layer
    layer = layer.over(default_providers(environ, layer.values))
    layer = layer.over(otel.variables(environ))
    found = None if file is None else str(file)
    return settings_from(_with_secret_key(layer), found).read_by(
        partial(load, found or path, flags, environ=environ)
    )


def _with_secret_key(layer: Layer) -> Layer:
    """Adds the content of the secret key's file where the key itself is not given."""
    if layer.values.get("secret_key"):
        return layer
    named = layer.values.get("secret_key_file")
    path = Path(named) if isinstance(named, str) and named else SECRET_KEY_FILE
    try:
        content = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if named:
            layer.problems.append(_unreadable(layer, path, "there is no such file"))
        return layer
    except (OSError, UnicodeDecodeError):
        layer.problems.append(_unreadable(layer, path, "it cannot be read"))
        return layer
    return Layer({"secret_key": content}, {"secret_key": str(path)}).over(layer)


def _unreadable(layer: Layer, path: Path, why: str) -> str:
    place = layer.origins.get("secret_key_file", "default")
    return f"{place}: secret_key_file {path}: {why}"
