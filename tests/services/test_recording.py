"""Where intents and settlements go, and that nothing departs before them."""

import asyncio
from pathlib import Path
from typing import Any, Literal

import pytest

from orouter.db.session import Database
from orouter.departures import Departures
from orouter.services import recording
from orouter.settings.schema import Settings, Usage
from orouter.usage.inbox import Inbox
from orouter.usage.journal import Journal
from orouter.usage.records import Settlement
from tests.usage.made import intent, settlement


def settings(folder: Path, mode: Literal["journal", "direct"]) -> Settings:
    return Settings(usage=Usage(mode=mode, journal_dir=str(folder)))


class Peer:
    """A transport that looks into the journal when bytes leave."""

    def __init__(self, journal: Any) -> None:
        self.journal = journal
        self.seen: list[Settlement] = []

    def is_closing(self) -> bool:
        return False

    def write(self, _: bytes) -> None:
        assert isinstance(self.journal, Journal)
        inbox = Inbox(self.journal.writer, {})
        self.seen += inbox.read(final=True).settlements
        inbox.close()


async def test_what_departs_finds_its_records_on_the_disk(
    async_database: Database, tmp_path: Path
) -> None:
    departures = Departures()
    begun = recording.begin(settings(tmp_path, "journal"), async_database, departures)
    peer: Any = Peer(begun.recorder)
    departures.write(peer, b"a chunk of somebody else's, before there is a record")
    settled, begun_only = settlement(), intent()
    begun.recorder.intend(begun_only)
    begun.recorder.settle(settled)
    await asyncio.sleep(0)
    assert [each.id for each in peer.seen] == [settled.id, begun_only.id]
    await asyncio.to_thread(begun.close)


@pytest.mark.parametrize("mode", ["journal", "direct"])
async def test_closing_brings_what_was_recorded_into_the_database(
    async_database: Database, tmp_path: Path, mode: Literal["journal", "direct"]
) -> None:
    begun = recording.begin(settings(tmp_path, mode), async_database, Departures())
    begun.recorder.settle(settlement())
    await asyncio.to_thread(begun.close)
    assert begun.ingested.rows == 1
