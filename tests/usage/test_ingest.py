import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.errors import Overloaded
from orouter.models.journal_segment import JournalSegment
from orouter.usage.direct import DirectJournal
from orouter.usage.ingest import Ingester
from orouter.usage.journal import Journal
from orouter.usage.records import Settlement
from tests.databases import empty
from tests.usage.made import (
    KOLKATA,
    assert_rollups_are_sums,
    ingester,
    intent,
    rollups,
    settlement,
    stored,
)


def positions(database: Database) -> int:
    with database.read() as session:
        return (
            session.connection().scalar(sa.select(sa.func.count()).select_from(JournalSegment)) or 0
        )


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_settlements_become_rows_and_rollups(database: Database, tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=20_000)
    wanted = [
        settlement(key_id=f"key_{n % 7}", error="äöü 🙂", code="e" * (n % 2)) for n in range(450)
    ]
    for each in wanted:
        journal.intend(intent(id=each.id))
        journal.settle(each)
    ingester(database, tmp_path, journal.inbox()).drain()
    rows = stored(database)
    for each in wanted:
        row = rows.pop(each.id)
        assert all(
            getattr(row, name) == value
            for name, value in msgspec.structs.asdict(each).items()
            if name in row._fields
        )
        assert row.failed == (each.code != "")
    assert rows == {}
    assert_rollups_are_sums(database, wanted)
    assert len(journal.writer.segments()) == 2
    journal.close()


def test_an_open_intent_waits_while_its_writer_lives(sqlite: Database, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    long = intent()
    journal.intend(long)
    journal.settle(settlement())
    mine = ingester(sqlite, tmp_path, journal.inbox())
    mine.drain()
    assert long.id not in stored(sqlite)
    journal.settle(settlement(long))
    mine.drain()
    assert stored(sqlite)[long.id].source == "provider"
    journal.close()


def test_an_open_intent_of_a_dead_writer_is_booked_at_its_estimate(
    database: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path, segment_bytes=4096)
    lost = intent(estimated_completion_tokens=100, estimated_cost=12345, limited=True)
    journal.intend(lost)
    settled = [settlement() for _ in range(50)]
    for each in settled:
        journal.settle(each)
    mine = ingester(database, tmp_path, journal.inbox())
    mine.drain()
    journal.close()
    other = ingester(database, tmp_path)
    other.drain()
    row = stored(database)[lost.id]
    assert (row.source, row.code, row.cost, row.counted) == (
        "unresolved",
        "unresolved",
        12345,
        True,
    )
    assert (row.prompt_tokens, row.completion_tokens) == (7, 100)
    assert (other.ingested.unresolved, len(stored(database))) == (1, 51)
    assert list(tmp_path.iterdir()) == []
    assert positions(database) == 0


def test_a_settlement_in_a_later_segment_is_found_before_the_intent_is_given_up(
    sqlite: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path, segment_bytes=2048)
    early = intent()
    journal.intend(early)
    for _ in range(30):
        journal.settle(settlement())
    journal.settle(settlement(early))
    assert len(journal.writer.segments()) > 3
    journal.close()
    ingester(sqlite, tmp_path).drain()
    assert {row.source for row in stored(sqlite).values()} == {"provider"}


WRITER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from orouter.usage.journal import Journal
    from tests.usage.made import intent, settlement

    journal = Journal(Path(sys.argv[1]), segment_bytes=30_000)
    acknowledged = open(sys.argv[2], "w", buffering=1)
    number = 0
    while True:
        started = [intent(key_id=f"key_{n}") for n in range(5)]
        for each in started:
            journal.intend(each)
        for each in started:
            number += 1
            journal.settle(settlement(each, cost=number))
            print(each.id, number, file=acknowledged)
        time.sleep(0.002)
""")


def killed_writers(directory: Path, count: int) -> dict[str, int]:
    """Start writers, kill them in the middle of it, and return what they had acknowledged."""
    outputs = [directory.parent / f"acknowledged-{n}" for n in range(count)]
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(directory), str(output)])  # noqa: S603 - our own script
        for output in outputs
    ]
    for number, (process, output) in enumerate(zip(processes, outputs, strict=True)):
        wait_until(lambda output=output: output.exists() and output.stat().st_size > 3000)  # type: ignore[misc]  # the default binds the loop's value
        time.sleep(0.007 * number)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    lines = [line.split() for output in outputs for line in output.read_text().splitlines()]
    return {line[0]: int(line[1]) for line in lines if len(line) == 2 and len(line[0]) == 26}


def test_killed_writers_lose_nothing_and_count_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    directory = tmp_path / "journal"
    acknowledged = killed_writers(directory, 3)
    adopters = [ingester(database, directory) for _ in range(2)]
    threads = [threading.Thread(target=each.drain) for each in adopters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = stored(database)
    assert len(acknowledged) > 100
    assert {id_: rows[id_].cost for id_ in acknowledged} == acknowledged
    assert sum(each.ingested.adopted for each in adopters) == 3
    beyond = [row for row in rows.values() if row.id not in acknowledged]
    assert len(beyond) <= 3 * 5
    assert sum(values[0] for key, values in rollups(database).items() if key[0] == "year") == len(
        rows
    )
    assert list(directory.iterdir()) == []


DRAINER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from orouter.db.session import Database
    from tests.usage.made import ingester

    ingester(Database(sys.argv[1]), Path(sys.argv[2])).drain()
""")


def test_a_killed_ingester_leaves_the_rest_to_the_next(
    database: Database, url_of: Callable[[str], str], tmp_path: Path
) -> None:
    journal = Journal(tmp_path, segment_bytes=200_000)
    wanted = [settlement(key_id=f"key_{n % 50}") for n in range(4000)]
    for each in wanted:
        journal.settle(each)
    journal.close()
    url = url_of(database.primary.backend)
    process = subprocess.Popen([sys.executable, "-c", DRAINER, url, str(tmp_path)])  # noqa: S603 - our own script
    wait_until(lambda: positions(database) > 0)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    ingester(database, tmp_path).drain()
    assert_rollups_are_sums(database, wanted)
    assert len(stored(database)) == 4000
    assert list(tmp_path.iterdir()) == []


def test_replayed_segments_change_nothing(database: Database, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "first", segment_bytes=8192)
    wanted = [settlement() for _ in range(120)]
    for each in wanted:
        journal.settle(each)
    journal.intend(intent())
    journal.close()
    copies = {path.name: path.read_bytes() for path in (tmp_path / "first").glob("*.seg")}
    ingester(database, tmp_path / "first").drain()
    before = rollups(database)
    for name, data in copies.items():
        (tmp_path / "first" / name).write_bytes(data)
    again = ingester(database, tmp_path / "first")
    again.drain()
    assert (again.ingested.rows, again.ingested.retries) == (0, 0)
    assert rollups(database) == before
    assert len(stored(database)) == 121


def test_damage_is_set_aside_and_counted_and_costs_one_record(
    sqlite: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path)
    wanted = [settlement() for _ in range(20)]
    for each in wanted:
        journal.settle(each)
    journal.close()
    (segment,) = journal.writer.segments()
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 255
    segment.write_bytes(data[:-3])
    mine = ingester(sqlite, tmp_path)
    mine.drain()
    assert len(stored(sqlite)) == 18
    assert mine.ingested.corrupt == 2
    assert len(list(tmp_path.glob("*.corrupt"))) == 2
    assert list(tmp_path.glob("*.seg")) == []


def test_a_tail_torn_at_any_byte_costs_only_the_last_record(
    sqlite: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path)
    journal.settle(kept := settlement())
    journal.settle(settlement())
    journal.close()
    (segment,) = journal.writer.segments()
    data = segment.read_bytes()
    end_of_first = 8 + (len(data) - 8) // 2
    for cut in range(end_of_first, len(data)):
        segment.write_bytes(data[:cut])
        ingester(sqlite, tmp_path).drain()
        assert list(stored(sqlite)) == [kept.id]


class Gate:
    """A socket in front of a database server that can be shut."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener: socket.socket | None = None
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port: int = chosen.getsockname()[1]

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        assert self._listener is not None
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            for pair in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=pair, daemon=True).start()

    def close(self) -> None:
        assert self._listener is not None
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    target.close()


@pytest.mark.parametrize("backend", ["mysql", "postgresql"])
def test_an_outage_is_waited_out(
    backend: str, url_of: Callable[[str], str], tmp_path: Path
) -> None:
    url = sa.make_url(url_of(backend))
    gate = Gate(url.host or "127.0.0.1", url.port or {"mysql": 3306, "postgresql": 5432}[backend])
    through = url.set(host="127.0.0.1", port=gate.port).render_as_string(hide_password=False)
    away = Database(through)
    journal = Journal(tmp_path)
    journal.settle(settled := settlement())
    mine = ingester(away, tmp_path, journal.inbox())
    mine.start()
    wait_until(lambda: mine.ingested.retries >= 2)
    gate.open()
    wait_until(lambda: mine.ingested.rows == 1)
    journal.close()
    mine.stop()
    assert settled.id in stored(away)
    empty(away)
    away.close()
    gate.close()


def test_what_cannot_be_stored_before_the_end_stays_for_the_next_start(
    sqlite: Database, tmp_path: Path
) -> None:
    away = Database(f"sqlite:///{tmp_path}/missing/orouter.db")
    journal = Journal(tmp_path / "journal")
    journal.settle(settled := settlement())
    mine = ingester(away, tmp_path / "journal", journal.inbox())
    mine.start()
    wait_until(lambda: mine.ingested.retries >= 1)
    journal.close()
    mine.stop()
    ingester(sqlite, tmp_path / "journal").drain()
    assert list(stored(sqlite)) == [settled.id]


def test_a_thread_brings_requests_into_the_database_within_a_second(
    sqlite: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path)
    mine = ingester(sqlite, tmp_path, journal.inbox())
    mine.start()
    began = time.monotonic()
    journal.settle(settlement())
    wait_until(lambda: mine.ingested.rows == 1)
    assert time.monotonic() - began < 1
    journal.close()
    mine.stop()
    assert list(tmp_path.iterdir()) == []


def test_writers_on_the_same_rollups_do_not_lose_a_batch(
    database: Database, tmp_path: Path
) -> None:
    wanted = []
    storm = []
    for number in range(4):
        journal = Journal(tmp_path / str(number))
        for n in range(400):
            wanted.append(each := settlement(key_id=f"key_{(n * 7) % 20}"))
            journal.settle(each)
        journal.close()
        storm.append(ingester(database, tmp_path / str(number)))
    threads = [threading.Thread(target=each.drain) for each in storm]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(database)) == 1600
    assert_rollups_are_sums(database, wanted)


def test_the_hook_sees_each_new_row_once_and_its_failure_undoes_the_batch(
    database: Database, tmp_path: Path
) -> None:
    seen: list[Settlement] = []
    failures = [RuntimeError("not yet"), RuntimeError("not yet")]

    def hook(connection: sa.Connection, rows: Sequence[Settlement]) -> None:
        assert connection.in_transaction()
        if failures:
            raise failures.pop()
        seen.extend(rows)

    journal = Journal(tmp_path)
    wanted = [settlement() for _ in range(10)]
    for each in [*wanted, wanted[3]]:
        journal.settle(each)
    journal.close()
    mine = Ingester(database, tmp_path, zone=KOLKATA, hook=hook)
    mine.drain()
    assert mine.ingested.retries == 2
    assert sorted(seen, key=lambda each: each.id) == sorted(wanted, key=lambda each: each.id)
    assert_rollups_are_sums(database, wanted)


def test_a_row_the_database_refuses_is_set_aside_alone(database: Database, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    good, bad = settlement(), settlement(prompt_tokens=2**63 - 1 + 2**63)
    for each in (good, bad):
        journal.settle(each)
    journal.close()
    mine = ingester(database, tmp_path)
    mine.drain()
    assert list(stored(database)) == [good.id]
    assert mine.ingested.refused == 1
    assert [path.name for path in tmp_path.iterdir()] == [f"{bad.id}.refused"]


def test_direct_mode_stores_without_files(database: Database) -> None:
    journal = DirectJournal(capacity=300)
    wanted = [settlement() for _ in range(300)]
    for each in wanted:
        journal.intend(intent())
        journal.settle(each)
    with pytest.raises(Overloaded, match="wait to be accounted for"):
        journal.intend(intent())
    mine = ingester(database, None, journal.inbox())
    mine.start()
    journal.close()
    mine.stop()
    assert len(stored(database)) == 300
    assert_rollups_are_sums(database, wanted)
