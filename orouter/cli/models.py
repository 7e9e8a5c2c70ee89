"""``orouter model``."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli import values
from orouter.cli.frame import noun
from orouter.cli.invocation import Context, every_page, given
from orouter.cli.later import later
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.schemas import catalogue
    from orouter.schemas.pages import Page
    from orouter.services import (
        model_changes,
        model_overview,
        models,
        providers,
        stored_settings,
    )
else:
    catalogue = later("orouter.schemas.catalogue")
    model_changes = later("orouter.services.model_changes")
    model_overview = later("orouter.services.model_overview")
    models = later("orouter.services.models")
    providers = later("orouter.services.providers")
    stored_settings = later("orouter.services.stored_settings")

app = noun("Models, their prices and what they can; prices are USD per million tokens.")

COLUMNS = ("id", "enabled", "input", "output", "cached", "context", "max_output", "origin")

Name = Annotated[str, typer.Argument(metavar="NAME", help="provider/model, or an alias.")]
Usd = Annotated[str | None, typer.Option(metavar="USD", help="Per million tokens, as 2.50.")]


@app.command("list")
def list_all(
    ctx: Context,
    provider: Annotated[str | None, typer.Option(help="Only of this provider.")] = None,
    search: Annotated[str | None, typer.Option(help="In the name.")] = None,
    enabled: Annotated[bool, typer.Option("--enabled", help="Only what can be asked.")] = False,
    unpriced: Annotated[bool, typer.Option("--unpriced", help="Only without a price.")] = False,
) -> None:
    """List models with their prices."""
    said = given(provider=provider, search=search, enabled=enabled or None)
    said |= given(unpriced=unpriced or None)

    def ask(page: int) -> "Page[catalogue.ModelPublic]":
        asked = catalogue.ModelListing(page=page, page_size=200, **said)
        return ctx.obj.see(model_overview.listed, asked, CLI)

    found = [model_overview.view(model) for model in every_page(ask)]
    if provider is not None and not found:
        ctx.obj.see(providers.view, provider)  # whether there is one
    ctx.obj.rows(found, COLUMNS)


@app.command()
def show(ctx: Context, name: Name) -> None:
    """Show one model: prices, capabilities, aliases, fallbacks, and who set what."""
    ctx.obj.item(_found(ctx, name))


@app.command()
def price(
    ctx: Context,
    name: Name,
    input_price: Annotated[str | None, typer.Option("--input", metavar="USD")] = None,
    output_price: Annotated[str | None, typer.Option("--output", metavar="USD")] = None,
    cached: Usd = None,
    cache_write: Usd = None,
    unset: Annotated[bool, typer.Option("--unset", help="Forget what was set here.")] = False,
) -> None:
    """Show or set prices, in force everywhere within a second."""
    said = given(input=input_price, output=output_price, cached=cached, cache_write=cache_write)
    prices = {models.PRICES[part]: _usd(part, text) for part, text in said.items()}
    if unset and prices:
        raise typer.BadParameter("set prices, or --unset them", param_hint="--unset")
    change = dict.fromkeys(models.PRICES.values()) if unset else prices
    if change:
        update = catalogue.ModelUpdate.model_validate(change)
        ctx.obj.call(model_changes.update, name, update, CLI, ctx.obj.known)
    ctx.obj.item(_prices(ctx, name))


@app.command()
def sync(
    ctx: Context,
    provider: Annotated[str | None, typer.Option(help="Else all that are switched on.")] = None,
    add: Annotated[
        list[str] | None, typer.Option(metavar="MODEL", help="List this model here; repeatable.")
    ] = None,
) -> None:
    """Compare the catalogue with the models that providers list themselves."""
    settings = ctx.obj.in_force
    names = [provider] if provider else []
    found = asyncio.run(providers.differences(settings, names))
    if add:
        listed = {f"models.{name}.enabled": True for name in add}
        ctx.obj.call(stored_settings.set_values, listed, CLI, settings)
    ctx.obj.rows(found, ("model", "provider", "state"), identity="model")


def _found(ctx: Context, name: str) -> "models.ModelDetail":
    return model_overview.full_view(ctx.obj.see(model_overview.detail, name, CLI))


def _prices(ctx: Context, name: str) -> dict[str, Any]:
    found = _found(ctx, name)
    shown = {part: getattr(found, part) for part in models.PRICES}
    origins = {part: found.set_by.get(field) for part, field in models.PRICES.items()}
    return {"id": found.id, **shown, "set_by": given(**origins)}


def _usd(part: str, text: str) -> Decimal:
    try:
        return values.money(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{part.replace('_', '-')}") from None
