"""Google's Gemini API: ``generateContent`` and ``streamGenerateContent``, v1beta."""

from orouter.dialects.google_generate.faults import decode_error
from orouter.dialects.google_generate.request import encode_request
from orouter.dialects.google_generate.response import decode_response
from orouter.dialects.google_generate.stream import stream_decoder

__all__ = ["decode_error", "decode_response", "encode_request", "stream_decoder"]
