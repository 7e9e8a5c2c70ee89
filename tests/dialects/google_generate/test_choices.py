"""Parts, finish reasons and token probabilities, as OpenAI says them."""

import pytest

from orouter.errors import UpstreamError
from tests.dialects.google_generate.exchange import answer, decoded, message

CALL = {"functionCall": {"name": "f", "args": {"x": [1, "é"]}}}


def finish(*parts, **candidate):
    return decoded(answer(*parts, **candidate)).completion["choices"][0]["finish_reason"]


def test_thoughts_are_reasoning_and_not_content() -> None:
    found = message(
        answer(
            {"text": "Let me ", "thought": True},
            {"text": "think.", "thought": True},
            {"text": "It is "},
            {"text": "four."},
            finishReason="STOP",
        )
    )
    assert (found["reasoning"], found["content"]) == ("Let me think.", "It is four.")
    assert [each["text"] for each in found["reasoning_details"]] == ["Let me think."]


def test_a_call() -> None:
    found = message(answer({"functionCall": {"id": "a", **CALL["functionCall"]}}))
    assert found["content"] is None
    assert found["tool_calls"] == [
        {
            "id": "a",
            "type": "function",
            "function": {"name": "f", "arguments": '{"x":[1,"é"]}'},
        }
    ]


def test_identical_parallel_calls_get_ids_of_their_own() -> None:
    empty = {"functionCall": {"name": "f", "id": ""}}
    found = message(answer(CALL, CALL, empty, finishReason="STOP"))
    ids = [each["id"] for each in found["tool_calls"]]
    assert len(set(ids)) == 3
    assert all(each.startswith("call_gemini") for each in ids)
    assert found["tool_calls"][2]["function"]["arguments"] == "{}"


@pytest.mark.parametrize(
    ("reason", "parts", "expected"),
    [
        ("STOP", [{"text": "x"}], "stop"),
        ("STOP", [], "stop"),
        ("STOP", [CALL], "tool_calls"),
        ("MAX_TOKENS", [], "length"),
        ("MAX_TOKENS", [{"text": "x"}], "length"),
        ("SAFETY", [], "content_filter"),
        ("SAFETY", [{"text": "x"}], "content_filter"),
        ("RECITATION", [], "content_filter"),
        ("LANGUAGE", [], "content_filter"),
        ("BLOCKLIST", [], "content_filter"),
        ("PROHIBITED_CONTENT", [], "content_filter"),
        ("SPII", [], "content_filter"),
        ("IMAGE_SAFETY", [], "content_filter"),
        ("IMAGE_PROHIBITED_CONTENT", [], "content_filter"),
        ("IMAGE_RECITATION", [], "content_filter"),
        ("MODEL_ARMOR", [], "content_filter"),
        ("UNEXPECTED_TOOL_CALL", [CALL], "tool_calls"),
        ("MALFORMED_FUNCTION_CALL", [{"text": "x"}], "stop"),
        ("A_REASON_OF_TOMORROW", [{"text": "x"}], "stop"),
    ],
)
def test_a_finish_reason(reason, parts, expected) -> None:
    assert finish(*parts, finishReason=reason) == expected


@pytest.mark.parametrize(
    "reason", ["MALFORMED_FUNCTION_CALL", "TOO_MANY_TOOL_CALLS", "NO_IMAGE", "OTHER", "NEW"]
)
def test_a_failure_without_an_answer_is_the_providers(reason) -> None:
    with pytest.raises(UpstreamError, match=f"{reason}.*Bad call"):
        finish(finishReason=reason, finishMessage="Bad call: f(")


def test_a_filter_that_took_the_answer_says_why() -> None:
    taken = message(answer(finishReason="SAFETY", finishMessage="Too hateful."))
    assert (taken["content"], taken["refusal"]) == ("", "Too hateful.")
    cut = message(answer({"text": "So far"}, finishReason="SAFETY", finishMessage="Stop."))
    assert (cut["content"], cut["refusal"]) == ("So far", None)


def test_a_blocked_prompt_is_an_empty_filtered_choice() -> None:
    body = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 4, "totalTokenCount": 4},
    }
    found = decoded(body)
    choice = found.completion["choices"][0]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("content_filter", "")
    assert "PROHIBITED_CONTENT" in choice["message"]["refusal"]
    assert found.usage is not None
    assert found.usage.prompt_tokens == 4


def test_images_come_as_data_urls() -> None:
    image = {"inlineData": {"mimeType": "image/png", "data": "QUJD"}}
    found = message(answer({"text": "Here."}, image, image, finishReason="STOP"))
    assert found["images"] == [
        {
            "index": index,
            "type": "image_url",
            "image_url": {"url": "data:image/png;base64,QUJD"},
        }
        for index in (0, 1)
    ]
    assert finish(image, finishReason="IMAGE_OTHER") == "stop"


def test_speech_comes_as_audio() -> None:
    speech = {"inlineData": {"mimeType": "audio/L16;rate=24000", "data": "QUJD"}}
    assert message(answer(speech, finishReason="STOP"))["audio"]["data"] == "QUJD"


def test_what_google_runs_itself_is_no_call_of_the_caller() -> None:
    found = message(
        answer(
            {"executableCode": {"language": "PYTHON", "code": "1+1"}},
            {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
            {"toolCall": {"toolType": "GOOGLE_SEARCH_WEB", "id": "s"}},
            {"text": "Two."},
            finishReason="STOP",
        )
    )
    assert found["content"] == "Two."
    assert "tool_calls" not in found


def test_token_probabilities() -> None:
    chosen = [
        {"token": "é", "tokenId": 1, "logProbability": -0.5},
        {"token": "b", "tokenId": 2},
    ]
    top = [{"candidates": [{"token": "é", "logProbability": -0.5}]}]
    result = {"chosenCandidates": chosen, "topCandidates": top}
    body = answer({"text": "éb"}, finishReason="STOP", logprobsResult=result)
    likely = {"token": "é", "logprob": -0.5, "bytes": [195, 169]}
    assert decoded(body).completion["choices"][0]["logprobs"] == {
        "content": [
            {**likely, "top_logprobs": [likely]},
            {"token": "b", "logprob": -9999.0, "bytes": [98], "top_logprobs": []},
        ],
        "refusal": None,
    }
