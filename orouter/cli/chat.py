"""``orouter chat``."""

import asyncio
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from orouter.cli.frame import single
from orouter.cli.invocation import Context, Invocation
from orouter.cli.later import later
from orouter.errors import InvalidRequest

if TYPE_CHECKING:
    from orouter.services import installation, talk
else:
    installation = later("orouter.services.installation")
    talk = later("orouter.services.talk")

app = single()


@app.command()
def chat(
    ctx: Context,
    prompt: Annotated[str | None, typer.Argument(metavar="[PROMPT]", help="Else stdin.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Else demo/echo, or the first there is.")
    ] = None,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="The key is the first line of stdin.")
    ] = False,
) -> None:
    """Ask a model: the running server if one answers, else this process. Needs OROUTER_KEY."""
    key = _key(from_stdin=key_stdin)
    question = prompt if prompt is not None else _question()
    streams = ctx.obj.output in (None, "table", "plain")
    reply = talk.Reply(_say if streams else lambda _: None)
    _ask(ctx.obj, key, question, model, reply)
    if streams:
        typer.echo()
        return
    told = {"model": reply.model, "content": reply.content, "finish": reply.finish}
    ctx.obj.item({**told, "usage": reply.usage}, identity="content")


def _ask(
    invocation: Invocation, key: str, question: str, model: str | None, reply: "talk.Reply"
) -> None:
    url = invocation.base_url
    if invocation.remote or installation.answers(url):
        talk.over_http(url, key, question, model, reply.feed)
        return
    _quiet_logs()
    work = partial(talk.in_process, invocation.settings, key, question, model, reply.feed)
    asyncio.run(work())


def _quiet_logs() -> None:
    import logging

    from orouter import logs

    logs.configure(level="ERROR", format="console")
    # Background work is cut off when so short a life ends; the pool would tell that as an error.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _question() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("You", err=True))
    text = sys.stdin.read().strip()
    if not text:
        raise InvalidRequest("There is no prompt", hint="orouter chat 'Hello', or pipe one in")
    return text


def _key(*, from_stdin: bool) -> str:
    """The caller's key: a line of stdin, a variable, or a hidden prompt; never an argument."""
    if from_stdin:
        return sys.stdin.readline().strip()
    found = [os.environ.get(name, "") for name in ("OROUTER_KEY", "OPENAI_API_KEY")]
    key = next((each for each in found if each.startswith("ork_")), found[0])
    if key:
        return key
    if sys.stdin.isatty():
        return str(typer.prompt("Key", hide_input=True, err=True))
    raise InvalidRequest(
        "No key: set OROUTER_KEY or use --key-stdin",
        hint="KEY=$(orouter key issue --org ORG --name NAME) makes one",
    )
