"""Where a worker's intents and settlements go: the journal and the thread that reads it."""

import os
import socket
from collections.abc import Callable, Collection
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from orouter.db.session import Database
from orouter.departures import Departures
from orouter.ids import ulid
from orouter.services.gateway import Recorder
from orouter.settings.schema import Settings
from orouter.usage import reservations
from orouter.usage.direct import DirectJournal
from orouter.usage.inbox import Inbox
from orouter.usage.ingest import Ingested, Ingester
from orouter.usage.journal import Journal
from orouter.usage.segments import writers


class Recording(Struct, kw_only=True):
    """An open recorder. ``close`` brings everything into the database, as far as it answers."""

    recorder: Recorder
    worker_id: str
    ingested: Ingested
    unread: Callable[[], Collection[str]]
    """Workers of this node, the dead included, whose journal still holds files."""
    close: Callable[[], None]


def node_name() -> str:
    """What tells this machine from others that share the database."""
    return socket.gethostname()[:32] or "node"


def begin(settings: Settings, database: Database, departures: Departures) -> Recording:
    """Starts to record what must be recorded before something departs.

    Raises Overloaded if the journal's directory cannot be written.
    """
    zone = ZoneInfo(settings.reporting_timezone)
    if settings.usage.mode == "direct":
        return _direct(database, zone)
    journal = Journal(Path(settings.usage.journal_dir), node=node_name(), later=departures.expect)
    departures.record = journal.commit
    return _journalled(database, zone, journal)


def _direct(database: Database, zone: ZoneInfo) -> Recording:
    direct = DirectJournal()
    ingester = Ingester(database, None, zone=zone, own=direct.inbox(), hook=reservations.settle)
    ingester.start()
    return Recording(
        recorder=direct,
        worker_id=f"{node_name()}-{os.getpid()}-{ulid()}",
        ingested=ingester.ingested,
        unread=tuple,
        close=ingester.stop,
    )


def _journalled(database: Database, zone: ZoneInfo, journal: Journal) -> Recording:
    closing = ExitStack()
    directory = journal.writer.directory
    own = Inbox(journal.writer, {})
    ingester = Ingester(database, directory, zone=zone, own=own, hook=reservations.settle)
    ingester.start()
    closing.callback(ingester.stop)
    closing.callback(journal.close)
    return Recording(
        recorder=journal,
        worker_id=journal.writer.stem,
        ingested=ingester.ingested,
        unread=lambda: [writer.stem for writer in writers(directory)],
        close=closing.close,
    )
