"""``orouter provider``."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.later import later
from orouter.errors import UpstreamError

if TYPE_CHECKING:
    from orouter.services import providers
else:
    providers = later("orouter.services.providers")

app = noun("The configured providers: list, show, test.")

COLUMNS = ("name", "type", "enabled", "keys", "models", "base_url")


@app.command("list")
def list_all(ctx: Context) -> None:
    """List the configured providers."""
    ctx.obj.rows(providers.views(ctx.obj.in_force), COLUMNS, identity="name")


@app.command()
def show(ctx: Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Show one provider; its keys are nowhere."""
    ctx.obj.item(providers.view(ctx.obj.in_force, name), identity="name")


@app.command("test")
def try_out(
    ctx: Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Else all.")] = None,
) -> None:
    """Send one cheap request with each key; a failure ends with exit code 7."""
    trials = asyncio.run(providers.test(ctx.obj.in_force, [name] if name else []))
    ctx.obj.rows(trials, ("provider", "key", "ok", "latency_ms", "error"), identity="key")
    failed = [trial for trial in trials if not trial.ok]
    if failed:
        raise UpstreamError(
            f"{len(failed)} of {len(trials)} requests failed, {failed[0].key} first: "
            f"{failed[0].error}",
            hint="`orouter provider show NAME` tells address and number of keys",
        )
    if not trials:
        ctx.obj.note("No provider is switched on: set a key, such as OPENAI_API_KEY.")
