"""Fixtures for every test that needs a database: one schema per backend and run, no rows."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest

from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from tests.databases import BACKENDS, empty, migrated, new_database, server_url

UrlOf = Callable[[str], str]


def pytest_configure() -> None:
    """Hears Ctrl-C even where a shell started the run in the background.

    There it is ignored, which every program that a test starts would inherit.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def url_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UrlOf]:
    """The URL of a backend's migrated database, made when first asked for."""
    made: dict[str, str | None] = {}
    with ExitStack() as stack:

        def url_of(backend: str) -> str:
            if backend not in made:
                folder = tmp_path_factory.mktemp("databases")
                try:
                    made[backend] = migrated(stack.enter_context(new_database(backend, folder)))
                except DatabaseUnavailable:
                    made[backend] = None
            url = made[backend]
            if url is None:
                pytest.skip(f"no server at {server_url(backend).rpartition('@')[2]}")
            return url

        yield url_of


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, url_of: UrlOf) -> Iterator[Database]:
    """An empty database with the whole schema; the test runs on each backend."""
    database = Database(url_of(request.param))
    yield database
    empty(database)
    database.close()


@pytest.fixture
async def async_database(database: Database) -> AsyncIterator[Database]:
    """The same, closed on the event loop that the test ran on."""
    yield database
    await database.aclose()


@pytest.fixture
def sqlite(url_of: UrlOf) -> Iterator[Database]:
    """An empty SQLite database, where the backend makes no difference to the test."""
    database = Database(url_of("sqlite"))
    yield database
    empty(database)
    database.close()
