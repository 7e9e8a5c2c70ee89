"""``orouter init``: what an installation needs before it can serve."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from orouter.cli.addresses import admin_base
from orouter.cli.frame import single
from orouter.cli.invocation import Context, database_of
from orouter.cli.secret_files import make_secret_key, write_secret
from orouter.schemas.actor import CLI
from orouter.services import schema, user_secrets
from orouter.settings import SECRET_KEY_FILE, load

app = single()

_FILE = """\
# Every setting has a default: see `orouter config show` and docs/configuration.md.
database:
  url: {url}
"""


@app.command()
def init(
    ctx: Context,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Written to orouter.yaml.")
    ] = None,
) -> None:
    """Prepare this directory: secret key, configuration, database. Safe to repeat."""
    if database is not None:
        load(ctx.obj.config, {"database.url": database})
        write_secret(Path(ctx.obj.config or "orouter.yaml"), _FILE.format(url=json.dumps(database)))
    prepare_secret_key(ctx)
    done = schema.upgrade(database_of(ctx.obj.settings))
    ctx.obj.note(f"The database schema is at {done.after}. Start with: orouter serve")
    if not ctx.obj.quiet:
        _invite_first(ctx)


def _invite_first(ctx: Context) -> None:
    """Tells the link for the first administrator, where there is none yet."""
    base, lifetime = admin_base(ctx.obj.settings.server), timedelta(hours=24)
    link = ctx.obj.call(
        user_secrets.first_administrator, CLI, pepper=ctx.obj.pepper, base=base, lifetime=lifetime
    )
    if link is not None:
        ctx.obj.note(f"Admin web, once and within 24 hours: {link.link}")


def prepare_secret_key(ctx: Context) -> None:
    """Makes a secret key where there is none yet; it is found there from now on."""
    if ctx.obj.load({}).secret_key is None:
        make_secret_key(SECRET_KEY_FILE)
        ctx.obj.note(f"A secret key was made in {SECRET_KEY_FILE}: keep a copy in a safe place.")
