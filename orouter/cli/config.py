"""``orouter config``: what is in force, where it comes from, whether a file is good."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.later import later
from orouter.errors import NotFound
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.services import settings, stored_settings
else:
    settings = later("orouter.services.settings")
    stored_settings = later("orouter.services.stored_settings")

app = noun("The configuration in force, and where it comes from.")


@app.command()
def show(
    ctx: Context,
    origin: Annotated[bool, typer.Option("--origin", help="Tell who set each value.")] = False,
) -> None:
    """Show every value in force; secrets are masked."""
    hidden = set() if origin else {"origin"}
    rows = [line.model_dump(exclude=hidden) for line in ctx.obj.see(settings.lines)]
    ctx.obj.rows(rows, tuple(rows[0]), identity="setting")


@app.command()
def check(
    ctx: Context,
    file: Annotated[str | None, typer.Argument(help="Else the file that is found.")] = None,
) -> None:
    """Read the configuration as the server would, and start nothing."""
    found = replace(ctx.obj, config=file or ctx.obj.config).load({})
    place = found.file or "There is no file; what the environment says"
    ctx.obj.verdict(f"{place} is in order.", {"file": found.file, "in_order": True})
    if found.secret_key is None:
        ctx.obj.note("There is no secret key yet: `orouter init` makes one.")


@app.command()
def path(ctx: Context) -> None:
    """Say which file is read."""
    file = ctx.obj.settings.file
    if file is None:
        told = "No file: ./orouter.yaml and /etc/orouter/orouter.yaml are not there."
        ctx.obj.verdict(told, {"path": None})
    else:
        ctx.obj.item({"path": file}, identity="path")


@app.command("set")
def store(
    ctx: Context,
    path: Annotated[str, typer.Argument(metavar="PATH", help="As `config show` has it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Text, or JSON for a list.")],
) -> None:
    """Store a setting in the database: over the file, in force everywhere within a second."""
    values = {path: _read(value)}
    ctx.obj.call(stored_settings.set_values, values, CLI, ctx.obj.known)
    ctx.obj.item({"setting": path, "value": values[path]}, identity="setting")


@app.command()
def unset(
    ctx: Context, path: Annotated[str, typer.Argument(metavar="PATH", help="A stored setting.")]
) -> None:
    """Forget a stored setting: file or default hold again."""
    try:
        ctx.obj.call(stored_settings.forget, path, CLI)
    except NotFound as error:
        if error.param is not None:  # a server: that is no setting there
            raise
        ctx.obj.verdict(f"{path} was not stored.", {"setting": path, "was_stored": False})
    else:
        ctx.obj.verdict(f"{path} is forgotten.", {"setting": path, "was_stored": True})


def _read(text: str) -> Any:
    """A list or mapping where it is written as JSON; anything else stays text."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise typer.BadParameter("it begins like JSON and is none", param_hint="VALUE") from None
