"""How a command answers: results on standard output in the form asked for, the rest beside it."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import typer

from orouter.cli.output import Style, write_lines, write_list, write_more, write_one
from orouter.errors import ConfirmationNeeded


@dataclass
class Answers:
    """The global options that answers depend on, as fields."""

    output: str | None = None
    quiet: bool = False
    yes: bool = False
    no_color: bool = False

    def zone_of_times(self, *, people: bool) -> ZoneInfo | None:
        """The zone that times are written in; None is UTC."""
        raise NotImplementedError

    @property
    def style(self) -> Style:
        """The form asked for, else tables on a terminal and tab-separated lines in a pipe."""
        terminal = sys.stdout.isatty()
        form = self.output or ("table" if terminal else "plain")
        people = form in ("table", "markdown")
        color = terminal and not self.no_color and not os.environ.get("NO_COLOR")
        return Style(form, self.zone_of_times(people=people), color)

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

    def growing(self, items: Sequence[Any], columns: Sequence[str], *, first: bool) -> None:
        """Answers some more of a list that has no end; ``-q``: only the ids."""
        if self.quiet:
            write_lines(_identity(item, "id") for item in items)
            sys.stdout.flush()
        else:
            write_more(items, columns, self.style, first=first)

    def secret(
        self, item: Any, secret: str, note: str = "The key is shown this once: keep it now."
    ) -> None:
        """Answers a thing with the secret in it; alone in a pipe or with ``-q``."""
        if self.quiet or (self.output is None and not sys.stdout.isatty()):
            write_lines([secret])
            return
        write_one(item, self.style)
        self.note(note)

    def verdict(self, text: str, item: Mapping[str, Any], *, silent: bool = False) -> None:
        """Answers in words; a program that names a format gets the item.

        ``silent``: a pipe and cron, where nobody reads, get nothing.
        """
        if self.output is not None:
            self.item(item, identity=next(iter(item)))
        elif sys.stdout.isatty() or not silent:
            self.note(text)

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


def _identity(item: Any, name: str) -> str:
    value = item[name] if isinstance(item, dict) else getattr(item, name)
    return str(value)
