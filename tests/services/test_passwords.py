import asyncio

import pytest
from pydantic import SecretStr

from orouter.errors import InvalidRequest, Overloaded
from orouter.services import passwords
from tests.people import PASSWORD, password_hash


@pytest.mark.parametrize(
    "password",
    [
        *("short", "123456789", "1234567890", "0987654321", "qwertyuiop"),
        *("aaaaaaaaaa", "abababababab"),
        *("password123", "P4ssw0rd!!!!", "Administrator1", "changeme2026", "asdfghjklasd"),
        *("ada.lovelace@example.com", "Ada.Lovelace1", "Lovelace-Ada", "x" * 201),
    ],
)
def test_what_others_would_try_first_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        passwords.check(SecretStr(password), email="ada.lovelace@example.com", name="Lovelace Ada")
    assert password not in refused.value.message


@pytest.mark.parametrize(
    "password", [PASSWORD, "ein ganz langer Satz", "密码要足够长才行啊啊哦", "dX9!kQ2#mZ"]
)
def test_others_are_taken(password: str) -> None:
    passwords.check(SecretStr(password), email="ada@example.com")


def test_a_hash_is_argon2id_and_salted() -> None:
    assert password_hash().startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.hashed(SecretStr(PASSWORD)) != password_hash()
    assert len(password_hash()) <= 200


def test_only_the_password_matches_and_nothing_matches_nobody() -> None:
    assert passwords.matches(password_hash(), SecretStr(PASSWORD))
    assert not passwords.matches(password_hash(), SecretStr(PASSWORD + " "))
    assert not passwords.matches("", SecretStr("nobody has this password"))
    assert not passwords.matches(password_hash(), SecretStr("\ud800"))
    assert not passwords.matches("not a hash", SecretStr(PASSWORD))


def test_a_keyboard_that_composes_differently_types_the_same_password() -> None:
    composed, decomposed = "caf\u00e9 au lait noir", "cafe\u0301 au lait noir"
    assert passwords.matches(passwords.hashed(SecretStr(composed)), SecretStr(decomposed))


async def test_whoever_comes_when_too_many_wait_is_sent_away() -> None:
    asked = [
        passwords.hashing.matches(password_hash(), SecretStr("no"))
        for _ in range(passwords.WAITING + 4)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Overloaded) == 4
    assert answers.count(False) == passwords.WAITING
