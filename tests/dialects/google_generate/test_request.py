"""Where a request goes, and that Google's own SDK knows every word of it."""

import json
from contextlib import suppress
from typing import Any

import pytest
from google.genai import types
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects import google_generate
from orouter.dialects.base import Target
from orouter.errors import InvalidRequest
from orouter.providers.families import capabilities
from tests.dialects.google_generate.exchange import (
    NEW,
    call,
    calling,
    chat,
    encoded,
    result,
    target,
    user,
)

BODY = {
    "contents",
    "generationConfig",
    "serviceTier",
    "systemInstruction",
    "toolConfig",
    "tools",
}
ROLES = ["system", "developer", "user", "assistant"]


def path(model: str, **fields: object) -> str:
    to = Target(provider="google", kind="google", model=model)
    return google_generate.encode_request(chat(**fields), to).path


def test_the_path_names_model_and_method() -> None:
    assert path("gemini-3-flash") == "/models/gemini-3-flash:generateContent"
    assert path("models/x") == "/models/x:generateContent"
    stream = "/models/gemini-3-flash:streamGenerateContent?alt=sse"
    assert path("gemini-3-flash", stream=True) == stream
    assert path("../a?b#c/d") == "/models/..%2Fa%3Fb%23c%2Fd:generateContent"


@pytest.mark.parametrize(
    ("tier", "sent"),
    [("default", "standard"), ("flex", "flex"), ("priority", "priority"), ("auto", None)],
)
def test_the_service_tier(tier, sent) -> None:
    assert encoded(chat(service_tier=tier)).get("serviceTier") == sent


def known_to_google(body: dict[str, Any]) -> None:
    """The SDK's models refuse unknown fields."""
    for content in [*body["contents"], body.get("systemInstruction", {})]:
        types.Content.model_validate_json(json.dumps(content))
    for tool in body.get("tools", []):
        types.Tool.model_validate(tool)
    types.ToolConfig.model_validate(body.get("toolConfig", {}))
    types.GenerationConfig.model_validate(body.get("generationConfig", {}))
    assert body.keys() <= BODY


def test_googles_sdk_knows_every_word() -> None:
    body = encoded(
        chat(
            messages=[
                {"role": "system", "content": "Be brief."},
                user([{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}]),
                calling(call("a", "f", '{"x": [1]}'), content="Let me see."),
                result("a", [{"type": "image_url", "image_url": "data:image/png;base64,QQ=="}]),
            ],
            tools=[
                {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
            ],
            tool_choice="required",
            web_search_options={},
            response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {}}},
            reasoning_effort="low",
            modalities=["text", "image"],
            temperature=1,
            stop=["x"],
            seed=1,
            logprobs=True,
            top_logprobs=2,
        ),
        target(NEW),
    )
    known_to_google(body)
    assert body.keys() == BODY - {"serviceTier"}


words = st.text(max_size=8)
ids = st.sampled_from(["a", "b", "call_gemini_1"])
parts = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, words),
    st.builds(lambda url: {"type": "image_url", "image_url": {"url": url}}, words),
    st.just({"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}}),
    st.just({"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}}),
    st.builds(lambda data: {"type": "file", "file": {"file_data": data}}, words),
    st.builds(lambda name: {"type": name}, words),
)
said = st.one_of(st.none(), words, st.lists(parts, max_size=3))
calls = st.builds(call, ids, st.sampled_from(["f", "g"]), words)
messages = st.lists(
    st.one_of(
        st.builds(lambda role, c: {"role": role, "content": c}, st.sampled_from(ROLES), said),
        st.builds(lambda made, c: calling(*made, content=c), st.lists(calls, max_size=3), said),
        st.builds(result, ids, said),
    ),
    min_size=1,
    max_size=6,
)
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
options = st.fixed_dictionaries(
    {"messages": messages},
    optional={
        "tools": st.sampled_from([[], [TOOL], [TOOL, {"type": "web_search"}]]),
        "tool_choice": st.sampled_from(["auto", "none", "required", "odd"]),
        "temperature": st.floats(0, 2),
        "top_p": st.floats(0, 1),
        "seed": st.integers(-(2**63), 2**63 - 1),
        "n": st.integers(1, 4),
        "stop": st.one_of(words, st.lists(words, max_size=4)),
        "logprobs": st.booleans(),
        "reasoning_effort": st.sampled_from(["none", "minimal", "high", "max"]),
        "reasoning": st.fixed_dictionaries({}, optional={"max_tokens": st.integers(0, 10**9)}),
        "response_format": st.sampled_from([{"type": "json_object"}, {"type": "text"}]),
        "service_tier": words,
        "modalities": st.lists(st.sampled_from(["text", "audio", "image"]), max_size=2),
    },
)
models = st.sampled_from(["gemini-2.0-flash", "gemini-2.5-pro", "gemini-3-flash", "gemini-4", "x"])


@given(fields=options, model=models)
def test_any_request_is_said_or_refused(fields, model) -> None:
    """UnsupportedParameter is an InvalidRequest."""
    with suppress(InvalidRequest):
        known_to_google(encoded(chat(**fields), target(capabilities("google", model))))
