"""Any worker answers for all, and the dead take nothing back."""

import multiprocessing
import os
from pathlib import Path

from orouter.telemetry import families as of
from orouter.telemetry.board import Board
from orouter.telemetry.samples import Snapshot, merged, sample

spawn = multiprocessing.get_context("spawn")


def settled(board: Board) -> tuple[float, float]:
    """What the node settled, and how many workers it has."""
    found = {each.family: each.value for each in merged(board.gathered()).samples}
    return found[of.SETTLED.name], found[of.WORKERS.name]


def count(number: float) -> Snapshot:
    return Snapshot([sample(of.SETTLED, number), sample(of.WORKERS, 1)])


def _work_and_die(directory: Path, number: int) -> None:
    Board(directory).publish(count(number))
    os._exit(9)


def dies(directory: Path, number: int) -> None:
    worker = spawn.Process(target=_work_and_die, args=(directory, number))
    worker.start()
    worker.join(30)
    assert worker.exitcode == 9


def test_each_finds_what_the_others_published(tmp_path: Path) -> None:
    boards = [Board(tmp_path) for _ in range(3)]
    for number, board in enumerate(boards, 1):
        board.publish(count(number))
    assert [settled(board) for board in boards] == [(6, 3)] * 3
    boards[0].publish(count(10))
    assert settled(boards[2]) == (15, 3)


def test_counters_of_the_dead_stay_and_are_no_workers(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.publish(count(1))
    dies(tmp_path, 100)
    dies(tmp_path, 1000)
    assert settled(board) == (1101, 1)
    successor = Board(tmp_path)
    successor.publish(count(10_000))
    assert settled(board) == settled(successor) == (11_101, 2)


def test_the_files_of_the_dead_become_one(tmp_path: Path) -> None:
    for _ in range(5):
        dies(tmp_path, 1)
    board = Board(tmp_path)
    board.publish(count(1))
    assert settled(board) == (6, 1)
    assert len(list(tmp_path.glob("*.figures"))) == 2


def test_a_worker_that_ends_leaves_its_counters(tmp_path: Path) -> None:
    first, second = Board(tmp_path), Board(tmp_path)
    first.publish(count(5))
    second.publish(count(1))
    first.close()
    assert settled(second) == (6, 1)


def test_alone_without_a_directory() -> None:
    board = Board(None)
    board.publish(count(5))
    assert settled(board) == (5, 1)


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    board = Board(tmp_path)
    board.publish(count(5))
    (tmp_path / "0.figures").write_bytes(b"\0" * 4)
    (tmp_path / "1.figures").write_bytes(b"\x05\0\0\0\x01\x02\x03\x04hello")
    assert settled(board) == (5, 1)
