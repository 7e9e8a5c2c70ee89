"""How many steps a request takes: what the event loop calls for it, built-in functions included.

python -m benchmarks.steps [--seconds S] [--top N]

A gateway serves in this process, under a profiler, 64 connections that never rest. Times under a
profiler say little, but the number of calls hardly depends on the machine's mood: what it says of
a change holds on a busy machine too. Threads that ingest and write logs are not in it.
"""

import argparse
import asyncio
import cProfile
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType
from typing import Any

import uvicorn
import uvloop

import orouter
from benchmarks.hotpath import PLAIN
from benchmarks.stand import contenders
from benchmarks.stand.contenders import Contender, configured, issue_key
from benchmarks.stand.driving import drive
from benchmarks.stand.processes import free_port, wait_until
from benchmarks.stand.results import keep, table
from orouter import settings
from orouter.cli.serving import uvicorn_options

PLACES = [Path(orouter.__file__).parent, Path(uvicorn.__file__).parents[1]]
"""Where functions come from: this project, the libraries beside uvicorn."""


@asynccontextmanager
async def gateway(work: Path, upstream: int) -> AsyncIterator[Contender]:
    """One that serves on this event loop."""
    environment = configured(work, upstream)
    os.environ["OROUTER_CONFIG"] = environment["OROUTER_CONFIG"]
    key, port = issue_key(work, environment), free_port()
    options = {**uvicorn_options(settings.load()), "port": port}
    server = uvicorn.Server(uvicorn.Config("orouter.app:create", **options))
    serving = asyncio.create_task(server.serve())
    await asyncio.to_thread(wait_until, lambda: server.started, "orouter", 300)  # under valgrind
    yield Contender("orouter", port, key=key)
    server.should_exit = True
    await serving


async def counted(work: Path, seconds: float) -> dict[str, float]:
    """Calls a request, by function."""
    output = (work / "serve.out").open("w")
    with output, redirect_stderr(output), contenders.mock(work) as mock:
        async with gateway(work, mock.port) as contender:
            await asyncio.to_thread(drive, PLAIN, contender, 0.5)
            profile = cProfile.Profile()
            profile.enable()
            done = await asyncio.to_thread(drive, PLAIN, contender, seconds)
            profile.disable()
    steps: Counter[str] = Counter()
    for entry in profile.getstats():
        steps[_named(entry.code)] += entry.callcount
    return {function: calls / done["good"] for function, calls in steps.items()}


def _named(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code  # a built-in function
    path = Path(code.co_filename)
    inside = next((place for place in PLACES if path.is_relative_to(place)), path.parent)
    return f"{path.relative_to(inside)}:{code.co_firstlineno} {code.co_qualname}"


def main(argv: list[str] | None = None) -> None:
    """Print the number, and the functions called most."""
    parser = argparse.ArgumentParser(description="How many steps a request takes.")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--top", type=int, default=15)
    options = parser.parse_args(argv)
    with TemporaryDirectory() as folder:
        steps = uvloop.run(counted(Path(folder), options.seconds))
    most = sorted(steps.items(), key=lambda item: -item[1])
    rows: list[dict[str, Any]] = [{"function": name, "calls": n} for name, n in most[: options.top]]
    table(f"plain, 64 connections: {sum(steps.values()):.0f} calls a request", rows)
    keep("steps", {"calls a request": sum(steps.values()), "by function": dict(most)})


if __name__ == "__main__":
    main()
