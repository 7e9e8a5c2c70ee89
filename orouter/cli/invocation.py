"""One run of the command line: its global options, and what commands ask of their surroundings.

Nothing heavy is imported before a command needs it: ``orouter --help`` must be instant.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

import typer

from orouter.cli.answers import Answers
from orouter.errors import DatabaseUnavailable, InvalidRequest, SchemaBehind

if TYPE_CHECKING:  # each takes longer to import than most commands to run
    from sqlmodel import Session

    from orouter.cli.remote import Remote
    from orouter.db.session import Database
    from orouter.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Invocation(Answers):
    """The global options, as fields, and what follows from them."""

    config: str | None = None
    tz: str | None = None
    debug: bool = False
    server: str | None = None

    @cached_property
    def remote(self) -> "Remote | None":
        """The server that is asked instead of the database, if one is named."""
        from orouter.cli.remote import Remote

        url = self.server or os.environ.get("OROUTER_SERVER_URL")
        return Remote(url) if url else None

    @cached_property
    def settings(self) -> "Settings":
        """The configuration in force. Raises ConfigurationError."""
        return self.load({})

    @cached_property
    def in_force(self) -> "Settings":
        """The configuration with what is stored, as a server has it. Raises ConfigurationError."""
        return self.stored_anew()

    @property
    def known(self) -> "Settings":
        """`in_force` for verbs that change something; a server has its own."""
        return cast("Settings", None) if self.remote else self.in_force

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
        """The configuration with some values set by flags. InvalidRequest if it is elsewhere."""
        from orouter.settings import load

        if self.remote:
            from orouter.cli.remote import only_here

            raise only_here()
        return load(self.config, flags)

    @cached_property
    def database(self) -> "Database":
        """The configured database; it is not asked anything yet."""
        return database_of(self.settings)

    @cached_property
    def pepper(self) -> bytes:
        """What keys are digested with. Raises ConfigurationError without a secret key."""
        if self.remote:
            return b""  # the server has its own
        from orouter.services.key_secrets import pepper

        return pepper(self.settings.require_secret_key().get_secret_value())

    def call(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` in a transaction of its own, or done by the server."""
        if self.remote:
            return cast("T", self.remote.perform(verb, *args, **kwargs))
        return self.database.call(verb, *args, **kwargs)

    def ask(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` that only reads."""
        if self.remote:
            return cast("T", self.remote.perform(verb, *args, **kwargs))
        with self.database.read() as session:
            return verb(session, *args, **kwargs)

    def see(
        self, verb: Callable[Concatenate["Settings", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What ``verb(settings, ...)`` makes of what is in force now."""
        if self.remote:
            return cast("T", self.remote.perform(verb, *args, **kwargs))
        return verb(self.stored_anew(), *args, **kwargs)

    def sum_up(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same on the replica, if there is one: statistics may be some seconds old."""
        if self.remote:
            return cast("T", self.remote.perform(verb, *args, **kwargs))
        with self.database.read(replica=True) as session:
            return verb(session, *args, **kwargs)

    @contextmanager
    def stream(
        self,
        verb: Callable[Concatenate["Session", P], Iterator[bytes]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Iterator[Iterator[bytes]]:
        """The pieces that ``verb(session, ...)`` makes of statistics, while they are wanted."""
        if self.remote:
            with self.remote.stream(verb, *args, **kwargs) as pieces:
                yield pieces
            return
        with self.database.read(replica=True) as session:
            yield verb(session, *args, **kwargs)

    def rehearse(
        self, verb: Callable[Concatenate["Session", P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What ``verb(session, ...)`` would answer; nothing of it stays."""
        if self.remote:
            return cast("T", self.remote.rehearse(verb, *args, **kwargs))
        from orouter.db.session import rehearsal

        return self.database.call(rehearsal(verb), *args, **kwargs)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of what is written and read: ``--tz``, else ``reporting_timezone``."""
        try:
            return ZoneInfo(self.tz) if self.tz else self.reporting_zone
        except (ValueError, OSError, LookupError):
            raise InvalidRequest(
                f"--tz {self.tz} is not an IANA time zone",
                hint="write it as in Europe/Berlin or UTC",
            ) from None

    @cached_property
    def reporting_zone(self) -> ZoneInfo:
        """The zone whose months and days are counted."""
        if self.remote:
            return ZoneInfo(self.remote.timezone)
        return ZoneInfo(self.settings.reporting_timezone)

    @property
    def base_url(self) -> str:
        """The address that an OpenAI client is given."""
        from orouter.cli.addresses import base_url

        return f"{self.remote.url}/v1" if self.remote else base_url(self.settings.server)

    def zone_of_times(self, *, people: bool) -> ZoneInfo | None:
        return self.zone if self.tz or people else None

    def close(self) -> None:
        """Gives back what was opened."""
        if "database" in vars(self):
            self.database.close()
        if (remote := vars(self).get("remote")) is not None:
            remote.close()


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
