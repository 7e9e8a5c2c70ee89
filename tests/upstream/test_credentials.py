from collections import Counter

from orouter.upstream.credentials import CredentialPool


def test_keys_take_turns() -> None:
    pool = CredentialPool("openai", ("a", "b", "c"))
    picked = Counter(pool.pick(0.0).secret for _ in range(30))
    assert picked == {"a": 10, "b": 10, "c": 10}


def test_a_resting_key_is_left_out_until_it_wakes() -> None:
    pool = CredentialPool("openai", ("a", "b"))
    pool.rest(pool.pick(0.0), until=10.0)
    assert len({pool.pick(5.0).secret for _ in range(6)}) == 1
    assert pool.awake(5.0) == 1
    assert len({pool.pick(10.0).secret for _ in range(6)}) == 2


def test_the_last_key_is_never_given_up() -> None:
    pool = CredentialPool("openai", ("a", "b"))
    first, second = pool.pick(0.0), pool.pick(0.0)
    pool.rest(first, until=20.0)
    pool.rest(second, until=10.0)
    assert pool.pick(0.0) is second
    alone = CredentialPool("openai", ("a",))
    alone.rest(alone.pick(0.0), until=99.0)
    assert alone.pick(0.0).secret == "a"


def test_a_rest_is_never_shortened() -> None:
    pool = CredentialPool("openai", ("a", "b"))
    key = pool.pick(0.0)
    pool.rest(key, until=50.0)
    pool.rest(key, until=10.0)
    assert key.rests_until == 50.0


def test_no_secret_in_a_repr() -> None:
    assert "sk-secret" not in repr(CredentialPool("openai", ("sk-secret",)).pick(0.0))
