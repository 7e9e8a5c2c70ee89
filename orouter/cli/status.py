"""``orouter status``."""

from datetime import datetime
from typing import TYPE_CHECKING

from orouter.cli import translations
from orouter.cli.frame import single
from orouter.cli.invocation import Context
from orouter.cli.later import later
from orouter.cli.usage_ranges import now
from orouter.schemas.actor import CLI

if TYPE_CHECKING:
    from orouter.cli.remote import Remote
    from orouter.schemas import stats_requests
    from orouter.services import installation, stats_reading
else:
    installation = later("orouter.services.installation")
    stats_reading = later("orouter.services.stats_reading")
    stats_requests = later("orouter.schemas.stats_requests")

app = single()


@app.command()
def status(ctx: Context) -> None:
    """What is here: version, server, database, keys, last request."""
    found = _there(ctx, ctx.obj.remote) if ctx.obj.remote else _here(ctx)
    ctx.obj.item(found, identity="version")


def _here(ctx: Context) -> "installation.Status":
    return installation.status(ctx.obj.settings, ctx.obj.database, ctx.obj.base_url)


def _there(ctx: Context, remote: "Remote") -> "installation.Status":
    found = translations.status(remote.ask("GET", "/system"), ctx.obj.base_url)
    asked = stats_requests.RequestsAsked(page_size=1)
    last = ctx.obj.ask(stats_reading.requests, asked, CLI, ctx.obj.reporting_zone, now()).items
    at = datetime.fromisoformat(last[0].at) if last else None
    return found.model_copy(update={"last_request_at": at})
