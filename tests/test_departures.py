"""What leaves at the end of a turn: in order, behind the journal, or not at all."""

import asyncio
from typing import Any

import pytest

from orouter.departures import Departures
from orouter.errors import OrouterError, Overloaded


class Log:
    """A transport and a journal that write down what happens to them, in one list."""

    def __init__(self) -> None:
        self.happened: list[object] = []
        self.full = self.closing = self.broken = False

    def record(self) -> None:
        self.happened.append("record")
        if self.full:
            raise Overloaded("journal disk full")

    def write(self, data: bytes) -> None:
        if self.broken:
            raise RuntimeError("the handle is closed")
        self.happened.append(data)

    def is_closing(self) -> bool:
        return self.closing

    def abort(self) -> None:
        self.happened.append("abort")


@pytest.fixture
def log() -> Any:
    return Log()


@pytest.fixture
def departures(log: Log) -> Departures:
    departures = Departures()
    departures.record = log.record
    return departures


async def test_a_turn_is_recorded_once_and_then_everything_leaves_in_order(
    departures: Departures, log: Any
) -> None:
    departures.write(log, b"a chunk")
    departures.expect()
    departures.write(log, b"a request", lambda _: None)
    assert log.happened == []
    await asyncio.sleep(0)
    assert log.happened == ["record", b"a chunk", b"a request"]
    await asyncio.sleep(0)
    assert log.happened == ["record", b"a chunk", b"a request"]


async def test_a_record_alone_is_written_too(departures: Departures, log: Any) -> None:
    departures.expect()
    await asyncio.sleep(0)
    assert log.happened == ["record"]


async def test_what_is_written_after_the_end_of_a_turn_leaves_with_the_next(
    departures: Departures, log: Any
) -> None:
    departures.write(log, b"now")
    departures.leave()
    assert log.happened == ["record", b"now"]
    departures.write(log, b"later")
    await asyncio.sleep(0)
    assert b"later" in log.happened


async def test_without_room_in_the_journal_requests_stay_and_answers_leave(
    departures: Departures, log: Any
) -> None:
    refused: list[OrouterError] = []
    log.full = True
    departures.write(log, b"a request", refused.append)
    departures.write(log, b"an answer")
    departures.leave()
    assert log.happened == ["record", b"an answer"]
    assert [error.status for error in refused] == [503]


async def test_a_connection_that_is_gone_takes_nothing_from_the_others(
    departures: Departures, log: Any
) -> None:
    gone: Any = Log()
    broken: Any = Log()
    gone.closing = broken.broken = True
    for each in (gone, broken, log):
        departures.write(each, b"bytes")
    departures.leave()
    assert (gone.happened, broken.happened) == ([], ["abort"])
    assert log.happened == ["record", b"bytes"]
