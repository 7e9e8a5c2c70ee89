"""``orouter version``."""

import platform

import orouter
from orouter.cli.frame import single
from orouter.cli.invocation import Context

app = single()


@app.command()
def version(ctx: Context) -> None:
    """The version of orouter and of the Python that runs it."""
    found = {"orouter": orouter.__version__, "python": platform.python_version()}
    ctx.obj.item(found, identity="orouter")
