"""Every single setting by its path: its kind, its bounds, and what the schema says of it.

``providers``, ``models``, ``aliases`` and ``fallbacks`` have names of their own and are not told
here.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from orouter.settings.schema import Settings
from orouter.settings.section import Section

Kind = Literal["string", "integer", "number", "boolean", "choice", "list", "secret"]

_KINDS: Mapping[Any, Kind] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    tuple: "list",
    SecretStr: "secret",
    Literal: "choice",
}


@dataclass(frozen=True, slots=True)
class Described:
    """One setting. ``section`` is empty on the top level; bounds are None where there are none."""

    path: str
    section: str
    kind: Kind
    default: Any
    description: str
    choices: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    more_than: float | None = None
    """The value itself is out of bounds."""


@cache
def described() -> Mapping[str, Described]:
    """Every setting by its path, in the order of the schema."""
    return {each.path: each for each in _of(Settings, "")}


def _of(section: type[Section], prefix: str) -> Iterator[Described]:
    told = _told(section)
    for name, info in section.model_fields.items():
        path = f"{prefix}.{name}".removeprefix(".")
        if isinstance(info.annotation, type) and issubclass(info.annotation, Section):
            yield from _of(info.annotation, path)
        elif get_origin(info.annotation) is not Mapping:
            yield _single(path, info, told.get(name, ""))


def _single(path: str, info: FieldInfo, description: str) -> Described:
    kind, choices = _kind(info.annotation)
    bounds = {name: getattr(each, name) for each in info.metadata for name in _bounds(each)}
    default = info.default
    return Described(
        path=path,
        section=path.rpartition(".")[0],
        kind=kind,
        default=default.get_secret_value() if isinstance(default, SecretStr) else default,
        description=description,
        choices=choices,
        minimum=bounds.get("ge"),
        maximum=bounds.get("le"),
        more_than=bounds.get("gt"),
    )


def _bounds(constraint: Any) -> Iterator[str]:
    return (name for name in ("ge", "le", "gt") if getattr(constraint, name, None) is not None)


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...] | None]:
    """The kind behind what pydantic is told; ``None`` only says that it may be missing."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin is Literal:
        return "choice", get_args(annotation)
    if origin in _KINDS or annotation in _KINDS:
        return _KINDS[origin or annotation], None
    [only] = (each for each in get_args(annotation) if each is not NoneType)
    return _kind(only)


def _told(section: type[Section]) -> dict[str, str]:
    """The docstrings below the fields of a section."""
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(section))).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - its source
    return {
        field.target.id: " ".join(text.value.value.replace("``", "`").split())
        for field, text in pairwise(tree.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
