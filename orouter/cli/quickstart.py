"""``orouter quickstart``: from nothing to a gateway that answers."""

import shlex
from typing import Annotated

import typer

from orouter.cli import serving
from orouter.cli.addresses import admin_base, base_url, next_free
from orouter.cli.frame import single
from orouter.cli.init import prepare_secret_key
from orouter.cli.invocation import Context
from orouter.cli.output import write_lines
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import keys, organizations, user_secrets, users
from orouter.settings import Settings

app = single()

ORG, KEY = "demo", "quickstart"
_BODY = '{"model": "demo/echo", "messages": [{"role": "user", "content": "Hello"}]}'


@app.command()
def quickstart(
    ctx: Context,
    port: Annotated[int | None, typer.Option(help="Port; else the first free from 8000.")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Only prepare.")] = False,
) -> None:
    """Start a gateway that works at once, without any account. Safe to repeat."""
    prepare_secret_key(ctx)
    flags: dict[str, object] = {"server.port": port, "providers.demo.enabled": True}
    if port is None and not no_serve:
        flags["server.port"] = _free_port(ctx)
    settings = ctx.obj.load(flags)
    serving.prepare_schema(settings, fill_empty=True)
    write_lines([*welcome(settings, _key(ctx)), *admin_web(ctx, settings), ""])
    if not no_serve:
        serving.start(settings, flags)


def welcome(settings: Settings, key: KeyIssued) -> list[str]:
    """What to paste; the secret only where it was made just now."""
    url, secret = base_url(settings.server), key.key or "$OPENAI_API_KEY"
    on = [name for name, provider in settings.providers.items() if provider.enabled]
    lines = [f"Providers: {', '.join(_provider(settings, name) for name in on)}", ""]
    if key.key is None:
        lines += [
            f"The key {ORG}/{KEY} was shown when it was made, at the first start.",
            f"Lost it? A new one: orouter key rotate {ORG}/{KEY}",
            "",
        ]
    exports = [f"export OPENAI_BASE_URL={url}", f"export OPENAI_API_KEY={key.key}"]
    lines += [*exports[: 2 if key.key else 1], ""]
    authorization = f'"Authorization: Bearer {secret}"'
    options = f"-H {authorization} -H 'Content-Type: application/json' -d {shlex.quote(_BODY)}"
    return [*lines, f"curl {url}/chat/completions {options}", ""]


def admin_web(ctx: Context, settings: Settings) -> list[str]:
    """How to get into the admin web: a link for the first administrator, else with a password."""
    base = admin_base(settings.server)
    link = ctx.obj.call(user_secrets.first_administrator, CLI, pepper=ctx.obj.pepper, base=base)
    if link is not None:
        return [f"Admin web: {link.link}", "(works once, within 10 minutes)"]
    email = ctx.obj.ask(users.administrator)
    return [f"Admin web: {base}/admin/ (a new password: orouter user passwd {email})"]


def _provider(settings: Settings, name: str) -> str:
    """The name, and the variable that its key was found in; never the key."""
    origin = settings.origin(f"providers.{name}.api_key")
    return f"{name} (key from {origin.removeprefix('env:')})" if "env:" in origin else name


def _free_port(ctx: Context) -> int:
    server = ctx.obj.load({}).server
    free = next_free(server.host, server.port)
    if free != server.port:
        ctx.obj.note(f"Port {server.port} is in use; taking {free}.")
    return free


def _key(ctx: Context) -> KeyIssued:
    """The key of the first start, with its secret if this is the first."""
    ctx.obj.call(organizations.create, OrganizationCreate(name=ORG), CLI, if_not_exists=True)
    new = KeyCreate(name=KEY, description="made by orouter quickstart")
    return ctx.obj.call(keys.issue, ORG, new, CLI, pepper=ctx.obj.pepper, if_not_exists=True)
