"""The event loops that the upstream clients have to work on."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """A worker runs on uvloop; asyncio's own loop is what is left where there is none."""
    factories = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return (
        factories
        if "client" in getattr(item, "fixturenames", ())
        else {"asyncio": factories["asyncio"]}
    )
