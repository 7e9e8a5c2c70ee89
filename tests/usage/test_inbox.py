from collections.abc import Iterator
from pathlib import Path

import pytest

from orouter.usage.inbox import Inbox
from orouter.usage.journal import Journal
from orouter.usage.segments import HEAD, framed
from tests.usage.made import intent, settlement


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path, segment_bytes=8192)
    yield journal
    journal.close()


def test_a_position_stays_before_an_intent_until_it_is_settled(journal: Journal) -> None:
    inbox = journal.inbox()
    journal.settle(settlement())
    journal.intend(waiting := intent())
    journal.settle(settlement())
    (before,) = inbox.read(final=False).positions.values()
    journal.settle(settlement(waiting))
    (after,) = inbox.read(final=False).positions.values()
    assert len(HEAD) < before < after
    inbox.close()


def test_reading_starts_over_from_what_was_stored(journal: Journal) -> None:
    inbox = journal.inbox()
    journal.settle(first := settlement())
    batch = inbox.read(final=False)
    inbox.forget(batch)
    journal.settle(second := settlement())
    assert inbox.read(final=False).settlements == [second]
    inbox.restart()
    assert inbox.read(final=False).settlements == [second]
    assert batch.settlements == [first]
    inbox.close()


def test_batches_are_bounded_and_nothing_is_skipped_between_them(journal: Journal) -> None:
    wanted = [settlement() for _ in range(95)]
    for each in wanted:
        journal.settle(each)
    inbox = Inbox(journal.writer, {}, limit=10)
    found = []
    while batch := inbox.read(final=False):
        assert len(batch.settlements) <= 10
        found += batch.settlements
        inbox.forget(batch)
    assert found == wanted
    inbox.close()


def test_a_finished_segment_is_removed_only_once_its_batch_is_stored(journal: Journal) -> None:
    for _ in range(60):
        journal.settle(settlement())
    inbox = journal.inbox()
    batch = inbox.read(final=False)
    assert batch.finished
    assert all(path.exists() for path in batch.finished)
    inbox.forget(batch)
    assert not any(path.exists() for path in batch.finished)
    inbox.close()


def test_a_file_that_is_no_segment_is_set_aside_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.close()
    segment = journal.writer.segment_path(1)
    segment.write_bytes(b"something else entirely " * 40_000)
    inbox = journal.inbox()
    batch = inbox.read(final=True)
    assert batch.settlements == []
    assert batch.corrupt >= 1
    assert batch.finished == [segment]
    kept = sum(path.stat().st_size for path in tmp_path.glob("*.corrupt"))
    assert kept == segment.stat().st_size
    inbox.close()


def test_an_intent_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.close()
    stretch = framed([b'{"type":"i","id":"01K9ZJ"}'])
    journal.writer.segment_path(1).write_bytes(HEAD + stretch)
    inbox = journal.inbox()
    batch = inbox.read(final=True)
    assert (batch.settlements, batch.corrupt) == ([], 1)
    assert [path.read_bytes() for path in tmp_path.glob("*.corrupt")] == [stretch]
    inbox.close()


def test_of_a_frame_only_what_is_open_is_resolved(tmp_path: Path) -> None:
    journal = Journal(tmp_path, later=lambda: None)
    journal.intend(left := intent())
    journal.intend(served := intent())
    journal.settle(known := settlement(served))
    journal.commit()
    journal.close()
    inbox = journal.inbox()
    settlements = inbox.read(final=True).settlements
    assert settlements[0] == known
    assert [(each.id, each.source) for each in settlements[1:]] == [(left.id, "unresolved")]
    inbox.close()
