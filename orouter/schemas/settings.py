"""Settings over HTTP: every value in force, who says so, and what may be changed."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from orouter.settings.describing import Kind
from orouter.settings.showing import OriginKind

Value = str | bool | int | float | list[str] | None


class SettingPublic(BaseModel):
    """One setting. ``value`` and ``default`` of a secret are masked, None where there is none."""

    path: str
    """Dotted, as ``orouter config show`` has it."""
    section: str
    """Empty on the top level."""
    kind: Kind
    value: Value
    default: Value
    origin: OriginKind
    origin_detail: str
    """File and line, or the environment variable; else empty."""
    editable: bool
    """Whether it can be changed here: it can take effect at once, and nothing hides it."""
    restart_needed: bool
    """Whether a change of it elsewhere waits for a restart."""
    choices: list[str] | None
    minimum: float | None
    maximum: float | None
    more_than: float | None
    """The value must be above this one."""
    description: str
    """Backticks set off what is code."""


class SettingLine(BaseModel):
    """One value in force, masked if it is secret; ``origin`` in short: ``env:NAME``, FILE:LINE."""

    setting: str
    value: Any
    origin: str


class SettingList(BaseModel):
    """All settings, in the order of the configuration file."""

    items: list[SettingPublic]


class SettingsChange(BaseModel):
    """Values by path; None forgets a stored value, so that file or default hold again."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    values: dict[str, Value] = Field(min_length=1, max_length=100)
