"""A chat request as ``generateContent``. Source: google-genai ``models.py`` and ``types.py``."""

from typing import Any
from urllib.parse import quote

import msgspec

from orouter.dialects.base import Target, WireRequest
from orouter.dialects.google_generate.contents import turns
from orouter.dialects.google_generate.generation import generation_config
from orouter.dialects.google_generate.tools import tool_fields
from orouter.dialects.legacy import with_tools
from orouter.schemas.chat import ChatRequest

_TIERS = {"default": "standard", "standard": "standard", "flex": "flex", "priority": "priority"}
_encode = msgspec.json.Encoder().encode


def encode_request(request: ChatRequest, target: Target) -> WireRequest:
    """Raises InvalidRequest or UnsupportedParameter for what Gemini cannot be told.

    Left out, being harmless: user, metadata, store, verbosity, prediction, prompt caching and
    ``parallel_tool_calls``, for which Gemini has no words.
    """
    request = with_tools(request)
    said = turns(request.messages, target)
    body: dict[str, Any] = {"contents": said.contents}
    if said.system:
        body["systemInstruction"] = {"parts": said.system}
    body |= tool_fields(request, target.capabilities)
    config = generation_config(request, target.capabilities)
    if config:
        body["generationConfig"] = config
    if request.service_tier in _TIERS:
        body["serviceTier"] = _TIERS[request.service_tier]
    return WireRequest(path=_path(target.model, stream=bool(request.stream)), body=_encode(body))


def _path(model: str, *, stream: bool) -> str:
    verb = "streamGenerateContent?alt=sse" if stream else "generateContent"
    return f"/models/{quote(model.removeprefix('models/'), safe='')}:{verb}"
