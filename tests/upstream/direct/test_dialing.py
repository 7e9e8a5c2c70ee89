"""Names with several addresses, and how often they are looked up."""

import asyncio
import socket
from collections.abc import Sequence

import pytest
from aiohappyeyeballs import AddrInfoType

from orouter.upstream.direct.address import Origin
from orouter.upstream.direct.dialing import Dialer
from tests.upstream.wire import HELLO, Peer, answering, serving


class Names:
    """Says the same addresses for every name, and counts."""

    def __init__(self, *hosts: str) -> None:
        self.hosts = hosts
        self.asked = 0

    async def resolve(self, _: str, port: int) -> Sequence[AddrInfoType]:
        self.asked += 1
        await asyncio.sleep(0.01)
        if not self.hosts:
            raise socket.gaierror
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (each, port, 0, 0))
            if ":" in each
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in self.hosts
        ]


@pytest.mark.parametrize("listens", ["127.0.0.1", "::1"])
async def test_one_of_two_addresses_is_enough(listens: str) -> None:
    dialer = Dialer(Names("::1", "127.0.0.1").resolve)
    async with serving(answering(HELLO), host=listens) as wire:
        dialed = await dialer.dial(Origin(False, "two.test", wire.port))
        assert dialed.getpeername()[0] == listens
        assert dialed.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        dialed.close()


async def test_one_lookup_serves_many_even_if_the_first_gives_up() -> None:
    names = Names("127.0.0.1")
    dialer = Dialer(names.resolve)
    async with serving(Peer.hung_up) as wire:
        origin = Origin(False, "one.test", wire.port)
        first, *others = [asyncio.create_task(dialer.dial(origin)) for _ in range(5)]
        await asyncio.sleep(0)
        first.cancel()
        for each in await asyncio.gather(*others):
            each.close()
        (await dialer.dial(origin)).close()
    assert names.asked == 1


async def test_a_failed_lookup_is_not_kept() -> None:
    names = Names()
    dialer = Dialer(names.resolve)
    for _ in range(2):
        with pytest.raises(socket.gaierror):
            await dialer.dial(Origin(False, "none.test", 1))
        await asyncio.sleep(0.01)
    assert names.asked == 2


async def test_addresses_that_do_not_answer_are_looked_up_anew() -> None:
    names = Names("127.0.0.1")
    dialer = Dialer(names.resolve)
    async with serving(Peer.hung_up) as wire:
        origin = Origin(False, "gone.test", wire.port)
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            await dialer.dial(origin)
    assert names.asked == 2


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"])
async def test_no_name_leads_to_the_metadata_of_the_machine(address: str) -> None:
    with pytest.raises(ConnectionRefusedError):
        await Dialer(Names(address).resolve).dial(Origin(False, "thief.test", 80))
    async with serving(answering(HELLO)) as wire:
        dialer = Dialer(Names(address, "127.0.0.1").resolve)
        dialed = await dialer.dial(Origin(False, "two.test", wire.port))
        assert dialed.getpeername()[0] == "127.0.0.1"
        dialed.close()
