"""What Anthropic sends, as far as it is read: the message, its blocks and the stream's events.

Source: anthropic-sdk-python ``types/message.py``, ``content_block.py``, ``raw_*_event.py``. Unknown
fields, blocks, events and deltas are ignored, as Anthropic's versioning policy asks.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

NO_INPUT = Raw(b"{}")


class Block(Struct):
    """A content block of any type; ``type`` says which of the other fields is set."""

    type: str
    text: str = ""
    thinking: str = ""
    signature: str = ""
    data: str = ""
    id: str = ""
    name: str = ""
    input: Raw = NO_INPUT
    citations: list[dict[str, Any]] | None = None


class StopDetails(Struct):
    """Why a model refused, if it says so."""

    explanation: str | None = None


class Message(Struct):
    """A whole answer, or the empty one that opens a stream; ``type`` may be ``error``."""

    type: str = ""
    id: str = ""
    model: str = ""
    content: list[Block] | UnsetType = UNSET
    stop_reason: str | None = None
    stop_details: StopDetails | None = None
    usage: Any = None
    error: Any = None


class Delta(Struct):
    """A change to a block (with ``type``) or to the message (without)."""

    type: str = ""
    text: str = ""
    partial_json: str = ""
    thinking: str = ""
    signature: str = ""
    citation: dict[str, Any] | None = None
    stop_reason: str | None = None
    stop_details: StopDetails | None = None


class Event(Struct):
    """One event of a stream; ``index`` is the block's place in the message."""

    type: str = ""
    index: int = 0
    message: Message | None = None
    content_block: Block | None = None
    delta: Delta | None = None
    usage: dict[str, Any] | None = None
    error: Any = None


MESSAGE = msgspec.json.Decoder(Message)
EVENT = msgspec.json.Decoder(Event)
