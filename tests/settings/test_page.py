"""``docs/configuration.md`` tells every setting with its default and its unit, and no others."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from orouter.settings import Model, Provider, Settings

PAGE = (Path(__file__).parents[2] / "docs/configuration.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<path>[\w.]+)` \|(?P<default>[^|]*)\| (?P<meaning>.+) \|$", re.MULTILINE)
TOLD = {
    row["path"]: (row["default"].strip().strip("`"), row["meaning"]) for row in ROW.finditer(PAGE)
}
UNITS = {"_s": "seconds", "_mb": "MiB", "_days": "days", "_percent": "percent", "_mtok": "USD"}
NAMED = {Provider: "providers.NAME.", Model: "models.NAME."}


def fields(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every single setting by its path; what has names of its own stands under ``NAME``."""
    for name, info in section.model_fields.items():
        inner = next((each for each in NAMED if each in get_args(info.annotation)), None)
        if inner is not None:
            yield from fields(inner, NAMED[inner])
        elif isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from fields(info.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, info


SETTINGS = dict(fields(Settings))


def written(default: Any) -> str:
    """A default as it would stand in the file."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, Mapping):
        return "{}"
    if isinstance(default, tuple):
        return str(list(default))
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)


def test_every_setting_is_told_and_no_other() -> None:
    assert sorted(TOLD) == sorted(SETTINGS)


@pytest.mark.parametrize("path", SETTINGS)
def test_its_default_is_the_one_told(path: str) -> None:
    info = SETTINGS[path]
    default = info.get_default(call_default_factory=not info.default_factory_takes_validated_data)
    told, _ = TOLD[path]
    follows = info.is_required() or info.default_factory_takes_validated_data
    assert follows or told == written(default)


@pytest.mark.parametrize("path", [path for path in SETTINGS if path.endswith(tuple(UNITS))])
def test_its_unit_is_told(path: str) -> None:
    [unit] = [unit for ending, unit in UNITS.items() if path.endswith(ending)]
    assert unit in TOLD[path][1]
