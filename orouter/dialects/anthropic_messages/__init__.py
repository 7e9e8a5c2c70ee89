"""Anthropic's Messages API; the four verbs of ``dialects.base.Dialect``."""

from orouter.dialects.anthropic_messages.faults import decode_error
from orouter.dialects.anthropic_messages.request import encode_request
from orouter.dialects.anthropic_messages.response import decode_response
from orouter.dialects.anthropic_messages.stream import stream_decoder

__all__ = ["decode_error", "decode_response", "encode_request", "stream_decoder"]
