"""One timer looks at everybody, in turn, and only as long as there is somebody."""

import asyncio

from orouter.api.rounds import PARTS, Rounds

EVERY_S = 0.1


class Watched:
    def __init__(self) -> None:
        self.looks = 0

    def look(self) -> None:
        self.looks += 1


async def test_everybody_is_looked_at_about_once_in_that_time() -> None:
    rounds = Rounds(asyncio.get_running_loop(), EVERY_S)
    early, late, gone = Watched(), Watched(), Watched()
    rounds.join(early)
    rounds.join(gone).discard(gone)
    await asyncio.sleep(EVERY_S / 2)
    rounds.join(late)
    await asyncio.sleep(EVERY_S * 3)
    for watched in (early, late):
        assert 1 <= watched.looks <= 4
    assert gone.looks == 0


async def test_who_has_just_come_is_not_looked_at_at_once() -> None:
    rounds = Rounds(asyncio.get_running_loop(), EVERY_S)
    watched = Watched()
    rounds.join(watched)
    await asyncio.sleep(EVERY_S / PARTS * 3)
    assert watched.looks == 0


async def test_nobody_is_looked_for_when_all_have_gone() -> None:
    rounds = Rounds(asyncio.get_running_loop(), EVERY_S)
    watched = Watched()
    group = rounds.join(watched)
    group.discard(watched)
    await asyncio.sleep(EVERY_S / PARTS * 2)
    assert rounds._timer is None
    rounds.join(watched)
    assert rounds._timer is not None


class Broken(Watched):
    def look(self) -> None:
        super().look()
        raise RuntimeError


async def test_a_look_that_goes_wrong_does_not_end_the_rounds() -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)
    rounds = Rounds(loop, EVERY_S)
    broken = Broken()
    rounds.join(broken)
    await asyncio.sleep(EVERY_S * 4)
    assert broken.looks >= 2
