"""Whether an installation is in order, check by check, and how to mend what is not."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlmodel import SQLModel

from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable, OrouterError
from orouter.services import schema
from orouter.services.providers import Trial
from orouter.settings import SECRET_KEY_FILE, Settings
from orouter.usage.segments import HEAD, writers

CLOCK_WARN_S, CLOCK_FAIL_S = 2.0, 30.0
DISK_WARN, DISK_FAIL = 1 << 30, 100 << 20
"""Free bytes."""
BACKLOG_WARN = 64 << 20
"""Bytes of journal that wait for the database."""

State = Literal["ok", "warn", "fail"]


class Finding(SQLModel):
    """What one check found; ``mend`` is empty where nothing is to be done."""

    check: str
    state: State
    found: str
    mend: str = ""


def examine(settings: Settings, database: Database) -> list[Finding]:
    """Every check that needs no provider. A check that cannot be made has failed."""
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("configuration", lambda: _configuration(settings)),
        ("secret key", lambda: _secret_key(settings)),
        ("database", lambda: _database(database)),
        ("schema", lambda: _schema(database)),
        ("clock", lambda: _clock(database)),
        ("journal", lambda: _journal(settings)),
        ("providers", lambda: _providers(settings)),
        ("permissions", lambda: _permissions(settings, database)),
        *(("disk", lambda place=place: _disk(place)) for place in _places(settings, database)),
    ]
    return [_checked(name, check) for name, check in checks]


def of_trial(trial: Trial) -> Finding:
    """A request to a provider as a check."""
    if trial.ok:
        return _ok(f"provider {trial.key}", f"answered in {trial.latency_ms} ms")
    return _fail(f"provider {trial.key}", trial.error, "check its key, base_url and the network")


def _checked(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except OrouterError as e:
        return _fail(name, e.message, e.hint or "")
    except OSError as e:
        return _fail(name, e.strerror or str(e), "check the path and its permissions")


def _ok(check: str, found: str) -> Finding:
    return Finding(check=check, state="ok", found=found)


def _warn(check: str, found: str, mend: str) -> Finding:
    return Finding(check=check, state="warn", found=found, mend=mend)


def _fail(check: str, found: str, mend: str) -> Finding:
    return Finding(check=check, state="fail", found=found, mend=mend)


def _configuration(settings: Settings) -> Finding:
    return _ok("configuration", settings.file or "no file: defaults and environment")


def _secret_key(settings: Settings) -> Finding:
    if settings.secret_key is None:
        return _fail("secret key", "there is none", "orouter init makes one")
    file = Path(settings.secret_key_file or SECRET_KEY_FILE)
    origin = settings.origin("secret_key")
    if origin != str(file):
        return _ok("secret key", f"from {origin.removeprefix('env:')}")
    if file.stat().st_mode & 0o077:
        return _fail("secret key", f"{file} can be read by others", f"chmod 600 {file}")
    return _ok("secret key", f"{file}, for its owner only")


def _database(database: Database) -> Finding:
    _require(database)
    began = time.monotonic()
    with database.read() as session:
        session.connection().execute(sa.select(1))
    elapsed = (time.monotonic() - began) * 1000
    return _ok("database", f"{database.primary.place} answered in {elapsed:.0f} ms")


def _require(database: Database) -> None:
    """An SQLite file that is not there would be made by looking into it."""
    if not database.primary.exists():
        place = database.primary.place
        raise DatabaseUnavailable(f"There is no {place}", hint="orouter init makes it")


def _schema(database: Database) -> Finding:
    _require(database)
    with database.read() as session:
        return _ok("schema", schema.check(session))


def _clock(database: Database) -> Finding:
    """Limits and expiry go by the clock of each machine, so they must agree."""
    if database.primary.backend == "sqlite":
        return _ok("clock", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    began = time.time()
    with database.read() as session:
        now = session.connection().execute(sa.text("SELECT CURRENT_TIMESTAMP(6)")).scalar_one()
    theirs = now if now.tzinfo else now.replace(tzinfo=UTC)
    apart = abs(theirs.timestamp() - (began + time.time()) / 2)
    told = f"{apart:.1f} s from the database's clock"
    if apart < CLOCK_WARN_S:
        return _ok("clock", told)
    judged = _fail if apart > CLOCK_FAIL_S else _warn
    return judged("clock", told, "run an NTP client on both machines")


def _journal(settings: Settings) -> Finding:
    if settings.usage.mode == "direct":
        return _ok("journal", "not used: usage.mode is direct")
    folder = Path(settings.usage.journal_dir)
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return _fail("journal", f"{folder} cannot be written", f"give it to the user: {existing}")
    waiting = sum(_used(path) for writer in writers(folder) for path in writer.segments())
    told = f"{folder}, {waiting / 2**20:.1f} MiB in its segments"
    if waiting > BACKLOG_WARN:
        return _warn("journal", told, "see that a server runs and the database takes what it sends")
    return _ok("journal", told)


def _used(segment: Path) -> int:
    """Bytes on disk; the preallocated reserve of a writer counts for nothing."""
    with segment.open("rb") as file:
        file.seek(len(HEAD))
        return segment.stat().st_size if file.read(1).strip(b"\0") else 0


def _providers(settings: Settings) -> Finding:
    on = [name for name, provider in settings.providers.items() if provider.enabled]
    if not on:
        mend = "set a key, such as OPENAI_API_KEY, or serve with --demo"
        return _warn("providers", "none is switched on", mend)
    return _ok("providers", ", ".join(on))


def _permissions(settings: Settings, database: Database) -> Finding:
    """What this user must write, and what others must not read or change."""
    unwritable = [place for place in _folders(settings, database) if not os.access(place, _ENTER)]
    if unwritable:
        return _fail(
            "permissions", f"{unwritable[0]} cannot be written", "give it to the server's user"
        )
    for path, forbidden in _guarded(settings, database):
        if path.exists() and path.stat().st_mode & forbidden:
            told = f"{path} is open to others (mode {path.stat().st_mode & 0o777:o})"
            return _warn("permissions", told, f"chmod o-rwx,g-w {path}")
    return _ok("permissions", "what is written can be, what is secret is not open to others")


_ENTER = os.W_OK | os.X_OK
_WRITABLE_BY_OTHERS, _OPEN_TO_OTHERS = 0o022, 0o027


def _guarded(settings: Settings, database: Database) -> Iterator[tuple[Path, int]]:
    """Files, and the bits of their modes that let somebody else do harm."""
    if settings.file:
        text = Path(settings.file).read_text(encoding="utf-8")
        secret = any(each and each in text for each in settings.secrets())
        yield Path(settings.file), _OPEN_TO_OTHERS if secret else _WRITABLE_BY_OTHERS
    if database.primary.backend == "sqlite" and database.primary.url.database:
        yield Path(database.primary.url.database), _WRITABLE_BY_OTHERS


def _places(settings: Settings, database: Database) -> Iterator[Path]:
    """A folder on each file system that is written to."""
    seen = set()
    for place in _folders(settings, database):
        if place.stat().st_dev not in seen:
            seen.add(place.stat().st_dev)
            yield place


def _folders(settings: Settings, database: Database) -> Iterator[Path]:
    """The folders that are written to, or in which they will be made."""
    said = [settings.usage.journal_dir, settings.logging.file]
    if database.primary.backend == "sqlite":
        said.append(database.primary.url.database)
    for path in (Path(each).absolute() for each in said if each):
        yield next(each for each in (path, *path.parents) if each.is_dir())


def _disk(place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    told = f"{free / 2**30:.1f} GiB free at {place}"
    if free > DISK_WARN:
        return _ok("disk", told)
    judged = _fail if free < DISK_FAIL else _warn
    return judged(
        "disk", told, "make room, or shorten usage.retention_days and logging.rotate_keep"
    )
