"""Where settings come from: the file, the environment, stored values, flags.

A source becomes a ``Layer``: nested values and, for each dotted path, who said so. Scalars stay the
text that was written (``010``, ``on`` and ``1.10`` mean what their field makes of them) because
YAML's own guesses depend on its version.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PREFIX = "OROUTER_"
SEARCH = (Path("orouter.yaml"), Path("/etc/orouter/orouter.yaml"))
_VARIABLE = re.compile(r"\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-[^}\n]*)?\}|([^}\n]*)\}?)")
_STAND_IN = re.compile("\ue000([0-9]+)\ue001")
_DEEPEST = 12
_NULLS = ("", "~", "null", "Null", "NULL")
_KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
}
BUILT_IN = frozenset({"demo", *_KEYS})
"""Providers that are there without being written; each has the type of its name."""

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Layer:
    """Values of one source; ``problems`` are complaints that already name their place."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def over(self, below: "Layer") -> "Layer":
        """Puts one source on top of another; what is empty above hides nothing."""
        values = _merged(below.values, self.values)
        return Layer(values, below.origins | self.origins, below.problems + self.problems)


def find(path: str | None, environ: Mapping[str, str]) -> Path | None:
    """The configuration file: asked for, else ``OROUTER_CONFIG``, else the usual places."""
    asked = path or environ.get("OROUTER_CONFIG")
    if asked:
        return Path(asked)
    return next((place for place in SEARCH if place.is_file()), None)


def from_file(path: Path, environ: Mapping[str, str]) -> Layer:
    """A YAML or JSON file, with ``${NAME}`` and ``${NAME:-default}`` read from the environment."""
    layer = Layer()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        layer.problems.append(f"{path}: cannot be read: {reason}")
        return layer
    if path.suffix == ".json":
        text = text.replace("\t", " ")  # legal JSON, refused by YAML, which reads the rest of it
    _File(path, environ, layer).read(text)
    return layer


class _File:
    """One reading of one file."""

    def __init__(self, path: Path, environ: Mapping[str, str], layer: Layer) -> None:
        self.path = path
        self.environ = environ
        self.layer = layer
        self.variables: list[re.Match[str]] = []
        self._places: dict[int, str] = {}
        """By line: what stands on one shares the text, be it thousands of models."""

    def read(self, text: str) -> None:
        try:
            # YAML ends a plain scalar at `{` inside `{…}`; so variables step aside while it parses.
            root = yaml.compose(_VARIABLE.sub(self._step_aside, text), Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._complain(mark.line + 1 if mark else 1, f"not valid YAML: {error.problem}")
        except yaml.YAMLError:
            self._complain(1, "not valid YAML: it holds characters that are not allowed")
        else:
            if isinstance(root, yaml.MappingNode):
                self.layer.values = self._mapping(root, ())
            elif root is not None:
                self._complain(1, "must be a mapping of sections, such as `server:`")

    def _step_aside(self, variable: re.Match[str]) -> str:
        self.variables.append(variable)
        return f"\ue000{len(self.variables) - 1}\ue001"

    def _complain(self, line: int, what: str) -> None:
        self.layer.problems.append(f"{self.path}:{line}: {what}")

    def _value(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        line = node.start_mark.line + 1
        if len(path) > _DEEPEST:
            self._complain(line, f"{'.'.join(path[:2])} is nested too deeply")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, str(i))) for i, item in enumerate(node.value)]
        return self._scalar(node, line)

    def _item(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        self.layer.origins[".".join(path)] = self._place(node.start_mark.line + 1)
        return self._value(node, path)

    def _place(self, line: int) -> str:
        return self._places.setdefault(line, f"{self.path}:{line}")

    def _mapping(self, node: yaml.MappingNode, path: tuple[str, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            dotted = ".".join((*path, name))
            if not name or _STAND_IN.search(name):
                self._complain(line, "a key must be plain text")
            elif name in values:
                first = self.layer.origins[dotted].rpartition(":")[2]
                self._complain(line, f"{dotted} is there already, on line {first}")
            else:
                self.layer.origins[dotted] = self._place(line)
                values[name] = self._value(value, (*path, name))
        return values

    def _scalar(self, node: yaml.Node, line: int) -> str | None:
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        if plain and node.value in _NULLS:
            return None

        def expand(stand_in: re.Match[str]) -> str:
            return self._expanded(self.variables[int(stand_in[1])], line)

        return _STAND_IN.sub(expand, node.value)

    def _expanded(self, variable: re.Match[str], line: int) -> str:
        name, default = variable[1], variable[2]
        if variable[0] == "$${":
            return "${"
        if name is None:
            self._complain(line, "write ${NAME} or ${NAME:-default} (or $${ for a plain ${)")
            return ""
        found = self.environ.get(name)
        if found is None and default is None:
            self._complain(line, f"${{{name}}} is not set in the environment and has no default")
        return found or (default or "")[2:]


def from_environment(environ: Mapping[str, str], below: Layer, known: list[str]) -> Layer:
    """``OROUTER_SERVER__PORT=9000`` sets ``server.port``.

    ``below`` tells how names of providers and models are really spelled. A variable without ``__``
    that is no setting is left alone: Kubernetes makes ``OROUTER_PORT_8000_TCP`` for a service.
    """
    layer = Layer()
    for variable, value in sorted(environ.items()):
        tokens = variable.removeprefix(PREFIX).split("__")
        if not variable.startswith(PREFIX) or not value:
            continue
        if len(tokens) == 1 and tokens[0].lower() not in known:
            continue
        path = _spelled(tokens, below.values)
        _put(layer.values, path, value)
        layer.origins[".".join(path)] = f"env:{variable}"
    return layer


def from_mapping(values: Mapping[str, object], origin: str) -> Layer:
    """``{"server.port": 9000, "models": {…}}``: dotted paths outside, plain values inside."""
    layer = Layer()
    for dotted, value in values.items():
        if value is not None:
            _put(layer.values, dotted.split("."), value)
            layer.origins.update(dict.fromkeys(_paths(dotted, value), origin))
    return layer


def default_providers(environ: Mapping[str, str], above: Mapping[str, Any]) -> Layer:
    """The four providers and the built-in one, each with the key in its usual variable.

    A provider that has ``api_keys`` above, or is another type there, does not get that key. The
    built-in one is off unless it is written down.
    """
    said = above.get("providers")
    names = said if isinstance(said, dict) else {}
    written = {name: own for name, own in names.items() if isinstance(own, dict)}
    off = {} if "type" in written.get("demo", {}) else {"enabled": False}
    providers: dict[str, Any] = {"demo": {"type": "demo", **off}}
    layer = Layer({"providers": providers})
    for name, variable in _KEYS.items():
        providers[name] = {"type": name}
        own = written.get(name, {})
        other = own.get("api_keys") or own.get("type", name) != name
        if environ.get(variable) and not other:
            providers[name]["api_key"] = environ[variable]
            layer.origins[f"providers.{name}.api_key"] = f"env:{variable}"
    return layer


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = _merged(old, value)
        elif key not in result or value not in (None, ""):
            result[key] = value
    return result


def _spelled(tokens: list[str], values: Any) -> list[str]:
    path = []
    for token in tokens:
        names = values if isinstance(values, dict) else {}
        plain = {re.sub(r"[^A-Z0-9]", "_", name.upper()): name for name in names}
        path.append(plain.get(token.upper(), token.lower()))
        values = names.get(path[-1])
    return path


def _put(values: dict[str, Any], path: list[str], value: object) -> None:
    for key in path[:-1]:
        inner = values.get(key)
        if not isinstance(inner, dict):
            inner = values[key] = {}
        values = inner
    values[path[-1]] = value


def _paths(dotted: str, value: object) -> Iterator[str]:
    yield dotted
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths(f"{dotted}.{key}", inner)
