"""The caller's own bytes with another model's name in them, where nothing else has to change.

Filtering a request and encoding it again costs 4 us for a short one and 46 for 45 kB, this 1 and 7
(docs/performance.md). What is recognised is strict on purpose, the way in which official clients
write; anything else takes the long way round in ``request.py``.
"""

from functools import lru_cache

import msgspec

from orouter.dialects.base import Target
from orouter.dialects.openai_chat.fields import OPENAI_FIELDS
from orouter.schemas.chat import ChatRequest

PLAIN_FIELDS = frozenset({"role", "content", "name"})
"""A message of these with a text is sent as it is; most are such."""

_LOOKED_AT = frozenset({"tools", "reasoning_effort", "stream_options"})
"""Fields that OpenAI knows and that are changed sometimes."""
_SPELLINGS = (b'"model":', b'"model": ')
"""Without a space, as JavaScript and the SDKs write it, and as Python's ``json.dumps`` does."""
_UNCHANGED = OPENAI_FIELDS - _LOOKED_AT
_MODEL = b'"model"'
_ESCAPED_LETTER = b"\\u00"


def spliced(request: ChatRequest, target: Target) -> bytes | None:
    """The body to send, if it can be made that way."""
    if target.kind != "openai" or not _is_plain(request, target):
        return None
    source = request.source
    # Once, and not as an escape elsewhere: then this is the name that was read. All by ``find``:
    # ``in`` raises and drops an exception within Python for each answer about bytes.
    at = source.find(_MODEL)
    if source.find(_MODEL, at + 1) >= 0 or source.find(_ESCAPED_LETTER) >= 0:
        return None
    for written in _SPELLINGS:
        said = _field(written, request.model)
        if source.startswith(said, at):
            return b"".join((source[:at], _field(written, target.model), source[at + len(said) :]))
    return None


@lru_cache(maxsize=4096)
def _field(written: bytes, model: str) -> bytes:
    return written + msgspec.json.encode(model)


def _is_plain(request: ChatRequest, target: Target) -> bool:
    capabilities, said = target.capabilities, request.decoded
    if capabilities.thinking != "none" or not capabilities.system_role or request.stream:
        return False
    if "messages" not in said or not said.keys() <= _UNCHANGED:
        return False
    for message in said["messages"]:
        if not message.keys() <= PLAIN_FIELDS or type(message["content"]) is not str:
            return False
    return True
