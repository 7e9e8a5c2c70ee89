"""The capability tables: longest prefix wins, unknown models are new, operators correct."""

import msgspec
import pytest

from orouter.dialects.base import Capabilities
from orouter.providers.families import BASE, FAMILIES, capabilities


def test_every_row_is_made_of_capabilities() -> None:
    known = {field.name for field in msgspec.structs.fields(Capabilities)}
    for fields in (*BASE.values(), *(row[1] for rows in FAMILIES.values() for row in rows)):
        assert set(fields) <= known


def test_no_prefix_stands_twice() -> None:
    for rows in FAMILIES.values():
        prefixes = [prefix for prefix, _ in rows]
        assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize(
    ("model", "sampling", "thinking"),
    [
        ("claude-3-opus-20240229", "any", "none"),
        ("claude-3-5-haiku-latest", "any", "none"),
        ("claude-3-7-sonnet-20250219", "any", "budget"),
        ("claude-sonnet-4-20250514", "any", "budget"),
        ("claude-opus-4-1-20250805", "one", "budget"),
        ("claude-haiku-4-5", "one", "budget"),
        ("claude-sonnet-4-6", "one", "adaptive"),
        ("claude-opus-4-8", "none", "adaptive"),
        ("claude-sonnet-5", "none", "adaptive"),
        ("claude-of-tomorrow", "none", "adaptive"),
    ],
)
def test_the_eras_of_claude(model: str, sampling: str, thinking: str) -> None:
    found = capabilities("anthropic", model)
    assert (found.sampling, found.thinking) == (sampling, thinking)


def test_fable_always_thinks_and_chooses_its_tools_itself() -> None:
    found = capabilities("anthropic", "claude-fable-5")
    assert not found.thinking_off
    assert not found.forced_tool_choice


@pytest.mark.parametrize(
    ("model", "thinking", "signed", "together"),
    [
        ("gemini-1.5-pro", "none", False, False),
        ("gemini-2.0-flash", "none", False, False),
        ("gemini-2.5-flash", "budget", False, False),
        ("gemini-2.5-flash-image", "none", False, False),
        ("gemini-3-flash-preview", "level", True, True),
        ("gemini-4-argon", "level", True, True),
        ("gemini-flash-latest", "level", True, True),
    ],
)
def test_the_eras_of_gemini(model: str, thinking: str, *, signed: bool, together: bool) -> None:
    found = capabilities("google", model)
    assert (found.thinking, found.signed_calls) == (thinking, signed)
    assert found.structured_output_with_tools is found.search_with_tools is together


def test_an_operator_corrects_single_fields() -> None:
    found = capabilities("anthropic", "claude-sonnet-5", {"sampling": "any"})
    assert found.sampling == "any"
    assert found.thinking == "adaptive"


def test_an_unknown_provider_takes_everything() -> None:
    assert capabilities("compatible", "qwen-max") == Capabilities()
