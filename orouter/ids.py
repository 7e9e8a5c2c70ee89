"""Identifiers: ULIDs sort by time, so a primary key made here is also an order of events."""

import os
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_TRIPLES = [pair + c for pair in _PAIRS for c in _ALPHABET]
_RANDOM_BYTES = 10


class _Entropy:
    """The system's random bytes, for 400 ids at a time: a system call for each costs 1 us."""

    def __init__(self) -> None:
        self._bytes = b""
        self._at = 0
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """A forked process must not go on with its parent's bytes."""
        self._bytes, self._at = b"", 0

    def take(self) -> int:
        """80 random bits."""
        at = self._at
        if at >= len(self._bytes):
            self._bytes, at = os.urandom(_RANDOM_BYTES * 400), 0
        self._at = at + _RANDOM_BYTES
        return int.from_bytes(self._bytes[at : self._at], "big")


_entropy = _Entropy()


def ulid(at_us: int | None = None) -> str:
    """26 characters: 48 bits of milliseconds since the epoch, then 80 random bits."""
    millis = time.time_ns() // 1_000_000 if at_us is None else at_us // 1000
    random = _entropy.take()
    return (
        _ALPHABET[millis >> 45]
        + _TRIPLES[millis >> 30 & 32767]
        + _TRIPLES[millis >> 15 & 32767]
        + _TRIPLES[millis & 32767]
        + _ALPHABET[random >> 75]
        + _TRIPLES[random >> 60 & 32767]
        + _TRIPLES[random >> 45 & 32767]
        + _TRIPLES[random >> 30 & 32767]
        + _TRIPLES[random >> 15 & 32767]
        + _TRIPLES[random & 32767]
    )


def prefixed(prefix: str) -> str:
    """An id that says what it names, such as ``org_01J…``."""
    return f"{prefix}_{ulid()}"
