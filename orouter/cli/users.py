"""``orouter user``."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from orouter.cli.frame import noun
from orouter.cli.invocation import Context, every_page, given
from orouter.cli.keys import expiry_of
from orouter.cli.later import later
from orouter.cli.organizations import DryRun, linking
from orouter.errors import InvalidRequest
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.models import user as models
    from orouter.models import user_token
    from orouter.services import passwords, user_secrets, users
else:
    models = later("orouter.models.user")
    user_token = later("orouter.models.user_token")
    passwords = later("orouter.services.passwords")
    user_secrets = later("orouter.services.user_secrets")
    users = later("orouter.services.users")

app = noun("People who sign in to the admin web: USER is an e-mail address or an id.")

COLUMNS = ("id", "email", "name", "role", "status", "organizations", "last_login_at")
TOKEN_COLUMNS = ("id", "name", "last4", "created_at", "expires_at", "last_used_at")
SESSION_COLUMNS = ("id", "ip", "user_agent", "created_at", "last_seen_at", "expires_at")

User = Annotated[str, typer.Argument(metavar="USER", help="E-mail address or id.")]
Role = Literal["superadmin", "operator", "org_admin", "viewer"]
Orgs = Annotated[
    list[str] | None, typer.Option("--org", metavar="ORG", help="Belongs to it; repeatable.")
]


@app.command()
def create(
    ctx: Context,
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = "viewer",
    org: Orgs = None,
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
) -> None:
    """Invite somebody; the one-time link is shown this once, and alone in a pipe."""
    new = models.UserCreate(email=email, name=name, role=role, orgs=org or [])
    invited = ctx.obj.call(user_secrets.invite, new, CLI, **linking(ctx))
    ctx.obj.secret(invited, invited.link or "", "The link works once, until it expires.")


@app.command("list")
def list_all(
    ctx: Context,
    role: Annotated[Role | None, typer.Option()] = None,
    status: Annotated[
        Literal["invited", "active", "disabled", "deleted", "all"] | None, typer.Option()
    ] = None,
    search: Annotated[str | None, typer.Option(help="In address and name.")] = None,
    sort: Annotated[str | None, typer.Option(metavar="FIELD", help="-name descends.")] = None,
) -> None:
    """List people, the youngest first."""
    wanted = given(role=role, status=status, search=search, sort=sort)

    def page(number: int) -> Any:
        listing = models.UserListing(page=number, page_size=200, **wanted)
        return ctx.obj.ask(users.list_all, listing, CLI)

    ctx.obj.rows([_row(user) for user in every_page(page)], COLUMNS)


@app.command()
def show(ctx: Context, user: User) -> None:
    """Show somebody."""
    ctx.obj.item(ctx.obj.ask(users.get, user, CLI))


@app.command()
def update(
    ctx: Context,
    user: User,
    name: Annotated[str | None, typer.Option(help="How they are called.")] = None,
    email: Annotated[str | None, typer.Option(help="The new address.")] = None,
) -> None:
    """Change name or address."""
    change = models.UserUpdate(**given(name=name, email=email))
    ctx.obj.item(ctx.obj.call(users.update, user, change, CLI))


@app.command()
def role(
    ctx: Context,
    user: User,
    role: Annotated[Role, typer.Argument(metavar="ROLE")],
    org: Orgs = None,
) -> None:
    """Change what somebody may do: superadmin, operator, org_admin or viewer."""
    change = models.UserUpdate(role=role, **given(orgs=org))
    ctx.obj.item(ctx.obj.call(users.update, user, change, CLI))


@app.command()
def passwd(
    ctx: Context,
    user: User,
    link: Annotated[bool, typer.Option("--link", help="Make a one-time link instead.")] = False,
) -> None:
    """Set somebody's password, read from standard input or a hidden prompt; sessions end."""
    found = ctx.obj.ask(users.get, user, CLI)
    if link:
        made = ctx.obj.call(user_secrets.make_link, found.id, CLI, **linking(ctx))
        ctx.obj.secret(made, made.link, "The link works once, until it expires.")
        return
    password_hash = _new_password(found.email, found.name)
    ctx.obj.item(ctx.obj.call(users.set_password, found.id, password_hash, CLI))


@app.command()
def enable(ctx: Context, user: User) -> None:
    """Let somebody sign in again."""
    ctx.obj.item(ctx.obj.call(users.enable, user, CLI))


@app.command()
def disable(ctx: Context, user: User) -> None:
    """Sign somebody out everywhere, and let them in no more."""
    ctx.obj.item(ctx.obj.call(users.disable, user, CLI))


@app.command()
def delete(ctx: Context, user: User, dry_run: DryRun = False) -> None:
    """Delete somebody: sessions and tokens end; `restore` brings them back."""
    if dry_run:
        ctx.obj.item(ctx.obj.rehearse(users.delete, user, CLI))
        return
    found = ctx.obj.ask(users.get, user, CLI)
    ctx.obj.confirm(f"Delete {found.email}?")
    ctx.obj.item(ctx.obj.call(users.delete, user, CLI))


@app.command()
def restore(ctx: Context, user: User) -> None:
    """Bring back somebody deleted."""
    ctx.obj.item(ctx.obj.call(users.restore, user, CLI))


@app.command()
def sessions(
    ctx: Context,
    user: User,
    end: Annotated[bool, typer.Option("--end", help="End them all.")] = False,
) -> None:
    """List where somebody is signed in, or sign them out everywhere."""
    if end:
        ctx.obj.call(user_secrets.end_sessions, user, CLI)
    found = ctx.obj.ask(user_secrets.list_sessions, user, CLI)
    ctx.obj.rows(found.items, SESSION_COLUMNS)


@app.command()
def token(
    ctx: Context,
    user: User,
    issue: Annotated[str | None, typer.Option(metavar="NAME", help="Make one.")] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="WHEN", help="90d, 2027-01-31 or never.")
    ] = None,
    revoke: Annotated[str | None, typer.Option(metavar="ID", help="Take one away.")] = None,
) -> None:
    """List somebody's tokens for scripts, make one (shown once, alone in a pipe), or revoke one."""
    if issue is not None:
        new = user_token.TokenCreate(name=issue, expires_at=expiry_of(ctx, expires))
        made = ctx.obj.call(user_secrets.issue_token, user, new, CLI, pepper=ctx.obj.pepper)
        ctx.obj.secret(made, made.secret, "The token is shown this once: keep it now.")
        return
    if revoke is not None:
        ctx.obj.call(user_secrets.revoke_token, user, revoke, CLI)
    ctx.obj.rows(ctx.obj.ask(user_secrets.list_tokens, user, CLI).items, TOKEN_COLUMNS)


def _row(user: Any) -> dict[str, Any]:
    """One line of a list; programs get the organizations as they are, people their names."""
    names = "all" if user.all_orgs else ", ".join(org.name for org in user.orgs)
    return {**user.model_dump(), "organizations": names}


def _new_password(email: str, name: str) -> str:
    """The hash of a password that was piped in, or typed twice."""
    from pydantic import SecretStr

    if sys.stdin.isatty():
        typed = typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise InvalidRequest("no password was given", hint="pipe it in, or run this on a terminal")
    password = SecretStr(typed)
    passwords.check(password, email=email, name=name)
    return passwords.hashed(password)
