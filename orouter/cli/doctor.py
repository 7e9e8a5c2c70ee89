"""``orouter doctor``."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from orouter.cli.frame import single
from orouter.cli.invocation import Context
from orouter.cli.later import later
from orouter.errors import CheckFailed

if TYPE_CHECKING:
    from orouter.services import checkup, providers
else:
    checkup = later("orouter.services.checkup")
    providers = later("orouter.services.providers")

app = single()


@app.command()
def doctor(
    ctx: Context,
    online: Annotated[bool, typer.Option("--online", help="Ask the providers too.")] = False,
) -> None:
    """Check the installation and say how to mend it; something broken ends with exit code 6."""
    settings = ctx.obj.settings
    found = checkup.examine(settings, ctx.obj.database)
    if online:
        trials = asyncio.run(providers.test(ctx.obj.in_force, []))
        found += [checkup.of_trial(trial) for trial in trials]
    ctx.obj.rows(found, ("check", "state", "found", "mend"), identity="check")
    failed = [each.check for each in found if each.state == "fail"]
    if failed:
        raise CheckFailed(f"not in order: {', '.join(failed)}", hint="see the column mend")
