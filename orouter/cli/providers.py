"""``orouter provider``."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli.frame import noun
from orouter.cli.invocation import Context, given
from orouter.cli.later import later
from orouter.errors import InvalidRequest, UpstreamError
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.schemas import providers as bodies
    from orouter.services import provider_changes, providers
else:
    bodies = later("orouter.schemas.providers")
    provider_changes = later("orouter.services.provider_changes")
    providers = later("orouter.services.providers")

app = noun("Providers: list, show, test; add, change and remove those kept in the database.")

COLUMNS = ("name", "type", "enabled", "origin", "keys", "models", "base_url", "problem")

Name = Annotated[str, typer.Argument(metavar="NAME")]
BaseUrl = Annotated[str | None, typer.Option(help="Else the type's own address.")]
KeyStdin = Annotated[
    bool, typer.Option("--api-key-stdin", help="Keys are read from standard input, one a line.")
]
Timeout = Annotated[float | None, typer.Option(help="Seconds to the first byte.")]
AllowHttp = Annotated[
    bool | None,
    typer.Option("--allow-http/--no-allow-http", help="Permit a public address without TLS."),
]
Unlisted = Annotated[
    bool | None,
    typer.Option("--unlisted-models/--no-unlisted-models", help="Pass on unknown models."),
]


@app.command("list")
def list_all(ctx: Context) -> None:
    """List the configured providers."""
    ctx.obj.rows(ctx.obj.see(providers.views), COLUMNS, identity="name")


@app.command()
def show(ctx: Context, name: Name) -> None:
    """Show one provider; its keys are nowhere."""
    _shown(ctx, name)


@app.command()
def add(
    ctx: Context,
    name: Name,
    kind: Annotated[
        str | None, typer.Option("--type", help="Else NAME, if that is one, or compatible.")
    ] = None,
    base_url: BaseUrl = None,
    api_key_stdin: KeyStdin = False,
    timeout_s: Timeout = None,
    allow_http: AllowHttp = None,
    allow_unlisted_models: Unlisted = None,
) -> None:
    """Keep a provider in the database, its key sealed; in force within a second."""
    from orouter.providers.registry import TYPES

    said = given(base_url=base_url, timeout_s=timeout_s, allow_http=allow_http)
    said |= given(allow_unlisted_models=allow_unlisted_models)
    kind = kind or (name if name in TYPES else "compatible")
    keys = _keys(from_stdin=api_key_stdin, ask=kind != "demo")
    new = bodies.ProviderCreate.model_validate({"name": name, "type": kind, **keys, **said})
    ctx.obj.call(provider_changes.add, new, CLI, ctx.obj.known)
    _shown(ctx, name)


@app.command()
def update(
    ctx: Context,
    name: Name,
    base_url: BaseUrl = None,
    api_key_stdin: KeyStdin = False,
    timeout_s: Timeout = None,
    allow_http: AllowHttp = None,
    allow_unlisted_models: Unlisted = None,
) -> None:
    """Change a provider kept in the database; another address wants the key again."""
    said = given(base_url=base_url, timeout_s=timeout_s, allow_http=allow_http)
    said |= given(allow_unlisted_models=allow_unlisted_models)
    keys = _keys(from_stdin=api_key_stdin, ask=base_url is not None)
    change = bodies.ProviderUpdate.model_validate({**keys, **said})
    ctx.obj.call(provider_changes.update, name, change, CLI, ctx.obj.known)
    _shown(ctx, name)


@app.command()
def enable(ctx: Context, name: Name) -> None:
    """Switch a provider on, whoever says what it is."""
    ctx.obj.call(provider_changes.switch, name, CLI, ctx.obj.known, on=True)
    _shown(ctx, name)


@app.command()
def disable(ctx: Context, name: Name) -> None:
    """Switch a provider off; its models are no longer offered."""
    ctx.obj.call(provider_changes.switch, name, CLI, ctx.obj.known, on=False)
    _shown(ctx, name)


@app.command()
def remove(
    ctx: Context,
    name: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
) -> None:
    """Forget a provider kept in the database, and what is stored of its models."""
    found = ctx.obj.see(providers.view, name)
    if dry_run:
        ctx.obj.rehearse(provider_changes.remove, name, CLI, ctx.obj.known)
    else:
        ctx.obj.confirm(f"Remove the provider {name} and its sealed key?")
        ctx.obj.call(provider_changes.remove, name, CLI, ctx.obj.known)
    ctx.obj.item(found, identity="name")


@app.command("test")
def try_out(
    ctx: Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Else all.")] = None,
) -> None:
    """Send one cheap request with each key; a failure ends with exit code 7."""
    trials = ctx.obj.see(providers.tried, name) if name else _all_trials(ctx)
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


def _shown(ctx: Context, name: str) -> None:
    ctx.obj.item(ctx.obj.see(providers.view, name), identity="name")


def _all_trials(ctx: Context) -> "list[providers.Trial]":
    """Here all at once; a server is asked for one after the other."""
    if not ctx.obj.remote:
        return asyncio.run(providers.test(ctx.obj.in_force, []))
    names = [each.name for each in ctx.obj.see(providers.views) if each.enabled]
    return [trial for name in names for trial in ctx.obj.see(providers.tried, name)]


def _keys(*, from_stdin: bool, ask: bool) -> dict[str, Any]:
    """``api_keys`` as they were given: by standard input or a hidden prompt, never an argument."""
    if from_stdin:
        keys = sys.stdin.read().split()
        if not keys:
            raise InvalidRequest("No key came in", hint="pipe it in: … --api-key-stdin < key.txt")
        return {"api_keys": keys}
    if ask and sys.stdin.isatty():
        key = typer.prompt(
            "API key (empty: none)", hide_input=True, err=True, default="", show_default=False
        )
        return {"api_keys": [key]} if key else {}
    return {}
