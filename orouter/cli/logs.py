"""``orouter logs``."""

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli import values
from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.later import later
from orouter.cli.usage_ranges import Key, Model, Org, Provider, Since, Until, owner_ids, span_of
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.schemas import requests
    from orouter.services import request_log
else:
    requests = later("orouter.schemas.requests")
    request_log = later("orouter.services.request_log")

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
    wanted = {"errors": errors, "status": status, "provider": provider or "", "model": model or ""}
    wanted |= {"slower_than": _micros(slow), "before": before, "limit": limit}
    if since or until:
        span = span_of(ctx, since=since, until=until)
        wanted |= {"since": span.start, "until": span.end}
    listing = requests.RequestListing(**wanted | owner_ids(ctx, org, key))
    page = ctx.obj.ask(request_log.page, listing, CLI, ctx.obj.zone)
    ctx.obj.rows(page.items, COLUMNS)
    if page.next is not None:
        ctx.obj.note(f"More: --before {page.next}")


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
    wanted = {"errors": errors, "slower_than": _micros(slow), "model": model or ""}
    wanted |= owner_ids(ctx, org, key)
    new = _newest(ctx, wanted)
    _print(new[-lines:])
    seen = {each.id for each in new}
    looks = 1
    while follow and looks != times:
        time.sleep(POLL_SECONDS)
        new = [each for each in _newest(ctx, wanted) if each.id not in seen]
        _print(new)
        seen |= {each.id for each in new}
        looks += 1


@app.command()
def show(
    ctx: Context,
    request: Annotated[str, typer.Argument(metavar="ID", help="The answer's x-generation-id.")],
) -> None:
    """Show one request with every attempt."""
    ctx.obj.item(ctx.obj.ask(request_log.get, request, CLI, ctx.obj.zone))


def _newest(ctx: Context, wanted: dict[str, Any]) -> "list[requests.LoggedRequest]":
    # A long request finishes after younger ones, so the newest few are looked at, not the next.
    listing = requests.RequestListing(limit=_AT_ONCE, **wanted)
    return ctx.obj.ask(request_log.page, listing, CLI, ctx.obj.zone).items[::-1]


def _print(logged: "list[requests.LoggedRequest]") -> None:
    for each in logged:
        typer.echo(_line(each))
    sys.stdout.flush()


def _line(each: "requests.LoggedRequest") -> str:
    cost = "-" if each.cost_usd is None else f"${each.cost_usd}"
    tokens = f"{each.input_tokens}+{each.output_tokens}"
    what = f"{each.status} {each.code or each.finish or '-'}"
    who = f"{each.org}/{each.key}"
    return "\t".join(
        (each.at, each.id, who, each.model, what, tokens, cost, f"{each.latency_ms}ms")
    )


def _micros(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(values.duration(text).total_seconds() * 1_000_000)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--slow") from None
