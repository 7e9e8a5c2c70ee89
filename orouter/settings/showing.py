"""Values in force as they may be shown, and who set them.

Of a secret URL only the password is hidden.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pydantic import SecretStr

from orouter.settings.schema import Settings
from orouter.settings.section import Section

_PASSWORD = re.compile(r"(://[^/@]*?:)[^@]*(?=@)")

OriginKind = Literal["default", "file", "environment", "stored", "flag"]


class Origin(NamedTuple):
    """Who set a value; ``detail`` is file and line, or the environment variable."""

    kind: OriginKind
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether it hides what is stored."""
        return self.kind in ("flag", "environment")

    def __str__(self) -> str:
        return f"the environment variable {self.detail}" if self.detail else "a flag"


def origin(settings: Settings, path: str) -> Origin:
    """Who set the value at a dotted path."""
    said = settings.origin(path)
    if said.startswith("env:"):
        return Origin("environment", said.removeprefix("env:"))
    for kind in _PLAIN:
        if said == kind:
            return Origin(kind)
    return Origin("file", said)


_PLAIN: tuple[OriginKind, ...] = ("default", "flag", "stored")


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
