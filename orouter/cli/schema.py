"""``orouter db``."""

import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from orouter.cli import backup_files, values
from orouter.cli.export_files import destination, reading
from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.cli.progress import busy, measured, watched
from orouter.services import archive, retention, schema
from orouter.services import backup as backups
from orouter.services.request_log import first_id

app = noun("The database: schema, backups, old requests.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, do nothing.")]


@app.command()
def upgrade(ctx: Context) -> None:
    """Bring the schema to the version that this orouter needs."""
    with busy("upgrade"):
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
    revision = ctx.obj.ask(schema.check)
    ctx.obj.verdict(f"The schema is at {revision}, as needed.", {"current": revision})


@app.command()
def backup(
    ctx: Context,
    out: Annotated[
        str, typer.Option(metavar="FILE", help="{date} is filled in.")
    ] = backup_files.DEFAULT,
    keep: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Delete all but the newest N.")
    ] = None,
) -> None:
    """Write everything into one file, while servers go on; silent on success."""
    path = backup_files.named(out, datetime.now(UTC), dated=keep is not None)
    with destination(path, compressed=False, mode=0o600) as file:
        file.writelines(backups.take(ctx.obj.database.primary, partial(measured, what="backup")))
        archive.check(file)
    for old in backup_files.superfluous(out, keep) if keep else ():
        old.unlink()


@app.command()
def restore(
    ctx: Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `orouter db backup` wrote.")],
    dry_run: DryRun = False,
) -> None:
    """Put a backup in the place of everything; it may come from another kind of database."""
    server = ctx.obj.database.primary
    with reading(file) as plain, watched(plain, "restore") as opened:
        contents = archive.check(opened)
        if not dry_run:
            if not backups.is_empty(server):
                ctx.obj.confirm(f"Replace everything in the {server.place}?")
            backups.restore(server, opened)
    ctx.obj.rows(
        [{"table": name, "rows": count} for name, count in contents.rows.items()],
        ("table", "rows"),
        identity="table",
    )


@app.command()
def purge(
    ctx: Context,
    older_than: Annotated[
        str | None, typer.Option(metavar="AGE", help="Such as 90d; else usage.retention_days.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Delete single requests that are old; the statistics made of them stay."""
    before = first_id(_age_limit(older_than, ctx.obj.settings.usage.retention_days))
    count = ctx.obj.ask(retention.count, before)
    if not dry_run:
        if count:
            ctx.obj.confirm(f"Delete {count} requests?")
        with busy("purge"):
            count = retention.Retention(ctx.obj.database).delete(before)
    done = "to delete" if dry_run else "deleted"
    ctx.obj.verdict(f"Requests {done}: {count}", {"requests": count}, silent=not dry_run)


def _age_limit(said: str | None, days: int) -> int:
    """Microseconds since the epoch."""
    try:
        age = values.duration(said or f"{days}d")
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--older-than") from None
    return time.time_ns() // 1000 - int(age.total_seconds()) * 1_000_000
