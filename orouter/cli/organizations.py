"""``orouter org``."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from orouter.cli import values
from orouter.cli.addresses import admin_base
from orouter.cli.frame import noun
from orouter.cli.invocation import Context, every_page, given
from orouter.cli.later import later
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter import models
    from orouter.services import administrators, organizations
else:
    models = later("orouter.models")
    administrators = later("orouter.services.administrators")
    organizations = later("orouter.services.organizations")

app = noun("Organizations: ORG is an id or the exact name.")

COLUMNS = ("id", "name", "status", "description", "created_at")

Org = Annotated[str, typer.Argument(metavar="ORG", help="Id or exact name.")]
Description = Annotated[str | None, typer.Option(help="What it is for.")]
Admins = Annotated[
    list[str] | None, typer.Option("--admin", metavar="EMAIL", help="Administers it; repeatable.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen, do nothing.")]
After = Annotated[str | None, typer.Option(metavar="TIME", help="2026-11-01, or 90d ago.")]


@app.command()
def create(
    ctx: Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    description: Description = None,
    admin: Admins = None,
    if_not_exists: Annotated[bool, typer.Option(help="Be content with one of that name.")] = False,
) -> None:
    """Create an organization; administrators who are not known yet are invited by a link."""
    said = given(description=description, admins=admin)
    new = models.OrganizationCreate(name=name, **said)
    create = administrators.create
    ctx.obj.item(ctx.obj.call(create, new, CLI, if_not_exists=if_not_exists, **linking(ctx)))


@app.command("list")
def list_all(
    ctx: Context,
    status: Annotated[
        Literal["active", "disabled", "deleted", "all"] | None, typer.Option()
    ] = None,
    search: Annotated[str | None, typer.Option(help="In name and description.")] = None,
    created_after: After = None,
    created_before: After = None,
    sort: Annotated[str | None, typer.Option(metavar="FIELD", help="-name descends.")] = None,
) -> None:
    """List organizations, the youngest first."""
    wanted = given(status=status, search=search, sort=sort)
    wanted |= period(ctx, created_after, created_before)

    def page(number: int) -> Any:
        listing = models.OrganizationListing(page=number, page_size=200, **wanted)
        return ctx.obj.ask(organizations.list_all, listing, CLI)

    ctx.obj.rows(list(every_page(page)), COLUMNS)


@app.command()
def show(ctx: Context, org: Org) -> None:
    """Show one organization."""
    ctx.obj.item(ctx.obj.ask(organizations.get, org, CLI))


@app.command()
def update(
    ctx: Context,
    org: Org,
    name: Annotated[str | None, typer.Option(help="The new name.")] = None,
    description: Description = None,
    admin: Admins = None,
) -> None:
    """Change name, description, or administrators: those named now, and nobody else."""
    said = given(name=name, description=description, admins=admin)
    change = models.OrganizationUpdate(**said)
    ctx.obj.item(ctx.obj.call(administrators.update, org, change, CLI, **linking(ctx)))


@app.command()
def enable(ctx: Context, org: Org) -> None:
    """Let its keys work again."""
    ctx.obj.item(ctx.obj.call(organizations.enable, org, CLI))


@app.command()
def disable(ctx: Context, org: Org) -> None:
    """Refuse all its keys until it is enabled."""
    ctx.obj.item(ctx.obj.call(organizations.disable, org, CLI))


@app.command()
def delete(ctx: Context, org: Org, dry_run: DryRun = False) -> None:
    """Delete it: its keys stop, its statistics stay, `restore` brings it back."""
    if dry_run:
        ctx.obj.item(ctx.obj.rehearse(organizations.delete, org, CLI))
        return
    found = ctx.obj.ask(organizations.get, org, CLI)
    ctx.obj.confirm(f"Delete the organization {found.name} and stop its keys?")
    ctx.obj.item(ctx.obj.call(organizations.delete, org, CLI))


@app.command()
def restore(ctx: Context, org: Org) -> None:
    """Bring back a deleted organization."""
    ctx.obj.item(ctx.obj.call(organizations.restore, org, CLI))


def period(ctx: Context, after: str | None, before: str | None) -> dict[str, Any]:
    """The options ``--created-after`` and ``--created-before`` as a listing takes them."""
    return given(created_after=time_of(ctx, after), created_before=time_of(ctx, before))


def time_of(ctx: Context, text: str | None) -> datetime | None:
    """An option that is a time."""
    try:
        return None if text is None else values.moment(text, ctx.obj.zone)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def linking(ctx: Context) -> dict[str, Any]:
    """What verbs make one-time links with; a server that is asked has its own."""
    if ctx.obj.remote:
        return {"pepper": b"", "base": ""}
    return {"pepper": ctx.obj.pepper, "base": admin_base(ctx.obj.settings.server)}
