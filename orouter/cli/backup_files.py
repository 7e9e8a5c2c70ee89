"""Backups as files: how they are named, and which of them are too many."""

import re
from datetime import UTC, datetime
from pathlib import Path

from orouter.errors import InvalidRequest

DEFAULT = "orouter-{date}.backup.gz"
_DATE = r"\d{4}-\d{2}-\d{2}T\d{6}Z"


def named(pattern: str, now: datetime, *, dated: bool = False) -> Path:
    """The file; ``{date}`` is the moment in UTC, so that names sort by age.

    Raises InvalidRequest if it must be ``dated`` and is not.
    """
    if dated and "{date}" not in Path(pattern).name:
        raise InvalidRequest("--keep needs {date} in the name of --out", hint=f"Such as {DEFAULT}.")
    return Path(pattern.replace("{date}", now.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")))


def superfluous(pattern: str, keep: int) -> list[Path]:
    """The files of a dated pattern but for the newest ``keep``."""
    path = Path(pattern)
    shape = re.compile(_DATE.join(map(re.escape, path.name.split("{date}"))))
    found = [each for each in path.parent.iterdir() if shape.fullmatch(each.name)]
    return sorted(found, key=lambda each: each.name)[:-keep]
