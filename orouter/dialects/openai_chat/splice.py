"""The caller's own bytes with another model's name in them, where nothing else has to change.

Filtering a request and encoding it again costs 4 us for a short one and 46 for 45 kB, this 1 and 7
(docs/performance.md). What is recognised is strict on purpose; anything else takes the long way
round in ``request.py``.
"""

import re

import msgspec

from orouter.dialects.base import Target
from orouter.dialects.openai_chat.fields import OPENAI_FIELDS
from orouter.schemas.chat import ChatRequest

PLAIN_FIELDS = frozenset({"role", "content", "name"})
"""A message of these with a text is sent as it is; most are such."""

_LOOKED_AT = frozenset({"tools", "reasoning_effort", "stream_options"})
"""Fields that OpenAI knows and that are changed sometimes."""
_UNCHANGED = OPENAI_FIELDS - _LOOKED_AT
_MODEL = b'"model"'
_VALUE = re.compile(rb'\s*:\s*("[^"\\]*")')
_ESCAPED_LETTER = b"\\u00"
_encode = msgspec.json.encode


def spliced(request: ChatRequest, target: Target) -> bytes | None:
    """The body to send, if it can be made that way."""
    if target.kind != "openai" or not _is_plain(request, target):
        return None
    source = request.source
    at = source.find(_MODEL)
    # Once, and not as an escape elsewhere: then this is the name that was read.
    if at < 0 or source.find(_MODEL, at + 1) >= 0 or _ESCAPED_LETTER in source:
        return None
    value = _VALUE.match(source, at + len(_MODEL))
    if value is None:
        return None
    return b"%b%b%b" % (source[: value.start(1)], _encode(target.model), source[value.end(1) :])


def _is_plain(request: ChatRequest, target: Target) -> bool:
    capabilities = target.capabilities
    return (
        capabilities.thinking == "none"
        and capabilities.system_role
        and not request.stream
        and "messages" in request.decoded
        and request.decoded.keys() <= _UNCHANGED
        and all(
            message.keys() <= PLAIN_FIELDS and type(message["content"]) is str
            for message in request.decoded["messages"]
        )
    )
