"""Rotation, and several writers of one file."""

import os
import stat
import threading
from pathlib import Path

from orouter.logs.files import LogFile


def read_all(path):
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob("x.log*"), reverse=True))


def test_the_file_is_made_with_its_directory_and_is_not_for_everybody(tmp_path):
    path = tmp_path / "a/b/x.log"
    old = os.umask(0)
    try:
        LogFile(path, 100, 1).close()
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_full_files_are_renamed_and_the_oldest_goes(tmp_path):
    path = tmp_path / "x.log"
    file = LogFile(path, 20, 2)
    for number in range(8):
        file.write(b"line %03d\n" % number)
    file.close()
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["x.log", "x.log.1", "x.log.2"]
    assert read_all(path) == b"".join(b"line %03d\n" % number for number in range(2, 8))


def test_nothing_is_kept_where_nothing_is_asked_for(tmp_path):
    file = LogFile(tmp_path / "x.log", 10, 0)
    for _ in range(5):
        file.write(b"12345678\n")
    file.close()
    assert [p.name for p in tmp_path.iterdir()] == ["x.log"]
    assert (tmp_path / "x.log").read_bytes() == b"12345678\n"


def test_two_writers_lose_nothing_while_the_file_turns_over(tmp_path):
    path = tmp_path / "x.log"
    files = [LogFile(path, 2_000, 1_000) for _ in range(2)]

    def write(file, letter):
        for number in range(500):
            file.write(b"%b%04d\n" % (letter, number))
        file.close()

    threads = [
        threading.Thread(target=write, args=pair) for pair in zip(files, (b"a", b"b"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = read_all(path).split()
    assert sorted(lines) == sorted(b"%b%04d" % (c, n) for c in (b"a", b"b") for n in range(500))


def test_a_file_that_was_moved_away_is_made_anew(tmp_path):
    path = tmp_path / "x.log"
    file = LogFile(path, 1000, 1)
    file.write(b"one\n")
    path.rename(tmp_path / "moved")
    file.write(b"two\n")
    file.close()
    assert path.read_bytes() == b"two\n"


def test_a_full_disk_is_told_once_and_costs_no_request(capsys):
    file = LogFile(Path("/dev/full"), 1 << 30, 1)
    file.write(b"one\n")
    file.write(b"two\n")
    file.close()
    assert capsys.readouterr().err.count("cannot be written: No space left") == 1
