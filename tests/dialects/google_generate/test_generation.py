"""``generationConfig``: what is carried, what is left out, what is refused."""

import pytest

from orouter.dialects.base import Capabilities
from orouter.errors import UnsupportedParameter
from tests.dialects.google_generate.exchange import OLD, chat, encoded, target, user


def config(can=OLD, **fields):
    return encoded(chat(**fields), target(can)).get("generationConfig", {})


@pytest.mark.parametrize(
    ("field", "value", "name", "sent"),
    [
        ("temperature", 0.5, "temperature", 0.5),
        ("top_p", 0.9, "topP", 0.9),
        ("top_k", 40, "topK", 40),
        ("max_tokens", 100, "maxOutputTokens", 100),
        ("max_completion_tokens", 100, "maxOutputTokens", 100),
        ("stop", "END", "stopSequences", ["END"]),
        ("stop", ["a", "", "b"], "stopSequences", ["a", "b"]),
        ("seed", 7, "seed", 7),
        ("seed", 2**40 + 5, "seed", 5),
        ("presence_penalty", 0.1, "presencePenalty", 0.1),
        ("frequency_penalty", -0.1, "frequencyPenalty", -0.1),
        ("n", 1, "candidateCount", 1),
        ("n", 2, "candidateCount", 2),
        ("logprobs", False, "responseLogprobs", False),
    ],
)
def test_a_parameter(field, value, name, sent) -> None:
    assert config(**{field: value}) == {name: sent}


@pytest.mark.parametrize(
    "fields",
    [
        {"stop": ""},
        {"top_logprobs": 3},
        {"logit_bias": {}},
        {"response_format": {"type": "text"}},
        {"modalities": ["text"]},
        {"user": "u", "metadata": {"a": "b"}, "verbosity": "low"},
    ],
)
def test_what_says_nothing_is_not_said(fields) -> None:
    assert config(**fields) == {}


def test_logprobs() -> None:
    assert config(logprobs=True) == {"responseLogprobs": True}
    assert config(logprobs=True, top_logprobs=5) == {"responseLogprobs": True, "logprobs": 5}


def test_hints_that_a_model_does_not_take_are_left_out() -> None:
    hints = {"temperature": 0.1, "top_p": 0.2, "top_k": 3, "presence_penalty": 1}
    assert config(Capabilities(sampling="none", penalties=False), **hints) == {}
    one = Capabilities(sampling="one", penalties=False)
    assert config(one, **hints) == {"temperature": 0.1, "topK": 3}
    assert config(one, top_p=0.2) == {"topP": 0.2}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"logit_bias": {"50256": -100}}, "logit_bias"),
    ],
)
def test_what_would_change_the_answer_is_refused(fields, param) -> None:
    less = Capabilities(many_choices=False, logprobs=False)
    with pytest.raises(UnsupportedParameter) as caught:
        config(less, **fields)
    assert caught.value.param == param


def test_an_output_limit_beyond_the_model_is_the_models() -> None:
    assert config(Capabilities(max_output=64), max_tokens=100) == {"maxOutputTokens": 64}


def test_images_and_speech() -> None:
    assert config(modalities=["image", "text"]) == {"responseModalities": ["IMAGE", "TEXT"]}
    voice = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}}
    assert config(modalities=["audio"], audio={"voice": "Kore", "format": "pcm16"}) == {
        "responseModalities": ["AUDIO"],
        "speechConfig": voice,
    }


@pytest.mark.parametrize(
    ("details", "resolution"),
    [
        (["low"], {"mediaResolution": "MEDIA_RESOLUTION_LOW"}),
        (["low", "high"], {"mediaResolution": "MEDIA_RESOLUTION_HIGH"}),
        (["auto", None], {}),
    ],
)
def test_the_finest_detail_counts(details, resolution) -> None:
    images = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ==", "detail": each}}
        for each in details
    ]
    assert config(messages=[user(images)]) == resolution
