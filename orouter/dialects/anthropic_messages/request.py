"""An OpenAI request as Anthropic's ``POST /v1/messages``.

Source: anthropic-sdk-python ``message_create_params.py``. Fields that Anthropic does not know are
refused there, so only what is named here is sent. Dropped as harmless: seed, penalties, logit_bias
(its token ids mean nothing to another tokenizer), verbosity, store, metadata, prediction.
"""

from typing import Any

import msgspec

from orouter.dialects.anthropic_messages.content import Block, cache_mark
from orouter.dialects.anthropic_messages.messages import Conversation, conversation
from orouter.dialects.anthropic_messages.structured import ANSWER_TOOL, response_format
from orouter.dialects.anthropic_messages.thinking import thinking
from orouter.dialects.anthropic_messages.tools import Tooling, tooling
from orouter.dialects.base import Capabilities, Target, WireRequest
from orouter.dialects.legacy import with_tools
from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.schemas.chat import ChatRequest

PATH = "/v1/messages"

_TIERS = {"auto": "auto", "default": "standard_only", "standard_only": "standard_only"}
_THINKING_TOP_P = 0.95
_USER_ID_CHARS = 256

_encode = msgspec.json.Encoder().encode


def encode_request(request: ChatRequest, target: Target) -> WireRequest:
    """Raises InvalidRequest or UnsupportedParameter for what Anthropic cannot do."""
    _refuse(request)
    request = with_tools(request)
    can = target.capabilities
    talk = conversation(request.messages, target.recalled)
    form = response_format(request, can)
    offered = tooling(request, can, talk.called)
    if form.tool is not None:
        offered = _answering(offered, form.tool, can)
    _end(talk, can)
    barred = offered.forced or talk.prefilled or talk.loop_lacks_thinking
    thought = thinking(request, can, barred=barred)
    body: dict[str, Any] = {"model": target.model, "max_tokens": thought.max_tokens}
    body |= _texts(talk)
    body |= {"tools": offered.definitions} if offered.definitions else {}
    body |= {"tool_choice": offered.choice} if offered.choice else {}
    body |= {"thinking": thought.config} if thought.config else {}
    output = {"effort": thought.effort, "format": form.native}
    body |= _present("output_config", {k: v for k, v in output.items() if v is not None})
    body |= _sampling(request, can, thinks=thought.on)
    body |= _settings(request)
    return WireRequest(path=PATH, body=_encode(body))


def _refuse(request: ChatRequest) -> None:
    """What would change the answer if it were dropped."""
    refused = {
        "n": request.n is not None and request.n > 1,
        "logprobs": bool(request.logprobs),
        "modalities": bool(set(request.modalities or ()) - {"text"}),
    }
    for param, is_asked in refused.items():
        if is_asked:
            raise UnsupportedParameter(
                f"Anthropic's models cannot honour {param}; leave it out or use another model.",
                param=param,
            )


def _answering(offered: Tooling, answer: Block, can: Capabilities) -> Tooling:
    """The answer's tool beside the caller's; who forces a call of their own gets that call."""
    if offered.forced:
        return offered
    callable_ = bool(offered.definitions) and offered.choice.get("type") != "none"
    choice: Block = {"type": "any"} if callable_ else {"type": "tool", "name": ANSWER_TOOL}
    choice = choice if can.forced_tool_choice else {"type": "auto"}
    choice["disable_parallel_tool_use"] = True
    return Tooling([*offered.definitions, answer], choice)


def _end(talk: Conversation, can: Capabilities) -> None:
    """An answer that the assistant began: older models continue it, newer ones refuse."""
    if not talk.prefilled:
        return
    last = talk.turns[-1]["content"][-1]
    if not can.prefill and last["type"] == "text":
        raise InvalidRequest(
            "This model cannot continue an assistant's message; end with a user or tool message.",
            param="messages",
        )
    if last["type"] == "text":
        last["text"] = last["text"].rstrip() or "."


def _texts(talk: Conversation) -> Block:
    """One plain system text is sent as a string, which is what most callers' caches hold."""
    system: Any = talk.system
    if len(system) == 1 and "cache_control" not in system[0]:
        system = system[0]["text"]
    return {**_present("system", system), "messages": talk.turns}


def _sampling(request: ChatRequest, can: Capabilities, *, thinks: bool) -> Block:
    if can.sampling == "none":
        return {}
    if thinks:
        top_p = request.top_p
        return {"top_p": top_p} if top_p is not None and top_p >= _THINKING_TOP_P else {}
    temperature, top_p = request.temperature, request.top_p
    if can.sampling == "one" and temperature is not None:
        top_p = None
    wanted = {
        "temperature": None if temperature is None else min(temperature, 1.0),
        "top_p": top_p,
        "top_k": request.top_k,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _settings(request: ChatRequest) -> Block:
    stop = [request.stop] if isinstance(request.stop, str) else request.stop or ()
    user = request.safety_identifier or request.user
    return {
        # Anthropic refuses sequences of whitespace only.
        **_present("stop_sequences", [sequence for sequence in stop if sequence.strip()]),
        **_present("metadata", {"user_id": user[:_USER_ID_CHARS]} if user else None),
        **_present("service_tier", _TIERS.get(request.service_tier or "")),
        **_present("cache_control", cache_mark(request.cache_control)),
        **_present("stream", request.stream),
    }


def _present(name: str, value: Any) -> Block:
    return {name: value} if value else {}
