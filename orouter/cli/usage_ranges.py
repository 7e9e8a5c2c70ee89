"""Options that ``stats`` and ``logs`` share: which stretch of time, whose requests."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli.invocation import Context, given

if TYPE_CHECKING:  # takes longer to import than ``--help`` may take
    from orouter.usage.periods import Span

Month = Annotated[str | None, typer.Option(metavar="MONTH", help="this, last or 2026-10.")]
Day = Annotated[str | None, typer.Option(metavar="DAY", help="today, yesterday or 2026-10-31.")]
Week = Annotated[str | None, typer.Option(metavar="WEEK", help="this, last or 2026-W44.")]
Year = Annotated[str | None, typer.Option(metavar="YEAR", help="this, last or 2026.")]
Since = Annotated[str | None, typer.Option(metavar="TIME", help="2026-10-01, a time, or 90d.")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="As --since; includes a day.")]
Org = Annotated[list[str] | None, typer.Option(help="Id or exact name; repeat for more.")]
Key = Annotated[list[str] | None, typer.Option(help="Id, ORG/NAME or a unique name; repeat.")]
Provider = Annotated[list[str] | None, typer.Option(help="Who answered; repeat for more.")]
Model = Annotated[list[str] | None, typer.Option(help="The model, with its provider; repeat.")]


def spoken(ctx: Context, **options: str | None) -> dict[str, Any]:
    """The options of a range that were said, and ``--tz``, as statistics are asked for."""
    return given(tz=ctx.obj.tz, **options)


def span_of(ctx: Context, said: Mapping[str, str]) -> "Span":
    """The range that was said, this month without any. Raises InvalidRequest."""
    from orouter.services import time_ranges

    return time_ranges.chosen_span(said, ctx.obj.zone, now())


def now() -> int:
    """The present, in microseconds since the epoch."""
    return time.time_ns() // 1000


Several = list[str] | None


def filters(
    ctx: Context, org: Several, key: Several, provider: Several, model: Several
) -> dict[str, Any]:
    """Whose requests: ids of organizations and keys, however they were named. NotFound."""
    from orouter.schemas.actor import CLI
    from orouter.services import keys, organizations

    return {
        "org": [ctx.obj.ask(organizations.get, each, CLI).id for each in org or ()],
        "key": [ctx.obj.ask(keys.get, each, CLI).id for each in key or ()],
        "provider": provider or [],
        "model": model or [],
    }
