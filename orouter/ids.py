"""Identifiers: ULIDs sort by time, so a primary key made here is also an order of events."""

import os
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]


def ulid(at_us: int | None = None) -> str:
    """26 characters: 48 bits of milliseconds since the epoch, then 80 random bits."""
    millis = time.time_ns() // 1_000_000 if at_us is None else at_us // 1000
    number = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def prefixed(prefix: str) -> str:
    """An id that says what it names, such as ``org_01J…``."""
    return f"{prefix}_{ulid()}"
