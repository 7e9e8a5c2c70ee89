"""Files that only their owner may read."""

import os
import secrets
from pathlib import Path

from orouter.errors import Conflict


def write_secret(path: Path, content: str) -> None:
    """Makes a file of mode 0600, with its directory. Raises Conflict where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{path} is there already", hint="it was left as it is") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)


def make_secret_key(path: Path) -> None:
    """Writes a new secret key: 48 random bytes. Raises Conflict where there is one."""
    write_secret(path, secrets.token_urlsafe(48) + "\n")
