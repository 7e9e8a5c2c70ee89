"""``orouter audit``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from orouter.cli.frame import noun
from orouter.cli.invocation import Context, every_page, given
from orouter.cli.later import later
from orouter.cli.organizations import After, time_of
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.models import audit_entry as models
    from orouter.services import audit
else:
    models = later("orouter.models.audit_entry")
    audit = later("orouter.services.audit")

app = noun("The audit log: who changed what, from where, and what it was before.")

COLUMNS = ("at", "actor_name", "via", "ip", "action", "target_name", "before", "after")


@app.command("list")
def list_all(
    ctx: Context,
    actor: Annotated[str | None, typer.Option(help="Id, address or name of who did it.")] = None,
    action: Annotated[str | None, typer.Option(help="Such as key.issue.")] = None,
    target: Annotated[str | None, typer.Option(help="Id of what was changed.")] = None,
    kind: Annotated[str | None, typer.Option(help="Such as org, key, user, settings.")] = None,
    org: Annotated[str | None, typer.Option(help="Id or exact name of an organization.")] = None,
    search: Annotated[str | None, typer.Option(help="In actor and target.")] = None,
    since: After = None,
    until: After = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
) -> None:
    """List changes, newest first."""
    wanted = given(actor=actor, action=action, target_id=target, target_kind=kind, org=org)
    wanted |= given(search=search, since=time_of(ctx, since), until=time_of(ctx, until))

    def page(number: int) -> Any:
        size = min(limit, 200)
        listing = models.AuditListing(page=number, page_size=size, **wanted)
        return ctx.obj.ask(audit.list_all, listing, CLI)

    ctx.obj.rows([entry for entry, _ in zip(every_page(page), range(limit), strict=False)], COLUMNS)
