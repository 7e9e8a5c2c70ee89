import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from orouter.errors import Overloaded
from orouter.usage.inbox import Inbox
from orouter.usage.journal import RESERVE_BYTES, Journal
from orouter.usage.records import Settlement
from orouter.usage.segments import Writer, writers
from tests.usage.made import intent, settlement


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path, node="web-1", segment_bytes=4096)
    yield journal
    journal.close()


def read(writer: Writer, *, final: bool = False) -> list[Settlement]:
    inbox = Inbox(writer, {}, limit=10_000)
    try:
        return inbox.read(final=final).settlements
    finally:
        inbox.close()


def test_what_is_settled_can_be_read_at_once(journal: Journal) -> None:
    wanted = [settlement() for _ in range(3)]
    for each in wanted:
        journal.settle(each)
    assert read(journal.writer) == wanted


def test_segments_rotate_by_size_and_nothing_is_lost_between_them(journal: Journal) -> None:
    wanted = [settlement() for _ in range(100)]
    for each in wanted:
        journal.intend(intent(id=each.id))
        journal.settle(each)
    assert len(journal.writer.segments()) > 5
    assert read(journal.writer) == wanted


def test_records_of_one_turn_are_written_with_its_end(tmp_path: Path) -> None:
    asked: list[str] = []
    journal = Journal(tmp_path, later=lambda: asked.append("commit"))
    first, second = settlement(), settlement()
    journal.intend(intent(id=first.id))
    journal.settle(first)
    journal.settle(second)
    assert (asked, read(journal.writer)) == (["commit"], [])
    journal.commit()
    assert read(journal.writer) == [first, second]
    journal.settle(settlement(id="01K9ZJ00000000000000000009"))
    journal.close()
    assert (len(asked), len(read(journal.writer, final=True))) == (2, 3)


def test_closing_leaves_no_reserve_and_lets_others_adopt(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.settle(settlement())
    assert sum(path.stat().st_size for path in tmp_path.glob("*.seg")) == 2 * RESERVE_BYTES
    journal.close()
    (segment,) = journal.writer.segments()
    assert segment.stat().st_size < 1000
    lock = journal.writer.lock()
    assert lock is not None
    os.close(lock)


def test_a_directory_that_cannot_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Overloaded, match="journal cannot be written"):
        Journal(tmp_path / "file" / "journal")


SMALL_DISK = textwrap.dedent("""
    import resource, sys
    from pathlib import Path
    from orouter.errors import Overloaded
    from orouter.usage.journal import Journal
    from tests.usage.made import intent, settlement

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    folder = Path(sys.argv[1])
""")


FULL_DISK = SMALL_DISK + textwrap.dedent("""
    journal = Journal(folder, segment_bytes=65536)
    accepted = []
    refused = 0
    limit(1000)  # no file grows beyond this: room for some intents, and as much in the reserve
    for _ in range(50):
        try:
            journal.intend(each := intent())
            accepted.append(each)
        except Overloaded as error:
            assert "disk full" in error.message and error.status == 503, error.message
            refused += 1
    assert 2 <= len(accepted) <= 10, accepted
    for each in accepted:
        journal.settle(settlement(each))
    limit(resource.RLIM_INFINITY)
    journal.intend(after := intent())
    journal.settle(settlement(after))
    journal.close()
    (folder / "acknowledged").write_text(" ".join(each.id for each in [*accepted, after]))
""")


NO_ROOM = SMALL_DISK + textwrap.dedent("""
    journal = Journal(folder, segment_bytes=65536, later=lambda: None)
    limit(1000)
    turn = [intent() for _ in range(50)]  # more than fits behind the head of any file
    for each in turn:
        journal.intend(each)
    try:
        journal.commit()
    except Overloaded as error:
        assert "disk full" in error.message, error.message
    else:
        raise SystemExit("the turn was accepted")
    try:
        journal.intend(intent())
    except Overloaded:
        pass
    else:
        raise SystemExit("an intent was accepted before what is held was written")
    for each in turn:
        journal.settle(settlement(each))
    limit(resource.RLIM_INFINITY)
    journal.intend(after := intent())
    journal.settle(settlement(after))
    journal.close()
    (folder / "acknowledged").write_text(" ".join(each.id for each in [*turn, after]))
""")


@pytest.mark.parametrize("script", [FULL_DISK, NO_ROOM], ids=["one by one", "a turn at a time"])
def test_a_full_disk_refuses_new_requests_keeps_settlements_and_heals(
    tmp_path: Path, script: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (writer,) = writers(tmp_path)
    acknowledged = (tmp_path / "acknowledged").read_text().split()
    assert sorted(each.id for each in read(writer, final=True)) == sorted(acknowledged)
