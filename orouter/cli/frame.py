"""The first word of every command: a table of nouns, each imported only when it is called."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup, TyperOption

from orouter.cli.invocation import Invocation
from orouter.cli.output import FORMATS

NOUNS = {
    "quickstart": ("quickstart", "Start a gateway that works at once, without any account."),
    "init": ("init", "Prepare this directory: secret key, configuration, database."),
    "serve": ("serve", "Serve until told to stop."),
    "org": ("organizations", "Organizations: create, list, change, delete."),
    "key": ("keys", "API keys: issue, list, change, rotate, revoke."),
    "user": ("users", "People: invite, list, change, set passwords, tokens."),
    "limits": ("limits", "Limits on requests, tokens and cost: set, show, clear, check."),
    "stats": ("stats", "Statistics: show, top, watch, export, rebuild."),
    "logs": ("logs", "The request log: list, tail, show."),
    "model": ("models", "Models: list, show, price, sync with what providers list."),
    "provider": ("providers", "Providers: list, show, test, add, update, enable, disable, remove."),
    "chat": ("chat", "Ask a model, through the running server or without one."),
    "audit": ("audit", "The audit log: who changed what, and what it was before."),
    "db": ("schema", "The database: upgrade, current, check, backup, restore, purge."),
    "config": ("config", "The configuration in force, and where it comes from."),
    "status": ("status", "What is here: version, server, database, keys, last request."),
    "doctor": ("doctor", "Check the installation and say how to mend it."),
    "completion": ("completion", "Completion for bash, zsh and fish."),
    "version": ("version", "The version."),
}
"""Word on the command line → module of this package that has its ``app``, and a line of help."""


class Root(TyperGroup):
    """``orouter``: finds the noun's module and hands the rest over."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  typer's signature
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  typer's signature
        if cmd_name not in NOUNS:
            return None
        module, _ = NOUNS[cmd_name]
        command = typer.main.get_command(import_module(f"orouter.cli.{module}").app)
        command.name = cmd_name
        _add_global_options(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  typer's signature
        with formatter.section("Commands"):
            formatter.write_dl([(noun, summary) for noun, (_, summary) in NOUNS.items()])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])


class Noun(TyperGroup):
    """``orouter NOUN`` alone shows its verbs."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])


def noun(text: str) -> typer.Typer:
    """The verbs of one noun; ``text`` heads its help."""
    app = typer.Typer(cls=Noun, help=text, **_PLAIN)
    app.callback()(lambda: None)  # without it, a noun with one verb would become that verb
    return app


def single() -> typer.Typer:
    """A noun that is its own verb."""
    return typer.Typer(**_PLAIN)


_PLAIN: dict[str, Any] = {
    "rich_markup_mode": None,
    "add_completion": False,
    "pretty_exceptions_enable": False,
}


def root() -> Root:
    """The whole command line."""
    names: dict[str, Any] = dict.fromkeys(NOUNS)  # for suggestions; get_command has the rest
    return Root(
        name="orouter",
        commands=names,
        help="A self-hosted LLM gateway: your organization's own keys, limits and statistics.",
        params=_global_options(),
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog="Results go to standard output, everything else to standard error. "
        "Exit codes: 0 ok, 1 unexpected, 2 usage, 3 not found, 4 not permitted, 5 conflict, "
        "6 a check failed, 7 upstream, 8 database, 9 needs --yes, 130 interrupted.",
    )


def _add_global_options(command: Any) -> None:
    own = {name for each in command.params for name in each.opts}
    for option in _global_options(hidden=True):
        option.opts = [name for name in option.opts if name not in own]  # its own means its own
        command.params.append(option)
    for inner in getattr(command, "commands", {}).values():
        _add_global_options(inner)


def _global_options(*, hidden: bool = False) -> list[Any]:
    """Accepted before and after the verb; help tells them once, for ``orouter``."""

    def option(names: list[str], text: str, **more: Any) -> TyperOption:
        return TyperOption(
            param_decls=names,
            help=text,
            hidden=hidden,
            expose_value=False,
            callback=_remember(names[-1].removeprefix("--").replace("-", "_")),
            **more,
        )

    return [
        option(["-c", "--config"], "Configuration file.", metavar="FILE", default=None),
        option(["-o", "--output"], ", ".join(FORMATS) + ".", metavar="FORMAT", default=None),
        option(["-q", "--quiet"], "Only ids (or the secret).", is_flag=True, default=False),
        option(["-y", "--yes"], "Do not ask.", is_flag=True, default=False),
        option(["--server"], "Ask this server over HTTP.", metavar="URL", default=None),
        option(["--tz"], "Time zone of times.", metavar="ZONE", default=None),
        option(["--no-color"], "No colours.", is_flag=True, default=False),
        option(["--debug"], "Show where an error happened.", is_flag=True, default=False),
    ]


def _remember(name: str) -> Callable[[Any, Any, Any], Any]:
    def remember(ctx: Any, _: Any, value: Any) -> Any:
        if name == "output" and value not in (None, *FORMATS):
            raise typer.BadParameter(f"{value!r} is none of {', '.join(FORMATS)}")
        if value and isinstance(ctx.obj, Invocation):
            setattr(ctx.obj, name, value)
        return value

    return remember
