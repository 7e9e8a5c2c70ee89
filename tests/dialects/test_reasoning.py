"""How much reasoning is asked for, and details put together from fragments."""

from typing import Any

import msgspec
import pytest

from orouter.dialects.reasoning import (
    ANTHROPIC,
    asked_effort,
    encrypted_detail,
    mended,
    nearest_effort,
    text_detail,
    whole_details,
)
from orouter.schemas.chat import ChatRequest


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, None),
        ({"reasoning": {}}, None),
        ({"reasoning_effort": "low"}, "low"),
        ({"reasoning_effort": "none", "reasoning": {"effort": "high"}}, "none"),
        ({"reasoning": {"effort": "high"}}, "high"),
        ({"reasoning": {"effort": "high", "enabled": False}}, "none"),
        ({"reasoning": {"max_tokens": 0}}, "none"),
        ({"reasoning": {"max_tokens": 9}}, 9),
        ({"reasoning": {"enabled": True}}, "enabled"),
    ],
)
def test_what_is_asked(fields: dict[str, Any], asked: object) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], **fields}
    assert asked_effort(msgspec.convert(body, ChatRequest)) == asked


@pytest.mark.parametrize(
    ("wanted", "accepted", "nearest"),
    [
        ("minimal", ("low", "high"), "low"),
        ("medium", ("low", "high"), "high"),
        ("max", ("low", "high"), "high"),
        ("xhigh", ("high", "max"), "max"),
    ],
)
def test_the_nearest_effort(wanted: str, accepted: tuple[str, ...], nearest: str) -> None:
    assert nearest_effort(wanted, accepted) == nearest


def test_a_format_that_a_client_joined_is_read_once() -> None:
    joined = text_detail(0, ANTHROPIC * 3, text="abc", signature="s")
    [item] = whole_details([joined], ANTHROPIC)
    assert item == text_detail(0, ANTHROPIC, text="abc", signature="s")
    assert mended([{"type": "t", "format": None}, {"format": ""}]) == [
        {"type": "t", "format": None},
        {"format": ""},
    ]


def test_fragments_become_items() -> None:
    fragments = [
        text_detail(0, ANTHROPIC, text="a"),
        text_detail(0, ANTHROPIC, text="b"),
        text_detail(0, ANTHROPIC, signature="s"),
        encrypted_detail(1, ANTHROPIC, "d"),
        {"type": "reasoning.text", "text": "no index"},
        {"type": "reasoning.text", "text": "no index"},
        text_detail(0, "google-gemini-v1", text="foreign"),
    ]
    before = msgspec.json.encode(fragments)
    assert whole_details(fragments, ANTHROPIC) == [
        text_detail(0, ANTHROPIC, text="ab", signature="s"),
        encrypted_detail(1, ANTHROPIC, "d"),
        {"type": "reasoning.text", "text": "no index"},
        {"type": "reasoning.text", "text": "no index"},
    ]
    assert msgspec.json.encode(fragments) == before
