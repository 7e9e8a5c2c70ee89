import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.services.key_secrets import Presented, digest, generate, pepper, pepper_id, well_formed


def test_a_secret_has_its_shape_and_checksum() -> None:
    secret = generate()
    assert re.fullmatch(r"ork_[0-9A-Za-z]{49}", secret)
    assert well_formed(secret)


def test_the_format_is_a_promise() -> None:
    """Keys in the field stay good: this one was made by the first version."""
    assert well_formed("ork_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0")


@given(st.integers(4, 52), st.sampled_from("0aZ"))
def test_a_mistyped_letter_shows(place: int, letter: str) -> None:
    secret = generate()
    wrong = secret[:place] + letter + secret[place + 1 :]
    assert well_formed(wrong) == (wrong == secret)


@given(st.text())
def test_junk_is_no_key(text: str) -> None:
    assert not well_formed(text)
    assert not well_formed("ork_" + text)


@pytest.mark.parametrize("length", [1, 32, 64, 65, 200])
def test_a_digest_is_an_hmac(length: int) -> None:
    key = bytes(range(length))
    assert digest(key, "ork_secret") == hmac.digest(key, b"ork_secret", "sha256").hex()


def test_a_digest_needs_the_pepper() -> None:
    one, other = pepper("secret key of one"), pepper("secret key of another")
    secret = generate()
    assert digest(one, secret) == digest(one, secret) != digest(other, secret)
    assert pepper_id(one) != pepper_id(other)
    assert len(digest(one, secret)) == 64
    assert len(pepper_id(one)) == 16


def test_a_presented_secret_is_digested_as_any_other() -> None:
    presented, one, other = Presented("ork_x"), pepper("one"), pepper("other")
    assert [presented.digest(each) for each in (one, one, other)] == [
        *(digest(one, "ork_x"), digest(one, "ork_x"), digest(other, "ork_x"))
    ]
