"""Options that ``stats`` and ``logs`` share: which stretch of time, whose requests."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli.invocation import Context

if TYPE_CHECKING:  # takes longer to import than ``--help`` may take
    from orouter.usage.periods import Span

Month = Annotated[str | None, typer.Option(metavar="MONTH", help="this, last or 2026-10.")]
Day = Annotated[str | None, typer.Option(metavar="DAY", help="today, yesterday or 2026-10-31.")]
Week = Annotated[str | None, typer.Option(metavar="WEEK", help="this, last or 2026-W44.")]
Year = Annotated[str | None, typer.Option(metavar="YEAR", help="this, last or 2026.")]
Since = Annotated[str | None, typer.Option(metavar="TIME", help="2026-10-01, a time, or 90d.")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="As --since; includes a day.")]
Org = Annotated[str | None, typer.Option(help="Id or exact name of an organization.")]
Key = Annotated[str | None, typer.Option(help="Id, ORG/NAME or a unique name.")]
Provider = Annotated[str | None, typer.Option(help="Who answered.")]
Model = Annotated[str | None, typer.Option(help="The model asked for, with its provider.")]


def span_of(ctx: Context, **said: str | None) -> "Span":
    """The range that options name, this month without any. Raises InvalidRequest."""
    from orouter.services import time_ranges

    zone, at = ctx.obj.zone, time.time_ns() // 1000
    since, until = said.pop("since", None), said.pop("until", None)
    named = {name: text for name, text in said.items() if text is not None}
    if len(named) + bool(since or until) > 1:
        raise typer.BadParameter("say one of --day, --week, --month, --year, --since/--until")
    if since or until:
        return time_ranges.custom_span(since or "", until or "", zone, at)
    name, text = next(iter(named.items()), ("month", "this"))
    read = {
        "day": time_ranges.day_span,
        "week": time_ranges.week_span,
        "month": time_ranges.month_span,
        "year": time_ranges.year_span,
    }
    return read[name](text, zone, at)


def owner_ids(ctx: Context, org: str | None, key: str | None) -> dict[str, Any]:
    """Ids of an organization and a key, however they were named. Raises NotFound."""
    from orouter.schemas.actor import CLI
    from orouter.services import keys, organizations

    found = {}
    if org is not None:
        found["org"] = ctx.obj.ask(organizations.get, org, CLI).id
    if key is not None:
        found["key"] = ctx.obj.ask(keys.get, key, CLI).id
    return found
