"""``orouter key``."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from orouter.cli import values
from orouter.cli.frame import noun
from orouter.cli.invocation import Context, every_page, given
from orouter.cli.later import later
from orouter.cli.organizations import After, Description, DryRun, period
from orouter.cli.secret_files import write_secret
from orouter.errors import Conflict
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter import models
    from orouter.services import keys
else:
    models = later("orouter.models")
    keys = later("orouter.services.keys")

app = noun("API keys: KEY is an id, ORG/NAME, a name that is unique, or ork_Ab12…wxyz.")

COLUMNS = ("id", "org_name", "name", "permission", "status", "last4", "expires_at")

Key = Annotated[str, typer.Argument(metavar="KEY", help="Id, ORG/NAME or a unique name.")]
Owner = Annotated[str, typer.Option(help="Id or exact name of the organization.")]
Name = Annotated[str, typer.Option(help="What the key is called; unique in its organization.")]
Permission = Literal["read", "write", "admin"]
Expires = Annotated[str | None, typer.Option(metavar="WHEN", help="90d, 2027-01-31 or never.")]
EnvFile = Annotated[
    Path | None, typer.Option(help="Write the key there (mode 0600) and not on the terminal.")
]


@app.command()
def issue(
    ctx: Context,
    org: Owner,
    name: Name,
    description: Description = None,
    permission: Annotated[Permission, typer.Option()] = "write",
    expires: Expires = None,
    if_not_exists: Annotated[bool, typer.Option(help="Be content with one of that name.")] = False,
    env_file: EnvFile = None,
) -> None:
    """Issue a key; it is shown this once, and alone in a pipe."""
    new = models.KeyCreate(
        name=name,
        description=description or "",
        permission=permission,
        expires_at=expiry_of(ctx, expires),
    )
    _refuse_present(env_file, unless=if_not_exists)
    issued = ctx.obj.call(
        keys.issue, org, new, CLI, pepper=ctx.obj.pepper, if_not_exists=if_not_exists
    )
    _answer(ctx, issued, env_file)


@app.command("list")
def list_all(
    ctx: Context,
    org: Annotated[str | None, typer.Option(help="Id or exact name.")] = None,
    name: Annotated[str | None, typer.Option(help="Exact name.")] = None,
    search: Annotated[str | None, typer.Option(help="In name, description, ends.")] = None,
    status: Annotated[
        Literal["active", "disabled", "expired", "deleted", "all"] | None, typer.Option()
    ] = None,
    permission: Annotated[Permission | None, typer.Option()] = None,
    created_after: After = None,
    created_before: After = None,
    sort: Annotated[str | None, typer.Option(metavar="FIELD", help="-name descends.")] = None,
) -> None:
    """List keys, the youngest first; the secrets themselves are nowhere."""
    wanted = given(
        org=org, name=name, search=search, status=status, permission=permission, sort=sort
    )
    wanted |= period(ctx, created_after, created_before)

    def page(number: int) -> Any:
        listing = models.KeyListing(page=number, page_size=200, **wanted)
        return ctx.obj.ask(keys.list_all, listing, CLI)

    ctx.obj.rows(list(every_page(page)), COLUMNS)


@app.command()
def show(ctx: Context, key: Key) -> None:
    """Show one key."""
    ctx.obj.item(ctx.obj.ask(keys.get, key, CLI))


@app.command()
def update(
    ctx: Context,
    key: Key,
    name: Annotated[str | None, typer.Option(help="The new name.")] = None,
    description: Description = None,
    permission: Annotated[Permission | None, typer.Option()] = None,
    expires: Expires = None,
) -> None:
    """Change name, description, permission or expiry."""
    said = given(name=name, description=description, permission=permission)
    if expires is not None:
        said["expires_at"] = expiry_of(ctx, expires)
    ctx.obj.item(ctx.obj.call(keys.update, key, models.KeyUpdate(**said), CLI))


@app.command()
def enable(ctx: Context, key: Key) -> None:
    """Let the key work again."""
    ctx.obj.item(ctx.obj.call(keys.enable, key, CLI))


@app.command()
def disable(ctx: Context, key: Key) -> None:
    """Refuse the key until it is enabled."""
    ctx.obj.item(ctx.obj.call(keys.disable, key, CLI))


@app.command()
def rotate(
    ctx: Context,
    key: Key,
    grace: Annotated[
        str, typer.Option(metavar="TIME", help="How long the old secret works: 24h, 7d.")
    ] = "0s",
    env_file: EnvFile = None,
) -> None:
    """Give the key a new secret, shown this once; id, name and statistics stay."""
    _refuse_present(env_file)
    duration = _duration(grace)
    issued = ctx.obj.call(keys.rotate, key, CLI, pepper=ctx.obj.pepper, grace=duration)
    _answer(ctx, issued, env_file)


@app.command()
def delete(ctx: Context, key: Key, dry_run: DryRun = False) -> None:
    """Delete the key: it stops at once, its statistics stay."""
    if dry_run:
        ctx.obj.item(ctx.obj.rehearse(keys.delete, key, CLI))
        return
    found = ctx.obj.ask(keys.get, key, CLI)
    ctx.obj.confirm(f"Delete the key {found.org_name}/{found.name}?")
    ctx.obj.item(ctx.obj.call(keys.delete, key, CLI))


@app.command()
def restore(ctx: Context, key: Key) -> None:
    """Bring back a deleted key, by its id."""
    ctx.obj.item(ctx.obj.call(keys.restore, key, CLI))


@app.command()
def move(ctx: Context, key: Key, org: Owner) -> None:
    """Give the key to another organization; its past use stays with the one before."""
    ctx.obj.item(ctx.obj.call(keys.move, key, org, CLI))


@app.command()
def verify(
    ctx: Context,
    source: Annotated[str, typer.Argument(metavar="-", help="Standard input.")] = "-",
) -> None:
    """Tell whose key it is, read from standard input or a hidden prompt."""
    if source != "-":
        raise typer.BadParameter("a key is never an argument: others could see it; use -")
    if sys.stdin.isatty():
        secret = typer.prompt("Key", hide_input=True, err=True)
    else:
        secret = sys.stdin.readline()
    ctx.obj.item(ctx.obj.ask(keys.verify, secret.strip(), pepper=ctx.obj.pepper))


def _answer(ctx: Context, issued: "models.KeyIssued", env_file: Path | None) -> None:
    """Shows the secret once, or writes it to the file; says so where there is none to show."""
    if issued.key is None:
        ctx.obj.note(f"{issued.org_name}/{issued.name} is there already; its secret is not kept.")
    elif env_file is None:
        ctx.obj.secret(issued, issued.key)
    else:
        url = ctx.obj.base_url
        write_secret(env_file, f"OPENAI_API_KEY={issued.key}\nOPENAI_BASE_URL={url}\n")
        ctx.obj.item(issued.model_dump(exclude={"key"}))
        ctx.obj.note(f"The key is in {env_file}.")


def _refuse_present(env_file: Path | None, *, unless: bool = False) -> None:
    if env_file is not None and env_file.exists() and not unless:
        raise Conflict(f"{env_file} is there already", hint="remove it, or name another file")


def expiry_of(ctx: Context, text: str | None) -> Any:
    """The option ``--expires`` as a moment; None: never."""
    try:
        return values.expiry(text, ctx.obj.zone) if text is not None else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--expires") from None


def _duration(text: str) -> timedelta:
    try:
        return values.duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--grace") from None
