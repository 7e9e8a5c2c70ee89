"""Thought signatures: given out in OpenAI's shape and put back where they belong.

Gemini 3 signs the first function call of each step and refuses a history in which such a call comes
without its signature; signatures of text and images are recommended. Outside they are OpenRouter's
``reasoning_details`` (``id`` names the call or image, absent for text) and, on calls, Google's own
``extra_content``. Source: ai.google.dev/gemini-api/docs/thought-signatures.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from orouter.dialects.base import Recalled
from orouter.dialects.reasoning import GOOGLE, encrypted_detail
from orouter.schemas.chat import Message, ToolCall

# base64 of "skip_thought_signature_validator", Google's documented word for a foreign history.
UNSIGNED = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="


class Signatures(Struct):
    """``named`` by call id or image name; ``texts`` in order."""

    named: dict[str, str]
    texts: list[str]


def image_name(position: int) -> str:
    """The ``id`` of the signature on the image at ``position`` of a message."""
    return f"image:{position}"


def detail(signature: str, index: int, name: str | None = None) -> dict[str, Any]:
    """The ``reasoning_details`` item that carries a signature."""
    item = encrypted_detail(index, GOOGLE, signature)
    return item if name is None else {**item, "id": name}


def on_call(signature: str) -> dict[str, Any]:
    """Google's place for a signature beside a tool call."""
    return {"google": {"thought_signature": signature}}


def recalled(signed: Sequence[dict[str, Any]], call_ids: Sequence[str]) -> tuple[Recalled, ...]:
    """What must be remembered of an answer for clients that drop its ``reasoning_details``.

    ``signed`` are the items that carry signatures; those of no call go with the first signed one.
    """
    owners = [item["id"] for item in signed if item.get("id") in call_ids]
    loose = [item for item in signed if item.get("id") not in call_ids]
    return tuple(
        Recalled(
            call_id=owner,
            details=tuple(
                item
                for item in signed
                if item.get("id") == owner or (owner == owners[0] and item in loose)
            ),
        )
        for owner in owners
    )


def of_message(message: Message, remembered: Mapping[str, Recalled]) -> Signatures:
    """The signatures of an assistant message: from its details, its calls, else from memory."""
    calls = message.tool_calls or []
    found = _of_details(message.reasoning_details or [])
    for call in calls:
        signature = _of_extra(call.extra_content)
        if signature and call.id:
            found.named.setdefault(call.id, signature)
    if not found.texts:
        loose = _of_extra(message.extra_content)
        found.texts += [loose] if loose else []
    if calls and remembered and not any(call.id in found.named for call in calls):
        return _from_memory(found, calls, remembered)
    return found


def _from_memory(
    found: Signatures, calls: Sequence[ToolCall], remembered: Mapping[str, Recalled]
) -> Signatures:
    kept = [remembered[call.id] for call in calls if call.id and call.id in remembered]
    recovered = _of_details([item for one in kept for item in one.details])
    return Signatures(recovered.named | found.named, found.texts or recovered.texts)


def _of_details(details: Sequence[dict[str, Any]]) -> Signatures:
    found = Signatures({}, [])
    for item in details:
        data, name = item.get("data"), item.get("id")
        if item.get("format") != GOOGLE or not isinstance(data, str) or not data:
            continue
        if isinstance(name, str) and name:
            found.named[name] = data
        else:
            found.texts.append(data)
    return found


def _of_extra(extra: Mapping[str, Any] | None) -> str | None:
    google = extra.get("google") if extra else None
    signature = google.get("thought_signature") if isinstance(google, dict) else None
    return signature if isinstance(signature, str) and signature else None
