"""A whole ``GenerateContentResponse`` as OpenAI's completion. Source: google-genai ``types.py``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orouter.dialects.base import Answer, DecodeContext
from orouter.dialects.faults import unreadable
from orouter.dialects.google_generate.choices import Choice, logprobs
from orouter.dialects.google_generate.faults import broken_answer
from orouter.dialects.google_generate.figures import usage_of
from orouter.dialects.google_generate.wire import Candidate, Content, Response, answers
from orouter.dialects.openai_shapes import choice, completion
from orouter.dialects.readings import json_as


def decode_response(body: bytes, context: DecodeContext) -> Answer:
    """Raises the fault's error where a 200 holds an error, is unreadable, or holds no answer."""
    decoded = json_as(body, answers)
    response = decoded if isinstance(decoded, Response) else joined(decoded)
    if response.error:
        raise broken_answer(response.error)
    if response == Response():
        raise unreadable(body)
    told = [Choice(context.mint) for _ in response.candidates or [Candidate()]]
    choices = [
        _choice(state, candidate, response, position)
        for position, (state, candidate) in enumerate(
            zip(told, response.candidates or [Candidate()], strict=True)
        )
    ]
    usage = usage_of(response.usage_metadata, sum(state.web_searches for state in told))
    return Answer(
        completion=completion(
            response.response_id or context.mint("chatcmpl"),
            response.model_version or context.target.model,
            created_at(response.create_time) or context.created,
            choices,
            usage,
            functions=context.target.functions,
        ),
        usage=usage,
        finish=choices[0]["finish_reason"],
        recalled=tuple(one for state in told for one in state.recalled),
    )


def _choice(
    state: Choice, candidate: Candidate, response: Response, position: int
) -> dict[str, Any]:
    message = state.read(candidate)
    state.heed(response.prompt_feedback)
    for call in message.get("tool_calls", ()):
        del call["index"]
    if "tool_calls" not in message:
        message.setdefault("content", "")
    finish = state.finish()
    message["refusal"] = state.refusal()
    index = position if candidate.index is None else candidate.index
    whole = choice(message, finish, index)
    if candidate.logprobs_result is not None:
        whole["logprobs"] = logprobs(candidate.logprobs_result)
    return whole


def created_at(time: str | None) -> int | None:
    """Seconds since the epoch of Vertex' ``createTime``."""
    try:
        return int(datetime.fromisoformat(time).timestamp()) if time else None
    except ValueError:
        return None


def joined(pieces: Sequence[Response]) -> Response:
    """One response from the pieces of a stream that was sent as an array."""
    whole = Response()
    by_index: dict[int, Candidate] = {}
    for piece in pieces:
        for name in piece.__struct_fields__:
            value = getattr(piece, name)
            if value is not None and name != "candidates":
                setattr(whole, name, value)
        for candidate in piece.candidates or []:
            blank = Candidate(content=Content([]))
            _join(by_index.setdefault(candidate.index or 0, blank), candidate)
    whole.candidates = list(by_index.values()) or None
    return whole


def _join(whole: Candidate, piece: Candidate) -> None:
    parts = whole.content.parts if whole.content else None
    if parts is not None and piece.content:
        parts += piece.content.parts or []
    for name in piece.__struct_fields__:
        value = getattr(piece, name)
        if value is not None and name != "content":
            setattr(whole, name, value)
