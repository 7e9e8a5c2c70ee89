"""Gemini's counts as OpenAI's, also where a broken server made them up."""

import json

import pytest

from orouter.dialects import google_generate
from orouter.dialects.base import Usage
from orouter.dialects.google_generate.figures import usage_of
from tests.dialects.google_generate.exchange import answer, context


def test_thoughts_and_tool_use_are_counted_where_openai_counts_them() -> None:
    raw = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "toolUsePromptTokenCount": 7,
        "candidatesTokenCount": 20,
        "thoughtsTokenCount": 30,
        "totalTokenCount": 157,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 90},
            {"modality": "AUDIO", "tokenCount": 10},
        ],
        "candidatesTokensDetails": [
            {"modality": "AUDIO", "tokenCount": 3},
            {"modality": "IMAGE", "tokenCount": 5},
        ],
    }
    assert usage_of(raw, 2) == Usage(
        prompt_tokens=107,
        completion_tokens=50,
        total_tokens=157,
        cached_tokens=40,
        reasoning_tokens=30,
        audio_input_tokens=10,
        audio_output_tokens=3,
        image_output_tokens=5,
        web_searches=2,
    )


def test_the_total_is_googles_own() -> None:
    usage = usage_of({"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 109})
    assert usage is not None
    assert usage.total_tokens == 109


@pytest.mark.parametrize("raw", [None, {}, {"trafficType": "ON_DEMAND"}])
def test_nothing_counted_is_no_usage(raw) -> None:
    assert usage_of(raw) is None


@pytest.mark.parametrize("figure", ["-5", "1e30", '"many"', "NaN", '"NaN"', "true", "[1]"])
def test_a_figure_that_is_none_is_clamped_and_marked(figure) -> None:
    good = json.dumps(answer({"text": "x"}, finishReason="STOP"))
    body = good.replace('"promptTokenCount": 10', f'"promptTokenCount": {figure}').encode()
    usage = google_generate.decode_response(body, context()).usage
    assert usage is not None
    assert usage.prompt_tokens == 0
    assert usage.completion_tokens == 5


@pytest.mark.parametrize("raw", ["lots", 5, [1], True])
def test_figures_that_are_no_object_are_marked(raw) -> None:
    usage = usage_of(raw)
    assert usage is not None
    assert usage.flawed


def test_details_that_are_none_are_passed_over() -> None:
    raw = {"promptTokenCount": 1, "promptTokensDetails": "x", "candidatesTokensDetails": [7]}
    assert usage_of(raw) == Usage(prompt_tokens=1)
