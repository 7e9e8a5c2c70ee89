import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from orouter.usage.records import Begun, Settlement
from orouter.usage.segments import MAX_BODY, Found, Writer, framed, line, read_intent, scan, writers
from tests.usage.made import intent, settlement

BEGUN, *SETTLED = intent(), settlement(), settlement(error="äöü")
LINES = [line(record) for record in (BEGUN, *SETTLED)]
ALONE = [framed([each]) for each in LINES]
DATA = b"".join(ALONE)
RECORDS: list[Begun | Settlement] = [Begun(id=BEGUN.id), *SETTLED]


def records(found: Iterable[Found]) -> list[Begun | Settlement]:
    return [record for each in found for record in each.records]


def test_records_come_back_as_they_were() -> None:
    assert records(scan(DATA, final=False)) == RECORDS


def test_what_was_written_in_one_turn_is_one_frame() -> None:
    [found] = scan(framed(LINES), final=False)
    assert found.records == RECORDS


def test_more_than_a_frame_holds_is_one_frame_each() -> None:
    many = LINES * (MAX_BODY // len(LINES[0]))
    found = list(scan(framed(many), final=False))
    assert len(found) == len(many)
    assert records(found) == RECORDS * (len(many) // len(LINES))


@pytest.mark.parametrize("data", [DATA, framed(LINES)])
def test_what_was_begun_can_be_read_whole(data: bytes) -> None:
    first = next(scan(data, final=False))
    assert read_intent(data[first.start : first.end], BEGUN.id) == BEGUN


@pytest.mark.parametrize("final", [True, False])
def test_a_tail_torn_at_any_byte_leaves_the_records_before_it(final: bool) -> None:
    last = len(ALONE[-1])
    for cut in range(1, last + 1):
        found = list(scan(DATA[: len(DATA) - cut], final=final))
        assert records(found) == RECORDS[:-1]
        torn = [each for each in found if not each.records]
        assert len(torn) == (final and cut < last)


@pytest.mark.parametrize("final", [True, False])
def test_preallocated_zeros_are_the_end_and_no_damage(final: bool) -> None:
    assert records(scan(DATA + bytes(5000), final=final)) == RECORDS


def test_a_damaged_byte_costs_one_frame_and_every_byte_is_accounted_for() -> None:
    chance = random.Random(4)  # noqa: S311 - a seed, not a secret
    for _ in range(200):
        place = chance.randrange(len(DATA))
        damaged = bytearray(DATA)
        damaged[place] ^= chance.randrange(1, 256)
        found = list(scan(bytes(damaged), final=True))
        assert len([each for each in records(found) if each in RECORDS]) == len(RECORDS) - 1
        assert [each.start for each in found] == [0, *(each.end for each in found[:-1])]
        assert found[-1].end == len(DATA)


def test_noise_holds_no_records_and_does_no_harm() -> None:
    chance = random.Random(5)  # noqa: S311 - a seed, not a secret
    for _ in range(50):
        noise = chance.randbytes(chance.randrange(2000))
        assert records(scan(noise + DATA, final=True)) == RECORDS


def test_a_lock_is_held_by_one_and_free_after_it(tmp_path: Path) -> None:
    writer = Writer.named(tmp_path, "node one/two")
    assert writer.stem.startswith("node-one-two-")
    lock = writer.lock()
    assert lock is not None
    assert writer.lock() is None
    assert writers(tmp_path) == [writer]
