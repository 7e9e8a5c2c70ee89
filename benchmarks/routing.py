"""How long a routing decision takes at 1,000 models: found, by an alias, with fallbacks, unknown.

python -m benchmarks.routing [--models N] [--rounds N]
"""

import argparse
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from timeit import repeat

import msgspec

from benchmarks.stand.results import keep, table
from orouter import settings as configuration
from orouter.errors import ModelNotFound
from orouter.schemas.chat import ChatRequest
from orouter.services import planning
from orouter.services.routing import Routes
from orouter.upstream.demo_client import DemoClient

CALLS = 2000


def routes(models: int) -> Routes:
    """The routes of a configuration with that many models of one provider."""
    named = {f"local/model-{n}": {"context": 1000, "input_per_mtok": 1} for n in range(models)}
    stored = {
        "providers": {"local": {"type": "compatible", "base_url": "http://127.0.0.1:9/v1"}},
        "models": named,
        "aliases": {"best": "local/model-7"},
        "fallbacks": {"local/model-1": ["local/model-2", "local/model-3"]},
    }
    settings = configuration.load(None, stored=stored, environ={})
    return planning.plan(settings, DemoClient(), DemoClient()).routes


def asked(model: str, **fields: object) -> ChatRequest:
    """A request for a model."""
    messages = [{"role": "user", "content": "hi"}]
    return msgspec.convert({"model": model, "messages": messages, **fields}, ChatRequest)


def microseconds(decide: Callable[[], object], rounds: int) -> float:
    """The median of the rounds, for one decision."""
    return median(repeat(decide, number=CALLS, repeat=rounds)) / CALLS * 1e6


def main() -> None:
    """Prints the table and keeps the numbers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    found = routes(given.models)
    unknown = asked("local/modell-12")

    def refuse() -> None:
        with suppress(ModelNotFound):
            found.candidates(unknown)

    requests = {
        "a model by its name": asked("local/model-500"),
        "an alias": asked("best"),
        "with two fallbacks": asked("local/model-1"),
        "three models of the caller": asked("local/model-4", models=["local/model-5", "best"]),
    }
    rows = [
        {"decision": name, "us": microseconds(lambda r=request: found.candidates(r), given.rounds)}
        for name, request in requests.items()
    ]
    rows.append({"decision": "an unknown model, refused again", "us": microseconds(refuse, 1)})
    table(f"routing at {given.models} models", rows)
    keep("routing", rows)


if __name__ == "__main__":
    main()
