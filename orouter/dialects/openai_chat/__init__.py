"""OpenAI's chat completions, as OpenAI, OpenRouter and compatible servers speak them.

The shapes of both sides are the same, so this dialect changes as little as it can: requests lose
what the upstream would refuse, answers are brought back to exactly OpenAI's shape, streams in order
are relayed as bytes.
"""

from orouter.dialects.openai_chat.failure import decode_error
from orouter.dialects.openai_chat.request import encode_request
from orouter.dialects.openai_chat.response import decode_response
from orouter.dialects.openai_chat.stream import stream_decoder

__all__ = ["decode_error", "decode_response", "encode_request", "stream_decoder"]
