"""Values in force as they may be shown: of a secret URL only the password is hidden."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr

from orouter.settings.schema import Section, Settings

_PASSWORD = re.compile(r"(://[^/@]*?:)[^@]*(?=@)")


def flat(settings: Settings) -> list[tuple[str, Any]]:
    """Every value by its dotted path; secrets are masked."""
    return list(_flat("", settings))


def shown(value: Any) -> Any:
    """One value, masked if it is secret."""
    if isinstance(value, tuple):
        return [shown(each) for each in value]
    if not isinstance(value, SecretStr):
        return value
    url = _PASSWORD.sub(r"\1***", value.get_secret_value())
    return url if "://" in url else "***"


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Section):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}".removeprefix("."), inner)
    else:
        yield path, shown(value)
