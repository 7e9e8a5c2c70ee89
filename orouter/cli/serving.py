"""Starting uvicorn: the settings in force reach its workers through the environment."""

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import typer

from orouter import logs
from orouter.cli.addresses import require_free
from orouter.cli.invocation import database_of
from orouter.db.session import Database
from orouter.services import schema
from orouter.settings import Settings

_APP = "orouter.app:create"
_PROTOCOL = "orouter.api.protocol:BoundedHttpProtocol"


def prepare_schema(settings: Settings, *, fill_empty: bool = False) -> None:
    """SQLite is brought up to date; a shared server is not changed unasked: SchemaBehind.

    ``fill_empty``: a database without any schema of ours gets it on a shared server too.
    """
    database = database_of(settings)
    try:
        if database.primary.backend == "sqlite" or (fill_empty and _is_empty(database)):
            schema.upgrade(database)
        else:
            with database.read() as session:
                schema.check_to_serve(session)
    finally:
        database.close()


def _is_empty(database: Database) -> bool:
    with database.read() as session:
        return schema.state(session).current is None


def start(settings: Settings, flags: Mapping[str, object]) -> None:
    """Serves until told to stop. Raises Conflict where the port is taken."""
    settings.require_secret_key()
    require_free(settings.server)
    logs.configure(**settings.logging.model_dump())
    for secret in settings.secrets():
        logs.keep_secret(secret)
    place = _place_for_figures(settings)
    os.environ.update(environment(settings, flags) | place)
    # uvicorn finishes what is in flight, then sends itself the signal again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to reload
    try:
        _run(settings)
    except SystemExit as stop:
        raise typer.Exit(1 if stop.code else 0) from None
    finally:
        for directory in place.values():
            rmtree(directory, ignore_errors=True)


def _place_for_figures(settings: Settings) -> dict[str, str]:
    """The variable that names a folder where several workers put what ``/metrics`` tells."""
    if settings.server.workers == 1 or settings.metrics.directory:
        return {}
    return {"OROUTER_METRICS__DIRECTORY": mkdtemp(prefix="orouter-figures-")}


def _run(settings: Settings) -> None:
    from uvicorn import Config
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.importer import import_from_string

    from orouter.cli.draining import DrainingServer

    options, drain_s = uvicorn_options(settings), settings.server.drain_s
    if settings.server.workers > 1:
        from orouter.cli.supervisor import Supervisor

        config = Config(_APP, **options)
        Supervisor(config, [config.bind_socket()], drain_s).run()
        return
    # A worker of its own would read the configuration again.
    app = partial(import_from_string(_APP), settings)
    server = DrainingServer(Config(app, **options), drain_s)
    with suppress(KeyboardInterrupt):  # Ctrl-C is how a person stops it
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def environment(settings: Settings, flags: Mapping[str, object]) -> dict[str, str]:
    """The variables that make a worker read the same settings."""
    variables = {
        "OROUTER_" + path.upper().replace(".", "__"): str(value)
        for path, value in flags.items()
        if value is not None
    }
    return variables | ({"OROUTER_CONFIG": settings.file} if settings.file else {})


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """uvicorn's own logging and access log are off: ours are in their place."""
    server = settings.server
    return {
        "factory": True,
        "host": server.host,
        "port": server.port,
        "workers": server.workers,
        "http": _PROTOCOL,
        "loop": "uvloop",
        "lifespan": "on",
        "ws": "none",
        "proxy_headers": False,
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "backlog": 4096,
        "timeout_graceful_shutdown": server.shutdown_grace_s,
    }
