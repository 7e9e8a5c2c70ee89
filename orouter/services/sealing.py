"""Secrets that the database may hold: sealed, and bound to what they are for.

AES-256-GCM under a key that HKDF derives from the installation's secret key. What it is bound to is
authenticated with it: moved to another provider or another address, a box does not open.

The library takes 7 MB: only an installation that stored a secret loads it.
"""

import base64
import binascii
import secrets
from typing import TYPE_CHECKING

from orouter.errors import CheckFailed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1."
_PURPOSE = b"orouter sealed secrets v1"
_NONCE_BYTES = 12


def seal(secret_key: str, text: str, bound_to: str) -> str:
    """A box that ``unseal`` opens with the same secret key and the same ``bound_to``."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(secret_key).encrypt(nonce, text.encode(), bound_to.encode())
    return _VERSION + base64.b64encode(nonce + sealed).decode()


def unseal(secret_key: str, box: str, bound_to: str) -> str:
    """What was sealed. Raises CheckFailed, which does not tell what is wrong with the box."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see above

    try:
        raw = base64.b64decode(box.removeprefix(_VERSION), validate=True)
        nonce, sealed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return _cipher(secret_key).decrypt(nonce, sealed, bound_to.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise CheckFailed("It was sealed under another secret key, or for something else") from None


def _cipher(secret_key: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - see above

    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return AESGCM(derive.derive(secret_key.encode()))
