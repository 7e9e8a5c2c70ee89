"""``orouter serve``."""

from typing import Annotated

import typer

from orouter.cli import serving
from orouter.cli.frame import single
from orouter.cli.invocation import Context

app = single()


@app.command()
def serve(
    ctx: Context,
    host: Annotated[str | None, typer.Option(help="Address; 0.0.0.0 for all.")] = None,
    port: Annotated[int | None, typer.Option(help="Port.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Switch on the demo provider.")] = False,
) -> None:
    """Serve until told to stop."""
    flags = {
        "server.host": host,
        "server.port": port,
        "server.workers": workers,
        "providers.demo.enabled": True if demo else None,
    }
    settings = ctx.obj.load(flags)
    serving.prepare_schema(settings)
    serving.start(settings, flags)
