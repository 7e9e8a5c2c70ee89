"""``orouter db``."""

from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.services import schema

app = noun("The database schema.")


@app.command()
def upgrade(ctx: Context) -> None:
    """Bring the schema to the version that this orouter needs."""
    done = schema.upgrade(ctx.obj.database)
    ctx.obj.item({"before": done.before, "after": done.after}, identity="after")


@app.command()
def current(ctx: Context) -> None:
    """Tell the revision of the database and the one that is needed."""
    state = ctx.obj.ask(schema.state)
    ctx.obj.item(
        {"current": state.current, "head": state.head, "up_to_date": state.up_to_date},
        identity="current",
    )


@app.command()
def check(ctx: Context) -> None:
    """Fail (exit code 8) unless the schema is the one that is needed."""
    ctx.obj.note(f"The schema is at {ctx.obj.ask(schema.check)}, as needed.")
