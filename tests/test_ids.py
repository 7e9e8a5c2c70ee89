import os

from orouter.ids import is_ulid, made_at, prefixed, ulid

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def number(text: str) -> int:
    value = 0
    for letter in text:
        value = value * 32 + CROCKFORD.index(letter)
    return value


def test_an_id_holds_its_millisecond_and_sorts_by_it() -> None:
    at = 1_795_427_320_268_290
    assert number(ulid(at)) >> 80 == at // 1000
    assert ulid(at) < ulid(at + 1000) < ulid(at + 10**12)
    assert len(ulid()) == 26


def test_the_moment_of_an_id_can_be_read() -> None:
    assert made_at(ulid(1_795_427_320_268_290)) == 1_795_427_320_268_000
    assert is_ulid(ulid())
    assert not any(map(is_ulid, ("", ulid()[:-1], ulid().lower(), "8" + ulid()[1:])))


def test_ids_of_one_moment_differ() -> None:
    assert len({ulid(1_000_000) for _ in range(5000)}) == 5000


def test_every_random_bit_is_used() -> None:
    seen = 0
    missing = 0
    for _ in range(200):
        bits = number(ulid(0)) & (1 << 80) - 1
        seen |= bits
        missing |= ~bits & (1 << 80) - 1
    assert seen == missing == (1 << 80) - 1


def test_a_forked_process_has_randomness_of_its_own() -> None:
    ulid()
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, ulid(0).encode())
        os._exit(0)
    os.wait()
    assert os.read(reading, 26).decode() != ulid(0)
    os.close(reading)
    os.close(writing)


def test_a_prefix_says_what_it_names() -> None:
    assert prefixed("org").startswith("org_")
    assert len(prefixed("org")) == 30
