"""``orouter stats``."""

import sys
import time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from orouter.cli.export_files import destination, written
from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.usage_ranges import (
    Day,
    Key,
    Model,
    Month,
    Org,
    Provider,
    Since,
    Until,
    Week,
    Year,
    owner_ids,
    span_of,
)
from orouter.schemas.actor import CLI
from orouter.schemas.requests import RequestListing
from orouter.schemas.statistics import GROUPS, StatsReport
from orouter.services import exports, statistics
from orouter.services.rebuild import rebuild as rebuild_days
from orouter.services.statistics import StatsQuery
from orouter.usage.periods import moment

app = noun("Statistics: requests, tokens, cost and latency, from this month on or of any range.")

_FIGURES = ("requests", "errors", "input_tokens", "output_tokens", "total_tokens", "cost_usd")
_NAMES = {"org": ("org_id", "org"), "key": ("key_id", "key")}
_OWN = ("provider", "model", "status", "hour_of_day", "weekday")

By = Annotated[str, typer.Option(metavar="GROUPS", help=f"Comma-separated: {', '.join(GROUPS)}.")]


@app.command()
def show(
    ctx: Context,
    by: By = "model",
    month: Month = None,
    day: Day = None,
    week: Week = None,
    year: Year = None,
    since: Since = None,
    until: Until = None,
    org: Org = None,
    key: Key = None,
    provider: Provider = None,
    model: Model = None,
) -> None:
    """Show usage, grouped."""
    said = {"month": month, "day": day, "week": week, "year": year, "since": since, "until": until}
    who = {"org": org, "key": key, "provider": provider, "model": model}
    wanted = _wanted(ctx, by, said, who)
    _answer(ctx, _ask(ctx, statistics.query, wanted))


@app.command()
def top(
    ctx: Context,
    by: By = "org",
    measure: Annotated[Literal["cost", "requests", "errors", "tokens"], typer.Option()] = "cost",
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 10,
    month: Month = None,
    day: Day = None,
    week: Week = None,
    year: Year = None,
    since: Since = None,
    until: Until = None,
    org: Org = None,
    key: Key = None,
    provider: Provider = None,
    model: Model = None,
) -> None:
    """Show who or what uses most."""
    said = {"month": month, "day": day, "week": week, "year": year, "since": since, "until": until}
    who = {"org": org, "key": key, "provider": provider, "model": model}
    wanted = _wanted(ctx, by, said, who)
    _answer(ctx, _ask(ctx, statistics.top, wanted, measure=measure, limit=limit))


@app.command()
def watch(
    ctx: Context,
    by: By = "model",
    interval: Annotated[float, typer.Option(min=0.2, help="Seconds between looks.")] = 2.0,
    times: Annotated[int | None, typer.Option(min=1, help="Stop after as many looks.")] = None,
    org: Org = None,
    key: Key = None,
    provider: Provider = None,
    model: Model = None,
) -> None:
    """Show today's usage again and again, until interrupted."""
    who = {"org": org, "key": key, "provider": provider, "model": model}
    looks = 0
    while True:
        report = _ask(ctx, statistics.query, _wanted(ctx, by, {"day": "today"}, who))
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[H\x1b[2J")
        _answer(ctx, report)
        sys.stdout.flush()
        looks += 1
        if looks == times:
            return
        time.sleep(interval)


@app.command()
def export(
    ctx: Context,
    by: Annotated[str, typer.Option(help="hour, day, week, month or year.")] = "month",
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated (the default).")] = False,
    json: Annotated[bool, typer.Option("--json", help="One array.")] = False,
    ndjson: Annotated[bool, typer.Option("--ndjson", help="One object a line.")] = False,
    detail: Annotated[bool, typer.Option("--detail", help="Every request.")] = False,
    out: Annotated[str, typer.Option(metavar="FILE|-", help="{month} is filled in.")] = "-",
    gzip: Annotated[bool, typer.Option("--gzip", help="Compress.")] = False,
    month: Month = None,
    day: Day = None,
    week: Week = None,
    year: Year = None,
    since: Since = None,
    until: Until = None,
    org: Org = None,
    key: Key = None,
    provider: Provider = None,
    model: Model = None,
) -> None:
    """Write usage for other programs: silent on success, whole or not at all."""
    said = {"month": month, "day": day, "week": week, "year": year, "since": since, "until": until}
    who = {"org": org, "key": key, "provider": provider, "model": model}
    wanted = _wanted(ctx, by, said, who)
    form = _form(ctx, csv=csv, json=json, ndjson=ndjson)
    named = out.replace(
        "{month}", moment(wanted.span.start).astimezone(ctx.obj.zone).strftime("%Y-%m")
    )
    with ctx.obj.database.read(replica=True) as session:
        if detail:
            listing = RequestListing(**_filters(wanted))
            pieces = exports.detail(session, listing, wanted, CLI, form)
        else:
            pieces = exports.summary(session, wanted, CLI, form)
        with destination(None if named == "-" else Path(named), compressed=gzip) as file:
            written(pieces, file)


@app.command()
def rebuild(ctx: Context, since: Since = None, until: Until = None) -> None:
    """Add the statistics up again from the requests that are kept; right ones do not change."""
    span = span_of(ctx, since=since, until=until) if since or until else None
    zone = ZoneInfo(ctx.obj.settings.reporting_timezone)
    days = []
    for each in rebuild_days(ctx.obj.database, zone, span):
        state = "kept: its requests are gone" if each.requests is None else "rebuilt"
        days.append({"day": each.name, "requests": each.requests, "state": state})
    ctx.obj.rows(days, ("day", "requests", "state"), identity="day")


def _wanted(
    ctx: Context, by: str, said: dict[str, str | None], who: dict[str, str | None]
) -> StatsQuery:
    groups = tuple(group for name in by.split(",") for group in GROUPS if group == name.strip())
    if len(groups) != len(by.split(",")):
        raise typer.BadParameter(f"{by!r}: say some of {', '.join(GROUPS)}", param_hint="--by")
    return StatsQuery(
        span=span_of(ctx, **said),
        stored_zone=ZoneInfo(ctx.obj.settings.reporting_timezone),
        zone=ctx.obj.zone,
        group_by=groups,
        provider=who["provider"] or "",
        model=who["model"] or "",
        **owner_ids(ctx, who["org"], who["key"]),
    )


def _ask(ctx: Context, verb: Any, wanted: StatsQuery, **more: Any) -> StatsReport:
    with ctx.obj.database.read(replica=True) as session:
        report: StatsReport = verb(session, wanted, CLI, **more)
    return report


def _answer(ctx: Context, report: StatsReport) -> None:
    groups = [name for group in report.group_by for name in _fields(group)]
    known = {*groups, *type(report.totals).model_fields}
    rows = [row.model_dump(include=known) for row in report.rows]
    ordered = [{name: row[name] for name in (*groups, *(known - {*groups}))} for row in rows]
    shown = [name for name in groups if not name.endswith("_id")]
    ctx.obj.rows(ordered, (*shown, *_FIGURES), identity=groups[0])
    totals = report.totals
    cost = "unknown" if totals.cost_usd is None else f"${totals.cost_usd}"
    ctx.obj.note(
        f"{report.start} to {report.end}: {totals.requests} requests, {totals.errors} errors, "
        f"{totals.total_tokens} tokens, {cost}"
    )


def _fields(group: str) -> tuple[str, ...]:
    return _NAMES.get(group) or ((group,) if group in _OWN else ("period",))


def _form(ctx: Context, **flags: bool) -> exports.Format:
    said = [name for name, on in flags.items() if on]
    if len(said) > 1:
        raise typer.BadParameter("say one of --csv, --json, --ndjson")
    asked = said[0] if said else ctx.obj.output
    if asked == "json":
        return "json"
    return "ndjson" if asked == "ndjson" else "csv"


def _filters(wanted: StatsQuery) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in ("org", "key", "provider", "model")}
