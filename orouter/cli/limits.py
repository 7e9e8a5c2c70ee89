"""``orouter limits``."""

from collections.abc import Iterator
from time import time_ns
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from orouter.cli import values
from orouter.cli.frame import noun
from orouter.cli.invocation import Context, every_page, given
from orouter.cli.later import later
from orouter.errors import CheckFailed, InvalidRequest
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter import models
    from orouter.models.limit import PeriodReport, Scope
    from orouter.schemas.pages import Page
    from orouter.services import limit_overview, limits
    from orouter.usage import counters
    from orouter.usage.reconcile import Drift
else:
    models = later("orouter.models")
    limit_overview = later("orouter.services.limit_overview")
    limits = later("orouter.services.limits")
    counters = later("orouter.usage.counters")

app = noun("Limits of an organization, or with --key of a key, per calendar month and year.")

COLUMNS = (
    *("name", "scope", "period", "dimension", "limit", "used", "reserved", "remaining"),
    *("percent", "projected", "resets_at"),
)
MOST_PERCENT = 1000
"""The most that a listing can be asked for; what is fuller is among the rest."""
NEARING = ("name", "scope", "period", "dimension", "limit", "used", "percent", "resets_at")

Org = Annotated[str | None, typer.Argument(metavar="[ORG]", help="Id or exact name.")]
Key = Annotated[str | None, typer.Option("--key", metavar="KEY", help="Id or name of a key.")]
Amount = Annotated[
    str | None, typer.Option(metavar="N", help="Such as 5000 or 5k; none: no limit.")
]
Usd = Annotated[str | None, typer.Option(metavar="USD", help="Such as 12.50; none: no limit.")]


@app.command("set")
def set_limits(
    ctx: Context,
    org: Org = None,
    key: Key = None,
    requests: Amount = None,
    tokens: Amount = None,
    cost: Usd = None,
    period: Annotated[Literal["month", "year"], typer.Option()] = "month",
) -> None:
    """Set limits; those that are not named stay as they are."""
    said = given(requests=requests, tokens=tokens, cost=cost)
    amounts = {name: _amount(name, text) for name, text in said.items()}
    change = models.LimitSet(period=period, **amounts)
    scope, ref = _owner(org, key)
    ctx.obj.call(limits.put, scope, ref, change, CLI)
    _answer(ctx, _report(ctx, scope, ref), unlimited=True)


@app.command()
def show(ctx: Context, org: Org = None, key: Key = None) -> None:
    """Show limits, what is used of them, when they reset and where use is heading."""
    if org is None and key is None:
        _all(ctx)
        return
    _answer(ctx, _report(ctx, *_owner(org, key)), unlimited=True)


@app.command()
def clear(
    ctx: Context,
    org: Org = None,
    key: Key = None,
    period: Annotated[Literal["month", "year"] | None, typer.Option(help="Else both.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show them, do nothing.")] = False,
) -> None:
    """Take limits away."""
    scope, ref = _owner(org, key)
    found = _report(ctx, scope, ref)
    if dry_run:
        _answer(ctx, found)
        return
    ctx.obj.confirm(f"Take the limits of {found.name} away?")
    ctx.obj.call(limits.remove, scope, ref, period, CLI)
    _answer(ctx, _report(ctx, scope, ref))


@app.command()
def check(
    ctx: Context,
    threshold: Annotated[float, typer.Option(min=0.1, help="Percent used.")] = 90,
    mend: Annotated[
        bool, typer.Option(help="Set counters right that disagree with usage.")
    ] = False,
) -> None:
    """List limits that are nearly used up, and check the counters; either ends with exit code 6."""
    drifted = _drifted(ctx, mend=mend)
    near = _nearing(ctx, threshold)
    if near or ctx.obj.output is not None:
        ctx.obj.rows(near, NEARING, identity="subject_id")
    for each in drifted:
        ctx.obj.note(f"{each.hold}: counted {each.counted}, should be {each.expected}")
    if drifted and not mend:
        raise CheckFailed(
            f"{len(drifted)} counters disagree with usage", hint="orouter limits check --mend"
        )
    if near:
        raise CheckFailed(
            f"{len(near)} limits are used to {threshold:g} % or more",
            hint="orouter limits set raises one",
        )


def _nearing(ctx: Context, threshold: float) -> "list[limits.Nearing]":
    found = _standings(ctx, at_least=min(threshold, MOST_PERCENT), sort="-percent")
    return limit_overview.near(found, threshold)


def _drifted(ctx: Context, *, mend: bool) -> "list[Drift]":
    """Counters are looked at where the database is; a server is only asked for limits."""
    if ctx.obj.remote and not mend:
        return []
    return ctx.obj.call(limits.drift, *_now(ctx), mend=mend)


def _amount(name: str, text: str) -> Any:
    read = values.money if name == "cost" else values.count
    try:
        return None if text == "none" else read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{name}") from None


def _owner(org: str | None, key: str | None) -> "tuple[Scope, str]":
    if (org is None) == (key is None):
        raise InvalidRequest("Name an organization, or a key with --key.")
    return ("key", key) if key is not None else ("org", org or "")


def _now(ctx: Context) -> tuple[int, ZoneInfo]:
    return time_ns() // 1000, ctx.obj.reporting_zone


def _report(ctx: Context, scope: "Scope", ref: str) -> "models.LimitReport":
    return ctx.obj.ask(limits.report, scope, ref, CLI, *_now(ctx))


def _standings(ctx: Context, **asked: Any) -> "list[models.LimitStanding]":
    """All limits within reach that are full enough."""
    now = _now(ctx)

    def ask(page: int) -> "Page[models.LimitStanding]":
        listing = models.LimitListing(page=page, page_size=200, **asked)
        return ctx.obj.ask(limit_overview.listing, listing, CLI, *now)

    return list(every_page(ask))


def _all(ctx: Context) -> None:
    """One line for each limit that there is: of organizations, then of keys, by their names."""
    found = _standings(ctx, sort="name")
    found.sort(key=lambda each: (each.scope == "key", each.name, each.id, each.period))
    ctx.obj.rows([line for each in found for line in _lines(each, each.id, each)], COLUMNS)


def _answer(ctx: Context, report: "models.LimitReport", *, unlimited: bool = False) -> None:
    """One line for each limit, or for everything that could have one."""
    lines = [
        line
        for period in report.periods
        for line in _lines(report, report.subject_id, period, unlimited=unlimited)
    ]
    ctx.obj.rows(lines, COLUMNS)


def _lines(
    subject: "models.LimitReport | models.LimitStanding",
    identity: str,
    period: "PeriodReport",
    *,
    unlimited: bool = False,
) -> Iterator[dict[str, Any]]:
    for dimension in counters.DIMENSIONS:
        report = getattr(period, dimension)
        if unlimited or report.limit is not None:
            yield {
                "id": identity,
                "name": subject.name,
                "scope": subject.scope,
                "period": period.period,
                "dimension": dimension,
                **report.model_dump(),
                "resets_at": period.resets_at,
            }
