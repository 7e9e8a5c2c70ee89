"""One run of the command line: its global options, and what commands ask of their surroundings.

Nothing heavy is imported before a command needs it: ``orouter --help`` must be instant.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import typer

from orouter.cli.output import Style, write_lines, write_list, write_one
from orouter.errors import (
    ConfirmationNeeded,
    DatabaseUnavailable,
    InvalidRequest,
    SchemaBehind,
)

if TYPE_CHECKING:  # each takes longer to import than most commands to run
    from sqlmodel import Session

    from orouter.db.session import Database
    from orouter.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Invocation:
    """The global options, as fields, and what follows from them."""

    config: str | None = None
    output: str | None = None
    quiet: bool = False
    yes: bool = False
    tz: str | None = None
    no_color: bool = False
    debug: bool = False

    @cached_property
    def settings(self) -> "Settings":
        """The configuration in force. Raises ConfigurationError."""
        return self.load({})

    @cached_property
    def in_force(self) -> "Settings":
        """The configuration with what is stored, as a server has it. Raises ConfigurationError."""
        return self.stored_anew()

    def stored_anew(self) -> "Settings":
        """The same, read once more. Without a database that answers, nothing is stored."""
        from orouter.services import stored_settings

        if not self.database.primary.exists():
            return self.settings
        try:
            stored = self.ask(stored_settings.all_values)
        except (DatabaseUnavailable, SchemaBehind) as error:
            self.note(f"Without stored settings: {error.message}.")
            return self.settings
        return stored_settings.in_force(self.settings, stored)

    def load(self, flags: Mapping[str, object]) -> "Settings":
        """The configuration with some values set by flags."""
        from orouter.settings import load

        return load(self.config, flags)

    @cached_property
    def database(self) -> "Database":
        """The configured database; it is not asked anything yet."""
        return database_of(self.settings)

    @cached_property
    def pepper(self) -> bytes:
        """What keys are digested with. Raises ConfigurationError without a secret key."""
        from orouter.services.key_secrets import pepper

        return pepper(self.settings.require_secret_key().get_secret_value())

    def call(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` in a transaction of its own."""
        return self.database.call(verb, *args, **kwargs)

    def ask(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` that only reads."""
        with self.database.read() as session:
            return verb(session, *args, **kwargs)

    def rehearse(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What ``verb(session, ...)`` would answer; nothing of it stays."""
        with self.database.begin() as session:
            answer = verb(session, *args, **kwargs)
            session.rollback()
        return answer

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of what is written and read: ``--tz``, else ``reporting_timezone``."""
        name = self.tz or self.settings.reporting_timezone
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            raise InvalidRequest(
                f"--tz {name} is not an IANA time zone", hint="write it as in Europe/Berlin or UTC"
            ) from None

    @property
    def style(self) -> Style:
        """The form asked for, else tables on a terminal and tab-separated lines in a pipe."""
        terminal = sys.stdout.isatty()
        form = self.output or ("table" if terminal else "plain")
        people = form in ("table", "markdown")
        zone = self.zone if self.tz or people else None
        return Style(form, zone, terminal and not self.no_color)

    def close(self) -> None:
        """Gives back what was opened."""
        if "database" in vars(self):
            self.database.close()

    def rows(self, items: Sequence[Any], columns: Sequence[str], *, identity: str = "id") -> None:
        """Answers a list; ``-q``: only the ids."""
        if self.quiet:
            write_lines(_identity(item, identity) for item in items)
            return
        write_list(items, columns, self.style)

    def item(self, item: Any, *, identity: str = "id") -> None:
        """Answers one thing; ``-q``: only its id."""
        if self.quiet:
            write_lines([_identity(item, identity)])
            return
        write_one(item, self.style)

    def secret(self, item: Any, secret: str) -> None:
        """Answers a thing with the secret in it; alone in a pipe or with ``-q``."""
        if self.quiet or (self.output is None and not sys.stdout.isatty()):
            write_lines([secret])
            return
        write_one(item, self.style)
        self.note("The key is shown this once: keep it now.")

    def note(self, text: str) -> None:
        """Tells a person something that is no result; ``-q`` silences it."""
        if not self.quiet:
            sys.stderr.write(text + "\n")

    def confirm(self, question: str) -> None:
        """Asks before something that destroys; without a terminal ``--yes`` is needed."""
        if self.yes:
            return
        if not sys.stdin.isatty():
            raise ConfirmationNeeded(
                f"{question} Nothing was done.", hint="say so with --yes, or look with --dry-run"
            )
        if not typer.confirm(question, err=True):
            raise typer.Exit(1)


class Context(typer.Context):
    """Typer's context, with the invocation in ``obj``."""

    obj: Invocation


def database_of(settings: "Settings") -> "Database":
    """The database that settings name."""
    from orouter.db.engine import Pool
    from orouter.db.session import Database

    said = settings.database
    replica = said.replica_url.get_secret_value() if said.replica_url else None
    pool = Pool(size=said.pool_size, recycle_s=said.pool_recycle_s)
    return Database(said.url.get_secret_value(), replica_url=replica, pool=pool)


def _identity(item: Any, name: str) -> str:
    value = item[name] if isinstance(item, dict) else getattr(item, name)
    return str(value)


def every_page(ask: Callable[[int], Any]) -> Iterable[Any]:
    """All items of a paged list; ``ask(page)`` gives a page, numbered from 1."""
    number, seen = 1, 0
    while True:
        page = ask(number)
        yield from page.items
        seen += len(page.items)
        if not page.items or seen >= page.total:
            return
        number += 1


def given(**options: Any) -> dict[str, Any]:
    """The options that were said: None means that one was not."""
    return {name: value for name, value in options.items() if value is not None}
