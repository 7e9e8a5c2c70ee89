"""``orouter stats``."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, cast, get_args
from zoneinfo import ZoneInfo

import typer

from orouter.cli.export_files import destination, written
from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.progress import counted
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
    filters,
    now,
    span_of,
    spoken,
)
from orouter.schemas.actor import CLI
from orouter.schemas.statistics import GROUPS, GroupBy, StatsReport
from orouter.schemas.stats_requests import ExportAsked, StatsAsked, TopAsked
from orouter.services import exports, stats_reading
from orouter.services.rebuild import rebuild as rebuild_days
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
    said = spoken(ctx, month=month, day=day, week=week, year=year, since=since, until=until)
    said |= filters(ctx, org, key, provider, model)
    asked = StatsAsked(group_by=_groups(by), **said)
    _answer(ctx, _ask(ctx, stats_reading.report, asked))


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
    said = spoken(ctx, month=month, day=day, week=week, year=year, since=since, until=until)
    said |= filters(ctx, org, key, provider, model)
    asked = TopAsked(group_by=_groups(by), measure=measure, limit=limit, **said)
    _answer(ctx, _ask(ctx, stats_reading.top, asked))


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
    who = filters(ctx, org, key, provider, model)
    asked = StatsAsked(group_by=_groups(by), tz=ctx.obj.tz or "", day="today", **who)
    looks = 0
    while True:
        report = _ask(ctx, stats_reading.report, asked)
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
    said = spoken(ctx, month=month, day=day, week=week, year=year, since=since, until=until)
    said |= filters(ctx, org, key, provider, model)
    form = _form(ctx, csv=csv, json=json, ndjson=ndjson)
    asked = ExportAsked(group_by=_groups(by), format=form, detail=detail, **said)
    file = _named(ctx, out, said)
    pieces = ctx.obj.stream(stats_reading.exported, asked, CLI, ctx.obj.reporting_zone, now())
    with pieces as found, destination(file, compressed=gzip) as opened:
        written(found, opened, partial(_requests, ctx, asked) if detail else None)


@app.command()
def rebuild(ctx: Context, since: Since = None, until: Until = None) -> None:
    """Add the statistics up again from the requests that are kept; right ones do not change."""
    zone = ZoneInfo(ctx.obj.settings.reporting_timezone)
    span = span_of(ctx, spoken(ctx, since=since, until=until)) if since or until else None
    days = []
    for each in counted(rebuild_days(ctx.obj.database, zone, span), "days"):
        state = "kept: its requests are gone" if each.requests is None else "rebuilt"
        days.append({"day": each.name, "requests": each.requests, "state": state})
    ctx.obj.rows(days, ("day", "requests", "state"), identity="day")


def _groups(by: str) -> list[GroupBy]:
    groups = [group for name in by.split(",") for group in GROUPS if group == name.strip()]
    if len(groups) != len(by.split(",")):
        raise typer.BadParameter(f"{by!r}: say some of {', '.join(GROUPS)}", param_hint="--by")
    return groups


def _ask(ctx: Context, verb: Callable[..., StatsReport], asked: StatsAsked) -> StatsReport:
    return ctx.obj.sum_up(verb, asked, CLI, ctx.obj.reporting_zone, now())


def _requests(ctx: Context, asked: ExportAsked) -> int:
    """How many requests an export is about."""
    plain = StatsAsked(**asked.model_dump(exclude={"format", "detail", "group_by", "durations"}))
    return _ask(ctx, stats_reading.report, plain).totals.requests


def _named(ctx: Context, out: str, said: dict[str, str]) -> Path | None:
    """The file of an export; ``{month}`` is that of the range's first moment."""
    if out == "-":
        return None
    month = moment(span_of(ctx, said).start).astimezone(ctx.obj.zone).strftime("%Y-%m")
    return Path(out.replace("{month}", month))


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
    form = said[0] if said else ctx.obj.output or "csv"
    known = next((each for each in get_args(exports.Format) if each == form), None)
    if known is None:
        raise typer.BadParameter("an export is csv, json or ndjson", param_hint="--output")
    return cast("exports.Format", known)
