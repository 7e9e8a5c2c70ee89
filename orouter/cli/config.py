"""``orouter config``: what is in force, where it comes from, whether a file is good."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from orouter.cli.frame import noun
from orouter.cli.invocation import Context
from orouter.settings import Section, Settings, load

app = noun("The configuration in force, and where it comes from.")

_PASSWORD = re.compile(r"(://[^/@]*?:)[^@]*(?=@)")


@app.command()
def show(
    ctx: Context,
    origin: Annotated[bool, typer.Option("--origin", help="Tell who set each value.")] = False,
) -> None:
    """Show every value in force; secrets are masked."""
    settings = ctx.obj.settings
    rows = [{"setting": path, "value": value} for path, value in flat(settings)]
    if origin:
        rows = [{**row, "origin": settings.origin(row["setting"])} for row in rows]
    ctx.obj.rows(rows, tuple(rows[0]), identity="setting")


@app.command()
def check(
    ctx: Context,
    file: Annotated[str | None, typer.Argument(help="Else the file that is found.")] = None,
) -> None:
    """Read the configuration as the server would, and start nothing."""
    settings = load(file or ctx.obj.config)
    place = settings.file or "There is no file; what the environment says"
    ctx.obj.note(f"{place} is in order.")
    if settings.secret_key is None:
        ctx.obj.note("There is no secret key yet: `orouter init` makes one.")


@app.command()
def path(ctx: Context) -> None:
    """Say which file is read."""
    file = ctx.obj.settings.file
    if file is None:
        ctx.obj.note("No file: ./orouter.yaml and /etc/orouter/orouter.yaml are not there.")
    else:
        ctx.obj.rows([{"path": file}], ("path",), identity="path")


def flat(settings: Settings) -> list[tuple[str, Any]]:
    """Every setting by its dotted path; of a secret URL only the password is masked."""
    return list(_flat("", settings))


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Section):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}".removeprefix("."), inner)
    elif isinstance(value, tuple):
        yield path, [_shown(each) for each in value]
    else:
        yield path, _shown(value)


def _shown(value: Any) -> Any:
    if not isinstance(value, SecretStr):
        return value
    url = _PASSWORD.sub(r"\1***", value.get_secret_value())
    return url if "://" in url else "***"
