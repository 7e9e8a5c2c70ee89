"""Passwords of people: which ones are taken, and how they are stored and compared.

A hash costs 64 MiB and a tenth of a second on purpose, so the server computes few at a time.
"""

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from pydantic import SecretStr

from orouter.errors import InvalidRequest, Overloaded

if TYPE_CHECKING:  # most commands have no use for it
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
AT_ONCE, WAITING = 2, 16
"""Hashes that a worker computes at the same time, and how many may be asked for."""

_TRIVIAL = frozenset(
    {
        *("password", "passwort", "motdepasse", "contrasena", "secret", "geheim", "changeme"),
        *("admin", "administrator", "superadmin", "root", "user", "guest", "default", "login"),
        *("welcome", "willkommen", "hello", "letmein", "iloveyou", "trustno", "test", "testing"),
        *("monkey", "dragon", "sunshine", "princess", "football", "baseball", "master", "superman"),
        *("qwerty", "qwertz", "azerty", "mima", "woaini", "orouter", "gateway"),
    }
)
_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl")


class _Hashing:
    """The threads in which a worker hashes; whoever comes when too many wait is sent away."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._asked = 0

    async def matches(self, password_hash: str, password: SecretStr) -> bool:
        if self._asked >= WAITING:
            raise Overloaded("Too many are signing in at once.", headers={"retry-after": "2"})
        self._asked += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, matches, password_hash, password)
        finally:
            self._asked -= 1

    async def hashed(self, password: SecretStr) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, hashed, password)


hashing = _Hashing()
"""The same as ``matches`` and ``hashed``, on the event loop. Raises Overloaded."""


def check(password: SecretStr, *, email: str, name: str = "") -> None:
    """Raise InvalidRequest for a password that somebody would guess; it is never repeated."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise _refused(f"A password has at least {SHORTEST} characters.")
    if len(text) > LONGEST:
        raise _refused(f"A password has at most {LONGEST} characters.")
    if _letters(text) in {_letters(word) for word in (email, email.partition("@")[0], name)}:
        raise _refused("The password must not be the address or the name.")
    if _is_trivial(text):
        raise _refused("This password is one of the first that others would try.")


def hashed(password: SecretStr) -> str:
    """Return what is stored: argon2id with its parameters and salt."""
    return _hasher().hash(_bytes(password))


def matches(password_hash: str, password: SecretStr) -> bool:
    """Whether it is the password of that hash; without a hash it takes as long and says no."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as under TYPE_CHECKING

    try:
        _hasher().verify(password_hash or _nobodys(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 - as under TYPE_CHECKING

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")


def _normal(password: SecretStr) -> str:
    """The same characters whatever keyboard they were typed on, and never too many to hash."""
    return unicodedata.normalize("NFKC", password.get_secret_value()[: 4 * LONGEST])


def _bytes(password: SecretStr) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text.lower())


def _is_trivial(text: str) -> bool:
    lower = text.lower()
    if len(set(lower)) < 5:
        return True
    stem = re.sub(r"[\W\d_]+$", "", lower).translate(_LOOKALIKES)
    if {_letters(stem), _letters(lower)} & _TRIVIAL:
        return True
    runs = [run for half in _RUNS for run in (half * 2, half[::-1] * 2)]
    return any(lower in run for run in runs)


def _refused(why: str) -> InvalidRequest:
    return InvalidRequest(why, param="password", hint="A few words in a row are a good one.")
