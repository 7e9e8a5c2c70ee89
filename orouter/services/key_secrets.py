"""The secret that a key is: how it looks, and what of it is stored.

``ork_``, 43 random base62 characters (256 bits), then the CRC32 of those in 6 base62 characters, so
that junk is told from a key without asking anybody. Stored is an HMAC under a pepper that the
database does not hold: a stolen database neither yields a key nor confirms one.
"""

import hmac
import re
import secrets
import zlib
from hashlib import sha256

PREFIX = "ork_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_SHAPE = re.compile(r"ork_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")


def generate() -> str:
    """Return a new secret; nobody can tell it again once it is digested."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(43))
    return PREFIX + body + _checksum(body)


def well_formed(key: str) -> bool:
    """Whether ``key`` can be one of ours: shape and checksum, no look-up."""
    shape = _SHAPE.fullmatch(key)
    return shape is not None and _checksum(shape[1]) == shape[2]


def pepper(secret_key: str) -> bytes:
    """Derive the pepper of keys from the installation's secret key, which has other uses too."""
    return hmac.digest(secret_key.encode(), b"orouter api keys v1", "sha256")


def pepper_id(pepper: bytes) -> str:
    """Name a pepper without giving it away: a row says under which one it was digested."""
    return sha256(b"pepper id" + pepper).hexdigest()[:16]


def digest(pepper: bytes, key: str) -> str:
    """Return what is stored of a key: 64 hex digits."""
    return hmac.digest(pepper, key.encode(), "sha256").hex()


def _checksum(body: str) -> str:
    high, low = divmod(zlib.crc32(body.encode()), 3844)
    higher, middle = divmod(high, 3844)
    return _PAIRS[higher] + _PAIRS[middle] + _PAIRS[low]
