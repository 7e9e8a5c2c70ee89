"""``generationConfig``: sampling, bounds, the form of the answer. Source: ``GenerationConfig``."""

from typing import Any

from orouter.dialects.base import Capabilities
from orouter.dialects.google_generate.structured import answer_fields
from orouter.dialects.google_generate.thinking import thinking_config
from orouter.errors import UnsupportedParameter
from orouter.schemas.chat import ChatRequest

_INT32 = 2**31
_RESOLUTIONS = {"low": "LOW", "medium": "MEDIUM", "high": "HIGH", "original": "HIGH"}
_RANK = tuple(_RESOLUTIONS.values())


def generation_config(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    """Raises UnsupportedParameter for what this model cannot do and would change the answer."""
    config = {
        "maxOutputTokens": _output_limit(request, can),
        "stopSequences": _stop(request.stop),
        "seed": None if request.seed is None else request.seed % _INT32,
        "mediaResolution": _resolution(request),
        "thinkingConfig": thinking_config(request, can),
    }
    config |= _sampling(request, can) | _choices(request, can)
    config |= answer_fields(request, can) | _modalities(request)
    return {name: value for name, value in config.items() if value is not None}


def _output_limit(request: ChatRequest, can: Capabilities) -> int | None:
    limit = request.output_limit
    if limit is None or can.max_output is None:
        return limit
    return min(limit, can.max_output)


def _stop(stop: str | list[str] | None) -> list[str] | None:
    sequences = [stop] if isinstance(stop, str) else stop or []
    return [sequence for sequence in sequences if sequence] or None


def _sampling(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if can.sampling != "none":
        config["temperature"] = request.temperature
        one = can.sampling == "one" and request.temperature is not None
        config |= {} if one else {"topP": request.top_p}
        config["topK"] = request.top_k
    if can.penalties:
        config["presencePenalty"] = request.presence_penalty
        config["frequencyPenalty"] = request.frequency_penalty
    return config


def _choices(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    refused = {
        "logit_bias": bool(request.logit_bias),
        "n": request.n is not None and request.n > 1 and not can.many_choices,
        "logprobs": bool(request.logprobs) and not can.logprobs,
    }
    for param, is_asked in refused.items():
        if is_asked:
            raise _unsupported(param)
    return {
        "candidateCount": request.n,
        "responseLogprobs": request.logprobs,
        "logprobs": request.top_logprobs if request.logprobs else None,
    }


def _unsupported(param: str) -> UnsupportedParameter:
    return UnsupportedParameter(
        f"The model cannot honour {param!r}, which would change the answer; leave it out "
        "or choose another model.",
        param=param,
    )


def _modalities(request: ChatRequest) -> dict[str, Any]:
    wanted = [name.upper() for name in request.modalities or []]
    if not set(wanted) - {"TEXT"}:
        return {}
    config: dict[str, Any] = {"responseModalities": wanted}
    voice = (request.audio or {}).get("voice")
    if isinstance(voice, str):
        config["speechConfig"] = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": voice}}}
    return config


def _resolution(request: ChatRequest) -> str | None:
    """The finest ``detail`` of all images: one resolution goes for the whole request."""
    best = -1
    for message in request.messages:
        if message.content is None or isinstance(message.content, str):
            continue
        for part in message.content:
            image = part.image_url
            if image is not None and not isinstance(image, str) and image.detail in _RESOLUTIONS:
                best = max(best, _RANK.index(_RESOLUTIONS[image.detail]))
    return None if best < 0 else f"MEDIA_RESOLUTION_{_RANK[best]}"
