import asyncio

import pytest

from orouter.services.patience import Patience


async def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError), Patience().within(0.01):
        await asyncio.sleep(5)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_what_is_in_time_is_left_alone() -> None:
    patience = Patience()
    with patience.within(0.05):
        await asyncio.sleep(0.03)
    await asyncio.sleep(0.1)


async def test_each_has_its_own_time() -> None:
    patience = Patience()

    async def waits(seconds: float) -> str:
        try:
            with patience.within(seconds):
                await asyncio.sleep(0.2)
        except TimeoutError:
            return "ended"
        return "done"

    assert await asyncio.gather(waits(5), waits(0.03), waits(5)) == ["done", "ended", "done"]


async def test_a_cancellation_of_others_stays_one() -> None:
    async def waits() -> None:
        with Patience().within(5):
            await asyncio.sleep(5)

    task = asyncio.create_task(waits())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_stays_what_it_is() -> None:
    with pytest.raises(KeyError), Patience().within(5):
        raise KeyError
