"""``orouter status``."""

from typing import TYPE_CHECKING

from orouter.cli.addresses import base_url
from orouter.cli.frame import single
from orouter.cli.invocation import Context
from orouter.cli.later import later

if TYPE_CHECKING:
    from orouter.services import installation
else:
    installation = later("orouter.services.installation")

app = single()


@app.command()
def status(ctx: Context) -> None:
    """What is here: version, server, database, keys, last request."""
    settings = ctx.obj.settings
    found = installation.status(settings, ctx.obj.database, base_url(settings.server))
    ctx.obj.item(found, identity="version")
