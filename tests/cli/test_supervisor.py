import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import SIGNALS

from orouter.cli import supervisor
from orouter.cli.supervisor import Supervisor


@dataclass
class Worker:
    """What uvicorn knows of a process."""

    pid: int
    alive: bool = True
    answers: bool = True
    exitcode: int | None = None
    done: list[str] = field(default_factory=list)

    @property
    def process(self) -> "Worker":
        return self

    def is_alive(self) -> bool:
        return self.alive

    def is_ready(self, _timeout: float) -> bool:
        return self.answers

    def ping(self, _timeout: float) -> bool:
        return self.answers

    def kill(self) -> None:
        self.alive, self.exitcode = False, -9

    def join(self) -> None:
        assert not self.alive

    def start(self) -> None:
        self.done.append("started")


class Watched(Supervisor):
    """Starts no processes."""

    def spawned(self) -> Any:
        return Worker(pid=99)


@pytest.fixture
def watched() -> Iterator[Watched]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield Watched(uvicorn.Config("orouter.app:create", workers=2), [])
    for number, handler in before.items():
        signal.signal(number, handler)


def look(watched: Watched, *workers: Worker) -> list[Any]:
    watched.processes[:] = workers  # type: ignore[assignment]  # as far as it is looked at
    watched.keep_subprocess_alive()
    return list(watched.processes)


def test_the_dead_are_replaced_although_others_do_not_answer_yet(watched: Watched) -> None:
    starting, dead = Worker(1, answers=False), Worker(2, alive=False, exitcode=-9)
    first, second = look(watched, starting, dead)
    assert first is starting
    assert (second.pid, second.done) == (99, ["started"])


def test_a_node_that_never_served_ends_when_its_worker_cannot_start(watched: Watched) -> None:
    look(watched, Worker(1, alive=False, exitcode=STARTUP_FAILURE))
    assert watched.should_exit.is_set()


def test_a_node_that_served_goes_on_until_a_worker_can_start_again(watched: Watched) -> None:
    look(watched, Worker(1))
    [replaced] = look(watched, Worker(1, alive=False, exitcode=STARTUP_FAILURE))
    assert not watched.should_exit.is_set()
    assert replaced.done == ["started"]


def test_who_hangs_is_killed_once_it_had_time_to_start(watched: Watched) -> None:
    hangs = Worker(1, answers=False)
    look(watched, hangs)
    assert hangs.alive
    watched._first_seen[1] -= supervisor.LONGEST_START_S + 1
    [replaced] = look(watched, hangs)
    assert not hangs.alive
    assert replaced.done == ["started"]
