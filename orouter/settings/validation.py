"""From merged layers to ``Settings``, or to one error that names every problem and its place."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from orouter.errors import ConfigurationError
from orouter.settings.schema import Settings
from orouter.settings.section import Section
from orouter.settings.sources import Layer

_MEANINGS = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "model_type": "must be a mapping of settings",
    "mapping_type": "must be a mapping of names",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be {expected}",
    "decimal_max_places": "must have at most {decimal_places} decimals",
}


def known_scalars() -> list[str]:
    """The settings on the top level that are no sections, such as ``secret_key``."""
    fields = Settings.model_fields.items()
    return [name for name, field in fields if _section(field.annotation) is None]


def settings_from(layer: Layer, file: str | None) -> Settings:
    """Validates; raises ConfigurationError with one line for each problem of any layer."""
    problems = list(layer.problems)
    try:
        settings = Settings.model_validate(layer.values)
    except ValidationError as error:
        # The input is never asked for: it may be a secret.
        details = error.errors(include_url=False, include_input=False)
        problems += [_line(detail, layer.origins) for detail in details if _is_own(detail)]
    else:
        problems += _strangers(settings, layer.origins)
    if problems:
        raise _error(problems)
    return settings.said_by(layer.origins, file)


def _strangers(settings: Settings, origins: Mapping[str, str]) -> Iterator[str]:
    """Models of providers that are not configured; of one that is switched off they are fine."""
    named = [(f"models.{name}", name) for name in settings.models]
    named += [(f"aliases.{alias}", target) for alias, target in settings.aliases.items()]
    for name, targets in settings.fallbacks.items():
        named += [(f"fallbacks.{name}", each) for each in (name, *targets)]
    for path, model in named:
        provider = model.partition("/")[0]
        if provider not in settings.providers:
            near = difflib.get_close_matches(provider, settings.providers, 1, 0.6)
            meant = f"; did you mean {near[0]}?" if near else "; add it under providers"
            yield f"{_place((path,), origins)}: {path}: there is no provider {provider}{meant}"


def _error(problems: list[str]) -> ConfigurationError:
    if len(problems) == 1:
        message = problems[0]
    else:
        message = "\n  ".join([f"{len(problems)} problems in the configuration:", *problems])
    return ConfigurationError(
        message, hint="correct it, then see whether `orouter config check` agrees"
    )


def _is_own(detail: Mapping[str, Any]) -> bool:
    """False for what only follows from another problem."""
    return bool(detail["type"] != "default_factory_not_called")


def _line(detail: Mapping[str, Any], origins: Mapping[str, str]) -> str:
    path = tuple(str(part) for part in detail["loc"] if part != "[key]")
    return f"{_place(path, origins)}: {'.'.join(path)} {_what(detail, path)}"


def _place(path: tuple[str, ...], origins: Mapping[str, str]) -> str:
    while path and ".".join(path) not in origins:
        path = path[:-1]
    origin = origins.get(".".join(path), "default")
    return origin.replace("env:", "environment variable ")


def _what(detail: Mapping[str, Any], path: tuple[str, ...]) -> str:
    if detail["type"] == "extra_forbidden":
        return "is not known" + _suggestion(path)
    meaning = _MEANINGS.get(detail["type"])
    if meaning:
        return meaning.format(**detail.get("ctx", {}))
    return str(detail["msg"]).removeprefix("Value error, ").replace("Input should", "must")


def _suggestion(path: tuple[str, ...]) -> str:
    """The likely meant setting: a near name in the same section, else the same name elsewhere."""
    parent, name = path[:-1], path[-1]
    near = difflib.get_close_matches(name, _names_in(parent), 1, 0.6)
    meant = [".".join((*parent, match)) for match in near]
    meant += [place for place in _all_paths() if place.rpartition(".")[2] == name]
    return f"; did you mean {meant[0]}?" if meant else ""


def _names_in(path: tuple[str, ...]) -> list[str]:
    section: type[Section] | None = Settings
    parts = iter(path)
    for part in parts:
        annotation = section.model_fields[part].annotation if section else None
        if not _is_section(annotation):
            next(parts, None)  # the name of a provider or model
        section = _section(annotation)
    return list(section.model_fields) if section else []


def _all_paths() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        yield name
        if _is_section(field.annotation):
            yield from (f"{name}.{inner}" for inner in _names_in((name,)))


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _section(annotation: Any) -> type[Section] | None:
    """The section behind an annotation, also of a mapping from names to sections."""
    for candidate in (annotation, *get_args(annotation)):
        if _is_section(candidate):
            found: type[Section] = candidate
            return found
    return None
