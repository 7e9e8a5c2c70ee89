"""``orouter logs``."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli import values
from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.later import later
from orouter.cli.usage_ranges import Key, Model, Org, Provider, Since, Until, filters, now
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.schemas import requests, stats_requests
    from orouter.services import stats_reading
else:
    stats_requests = later("orouter.schemas.stats_requests")
    stats_reading = later("orouter.services.stats_reading")

app = noun("The request log: single requests, newest first.")

COLUMNS = (
    *("at", "id", "org", "key", "model", "status", "code"),
    *("input_tokens", "output_tokens", "cost_usd", "latency_ms"),
)
POLL_SECONDS = 0.5
_AT_ONCE = 200

Errors = Annotated[bool, typer.Option("--errors", help="Only those that failed.")]
Slow = Annotated[str | None, typer.Option(metavar="TIME", help="Only slower ones: 5s.")]
Status = Annotated[int | None, typer.Option(help="Only those with this HTTP status.")]


@app.command("list")
def list_all(
    ctx: Context,
    errors: Errors = False,
    slow: Slow = None,
    status: Status = None,
    org: Org = None,
    key: Key = None,
    provider: Provider = None,
    model: Model = None,
    since: Since = None,
    until: Until = None,
    before: Annotated[str, typer.Option(metavar="ID", help="Older ones than this.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List requests, newest first."""
    wanted: dict[str, Any] = {"errors": errors, "status": status, "before": before}
    wanted |= {"slower_than_ms": _millis(slow), **filters(ctx, org, key, provider, model)}
    said = {"created_after": since or "", "created_before": until or ""}
    found, more = _listed(ctx, wanted | said, limit)
    ctx.obj.rows(found, COLUMNS)
    if more is not None:
        ctx.obj.note(f"More: --before {more}")


@app.command()
def tail(
    ctx: Context,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new ones.")] = False,
    errors: Errors = False,
    slow: Slow = None,
    org: Org = None,
    key: Key = None,
    model: Model = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, max=200)] = 10,
    times: Annotated[int | None, typer.Option(min=1, help="Stop after as many looks.")] = None,
) -> None:
    """Show the last requests, newest last; -f goes on with those that finish, until interrupted."""
    wanted: dict[str, Any] = {"errors": errors, "slower_than_ms": _millis(slow)}
    wanted |= filters(ctx, org, key, None, model)
    new = _newest(ctx, wanted)
    if not follow:
        ctx.obj.rows(new[-lines:], COLUMNS)
        return
    seen, looks = {each.id for each in new}, 1
    ctx.obj.growing(new[-lines:], COLUMNS, first=True)
    while looks != times:
        time.sleep(POLL_SECONDS)
        new = [each for each in _newest(ctx, wanted) if each.id not in seen]
        ctx.obj.growing(new, COLUMNS, first=False)
        seen |= {each.id for each in new}
        looks += 1


@app.command()
def show(
    ctx: Context,
    request: Annotated[str, typer.Argument(metavar="ID", help="The answer's x-generation-id.")],
) -> None:
    """Show one request with every attempt."""
    zone, tz = ctx.obj.reporting_zone, ctx.obj.tz or ""
    ctx.obj.item(ctx.obj.ask(stats_reading.request, request, CLI, zone, tz))


def _listed(
    ctx: Context, wanted: dict[str, Any], limit: int
) -> "tuple[list[requests.LoggedRequest], str | None]":
    """So many requests, and the id to go on from if there are more."""
    found: list[requests.LoggedRequest] = []
    while True:
        size = min(limit - len(found), _AT_ONCE)
        page = _page(ctx, **{**wanted, "page_size": size})
        found += page.items
        if page.next is None or len(found) >= limit:
            return found, page.next
        wanted = {**wanted, "before": page.next}


def _newest(ctx: Context, wanted: dict[str, Any]) -> "list[requests.LoggedRequest]":
    # A long request finishes after younger ones, so the newest few are looked at, not the next.
    return _page(ctx, page_size=_AT_ONCE, **wanted).items[::-1]


def _page(ctx: Context, **wanted: Any) -> "requests.RequestPage":
    asked = stats_requests.RequestsAsked(tz=ctx.obj.tz or "", **wanted)
    return ctx.obj.ask(stats_reading.requests, asked, CLI, ctx.obj.reporting_zone, now())


def _millis(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(values.duration(text).total_seconds() * 1000)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--slow") from None
