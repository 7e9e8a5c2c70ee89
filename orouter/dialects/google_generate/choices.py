"""One choice read piece by piece, as deltas in OpenAI's shape.

The same reading serves a whole answer (one piece) and a stream (many): a piece's delta holds
``content``, ``reasoning``, ``reasoning_details``, ``tool_calls``, ``images`` and ``annotations``.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from orouter.dialects.base import Recalled
from orouter.dialects.google_generate import signatures
from orouter.dialects.google_generate.calls import MINTED
from orouter.dialects.google_generate.grounding import annotations, searches
from orouter.dialects.google_generate.structured import answer_text
from orouter.dialects.google_generate.wire import (
    Candidate,
    FunctionCall,
    LogprobsResult,
    Part,
    PromptFeedback,
    TokenLogprob,
)
from orouter.dialects.openai_shapes import Finish, tool_call
from orouter.dialects.reasoning import GOOGLE, text_detail
from orouter.errors import UpstreamError

FILTERED = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
        "BLOCKED",
    }
)
_encode = msgspec.json.Encoder().encode


class Choice:
    """What one choice has said so far.

    ``reason`` is Gemini's last finish reason, or ``BLOCKED`` for a prompt that was refused.
    """

    __slots__ = (
        "_annotated",
        "_audio",
        "_details",
        "_grounding",
        "_images",
        "_mint",
        "_signed",
        "_texts",
        "_thinking",
        "call_ids",
        "explanation",
        "reason",
    )

    def __init__(self, mint: Callable[[str], str]) -> None:
        self._mint = mint
        self._texts: list[str] = []
        self._signed: list[dict[str, Any]] = []
        self._details = 0
        self._thinking: int | None = None
        self._images = 0
        self._audio: str | None = None
        self._grounding: dict[str, Any] = {}
        self._annotated: list[dict[str, Any]] = []
        self.call_ids: list[str] = []
        self.reason: str | None = None
        self.explanation: str | None = None

    def read(self, candidate: Candidate) -> dict[str, Any]:
        """The delta of one piece; empty where it says nothing."""
        delta: dict[str, Any] = {}
        if candidate.content is not None:
            for part in candidate.content.parts or ():
                self._part(part, delta)
        self.reason = candidate.finish_reason or self.reason
        self.explanation = candidate.finish_message or self.explanation
        if candidate.grounding_metadata is not None:
            self._annotate(candidate.grounding_metadata, delta)
        return delta

    def heed(self, feedback: PromptFeedback | None) -> None:
        """A prompt that was refused ends the choice before it began."""
        if feedback is not None and feedback.block_reason and self.reason is None:
            self.reason = "BLOCKED"
            told = feedback.block_reason_message
            self.explanation = told or f"The prompt was blocked ({feedback.block_reason})."

    @property
    def recalled(self) -> tuple[Recalled, ...]:
        """What must be remembered for clients that keep only OpenAI's own fields."""
        return signatures.recalled(self._signed, self.call_ids)

    @property
    def web_searches(self) -> int:
        return searches(self._grounding)

    def finish(self) -> Finish:
        """OpenAI's reason. Raises UpstreamError where the model failed without any answer."""
        if self.reason in FILTERED:
            return "content_filter"
        if self.reason == "MAX_TOKENS":
            return "length"
        if self.call_ids:
            return "tool_calls"
        if self.reason in ("STOP", None) or self._texts or self._images or self._audio:
            return "stop"
        raise UpstreamError(
            f"The model ended without an answer ({self.reason}). {self.explanation or ''}".rstrip()
        )

    def refusal(self) -> str | None:
        """Why there is no answer, where a filter took it."""
        return self.explanation if self.reason in FILTERED and not self._texts else None

    def _part(self, part: Part, delta: dict[str, Any]) -> None:
        signature = part.thought_signature
        name: str | None = None
        if part.function_call is not None:
            name = self._call(part.function_call, signature, delta)
        elif part.text and part.thought:
            self._think(part.text, delta)
        elif part.text:
            self._say(part.text, delta)
        elif part.inline_data is not None:
            name = signatures.image_name(self._images)
            self._media(part.inline_data.mime_type, part.inline_data.data, delta)
        if signature:
            self._sign(signature, name, delta)

    def _say(self, text: str, delta: dict[str, Any]) -> None:
        self._texts.append(text)
        delta["content"] = delta.get("content", "") + text

    def _call(self, call: FunctionCall, signature: str | None, delta: dict[str, Any]) -> str | None:
        answer = answer_text(call)
        if answer is not None:
            self._say(answer, delta)
            return None
        call_id = call.id or self._mint(MINTED)
        value = tool_call(call_id, call.name, _encode(call.args or {}).decode())
        if signature:
            value["extra_content"] = signatures.on_call(signature)
        delta.setdefault("tool_calls", []).append({"index": len(self.call_ids), **value})
        self.call_ids.append(call_id)
        return call_id

    def _media(self, mime: str, data: str, delta: dict[str, Any]) -> None:
        if mime.startswith("audio/"):
            self._audio = self._audio or self._mint("audio")
            # Nobody keeps it: an id that a caller sends back would not be known.
            delta["audio"] = {"id": self._audio, "data": data, "expires_at": 0, "transcript": ""}
            return
        image = {"type": "image_url", "image_url": {"url": f"data:{mime};base64,{data}"}}
        delta.setdefault("images", []).append({"index": self._images, **image})
        self._images += 1

    def _think(self, text: str, delta: dict[str, Any]) -> None:
        delta["reasoning"] = delta.get("reasoning", "") + text
        if self._thinking is None:
            self._thinking = self._details
            self._details += 1
        details = delta.setdefault("reasoning_details", [])
        if details and details[-1]["index"] == self._thinking:
            details[-1]["text"] += text
        else:
            details.append(text_detail(self._thinking, GOOGLE, text=text))

    def _sign(self, signature: str, name: str | None, delta: dict[str, Any]) -> None:
        item = signatures.detail(signature, self._details, name)
        delta.setdefault("reasoning_details", []).append(item)
        self._signed.append(item)
        self._details += 1
        self._thinking = None

    def _annotate(self, grounding: object, delta: dict[str, Any]) -> None:
        if isinstance(grounding, dict):
            self._grounding |= {name: value for name, value in grounding.items() if value}
        found = annotations(self._grounding, "".join(self._texts))
        new = [one for one in found if one not in self._annotated]
        self._annotated += new
        if new:
            delta["annotations"] = new


def logprobs(result: LogprobsResult) -> dict[str, Any]:
    """OpenAI's ``choice.logprobs``."""
    tops = result.top_candidates or []
    content = []
    for position, chosen in enumerate(result.chosen_candidates or []):
        top = tops[position].candidates if position < len(tops) else None
        content.append({**_token(chosen), "top_logprobs": [_token(one) for one in top or []]})
    return {"content": content, "refusal": None}


_IMPOSSIBLE = -9999.0
"""OpenAI's own figure for a token far from likely; Gemini leaves such a figure out."""


def _token(one: TokenLogprob) -> dict[str, Any]:
    logprob = _IMPOSSIBLE if one.log_probability is None else one.log_probability
    data = list(one.token.encode("utf-8", "replace"))
    return {"token": one.token, "logprob": logprob, "bytes": data}
