"""What Gemini answers, as far as it is read. Source: google-genai ``types.py``.

Every field may be absent. Figures and grounding stay untyped: they are read without trust, and must
never make an answer unreadable.
"""

from typing import Any

import msgspec
from msgspec import Struct


class Blob(Struct, rename="camel"):
    """Media: ``data`` is base64."""

    mime_type: str = "application/octet-stream"
    data: str = ""


class FunctionCall(Struct):
    """``id`` is absent before Gemini 3 and may be empty."""

    name: str = ""
    args: Any = None
    id: str | None = None


class Part(Struct, rename="camel"):
    """``thought`` marks text that is reasoning; ``thought_signature`` (base64) may stand alone."""

    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    function_call: FunctionCall | None = None
    inline_data: Blob | None = None


class Content(Struct):
    """What one turn holds."""

    parts: list[Part] | None = None


class TokenLogprob(Struct, rename="camel"):
    """A token and its natural logarithm of probability; absent for an impossible one."""

    token: str = ""
    log_probability: float | None = None


class TopCandidates(Struct):
    """The likeliest tokens of one place."""

    candidates: list[TokenLogprob] | None = None


class LogprobsResult(Struct, rename="camel"):
    """Both lists run along the chosen tokens."""

    chosen_candidates: list[TokenLogprob] | None = None
    top_candidates: list[TopCandidates] | None = None


class Candidate(Struct, rename="camel"):
    """One choice, or in a stream the next piece of one."""

    content: Content | None = None
    index: int | None = None
    finish_reason: str | None = None
    finish_message: str | None = None
    logprobs_result: LogprobsResult | None = None
    grounding_metadata: Any = None


class PromptFeedback(Struct, rename="camel"):
    """``block_reason`` says that the prompt was refused; there are no candidates then."""

    block_reason: str | None = None
    block_reason_message: str | None = None


class Response(Struct, rename="camel"):
    """``GenerateContentResponse``; ``create_time`` only on Vertex; ``error`` in broken streams."""

    candidates: list[Candidate] | None = None
    prompt_feedback: PromptFeedback | None = None
    usage_metadata: Any = None
    response_id: str | None = None
    model_version: str | None = None
    create_time: str | None = None
    error: Any = None


answers: msgspec.json.Decoder[Response | list[Response]] = msgspec.json.Decoder(
    Response | list[Response]
)
