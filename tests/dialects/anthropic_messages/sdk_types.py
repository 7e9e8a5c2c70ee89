"""Whether a body fits the anthropic SDK's own request types; unknown keys do not fit."""

import collections.abc
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import typing_extensions as te
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from pydantic import BaseModel

# Gone from the SDK's types with API version 2026-10-21; legal on 2023-06-01, which we pin.
UNTYPED = {"stream", "temperature", "top_p", "top_k"}


def misfit(body: dict[str, Any]) -> str | None:
    """The first place of a request body that the SDK would not allow."""
    typed = {key: value for key, value in body.items() if key not in UNTYPED}
    return _misfit(typed, MessageCreateParamsNonStreaming, "")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return te.get_type_hints(kind, include_extras=True)


def _misfit(value: Any, kind: Any, path: str) -> str | None:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {te.Required, te.NotRequired, te.Annotated}:
        return _misfit(value, arguments[0], path)
    if origin is Union:
        found = [_misfit(value, one, path) for one in arguments]
        return None if None in found else max(found, key=lambda text: len(text or ""))
    if origin is Literal:
        return None if value in arguments else f"{path}: {value!r}"
    if te.is_typeddict(kind):
        return _misfit_fields(value, kind, path)
    if origin in {list, collections.abc.Iterable}:
        return _misfit_items(value, arguments[0], path)
    is_answer = isinstance(kind, type) and issubclass(kind, BaseModel)
    wrong = kind in {str, bool, int, type(None)} and type(value) is not kind
    return f"{path}: {type(value).__name__}" if wrong or is_answer else None


def _misfit_items(value: Any, kind: Any, path: str) -> str | None:
    if not isinstance(value, list):
        return f"{path}: not a list"
    return _first(_misfit(one, kind, f"{path}[{n}]") for n, one in enumerate(value))


def _misfit_fields(value: Any, kind: Any, path: str) -> str | None:
    if not isinstance(value, dict):
        return f"{path}: not an object"
    hints = _hints(kind)
    unknown = set(value) - set(hints) if kind.__extra_items__ is te.NoExtraItems else set()
    required = {key for key, hint in hints.items() if get_origin(hint) is te.Required}
    missing = required - set(value)
    if unknown or missing:
        return f"{path}: unknown {sorted(unknown)}, missing {sorted(missing)}"
    fields = ((key, one) for key, one in value.items() if key in hints)
    return _first(_misfit(one, hints[key], f"{path}.{key}") for key, one in fields)


def _first(found: collections.abc.Iterable[str | None]) -> str | None:
    return next((text for text in found if text), None)
