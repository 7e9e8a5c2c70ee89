"""Sources of an answer, at the characters that they support."""

import pytest

from orouter.dialects.google_generate.grounding import annotations, searches
from tests.dialects.google_generate.exchange import answer, decoded

TEXT = "Café au lait · 4 €. Tea is cheaper."
CHUNKS = [
    {"web": {"uri": "https://a.example", "title": "A"}},
    {"retrievedContext": {"text": "no address"}},
    {"maps": {"uri": "https://m.example", "title": "M"}},
]


def support(start, end, *chunks, text=None):
    segment = {"startIndex": start, "endIndex": end} | ({"text": text} if text else {})
    return {"segment": segment, "groundingChunkIndices": list(chunks)}


def cited(grounding, text=TEXT):
    found = [each["url_citation"] for each in annotations(grounding, text)]
    return [(one["url"], text[one["start_index"] : one["end_index"]]) for one in found]


def test_bytes_become_characters() -> None:
    end = len("Café au lait · 4 €.".encode())
    grounding = {"groundingChunks": CHUNKS, "groundingSupports": [support(0, end, 0, 2)]}
    assert cited(grounding) == [
        ("https://a.example", "Café au lait · 4 €."),
        ("https://m.example", "Café au lait · 4 €."),
    ]
    ascii_only = {"groundingChunks": CHUNKS, "groundingSupports": [support(4, 6, 0)]}
    assert cited(ascii_only, "Tea is hot") == [("https://a.example", "is")]


def test_the_segments_own_text_decides() -> None:
    grounding = {
        "groundingChunks": CHUNKS,
        "groundingSupports": [support(3, 9, 0, text="Tea is cheaper.")],
    }
    assert cited(grounding) == [("https://a.example", "Tea is cheaper.")]


def test_a_source_that_supports_nothing_is_not_cited_beside_one_that_does() -> None:
    grounding = {"groundingChunks": CHUNKS, "groundingSupports": [support(0, 3, 2)]}
    assert [url for url, _ in cited(grounding)] == ["https://m.example"]
    assert [url for url, _ in cited({"groundingChunks": CHUNKS})] == [
        "https://a.example",
        "https://m.example",
    ]


@pytest.mark.parametrize(
    "grounding",
    [
        None,
        "x",
        {"groundingChunks": 3, "groundingSupports": {}},
        {"groundingChunks": [1, {"web": {}}], "groundingSupports": [2, support("a", None, 0, 9)]},
        {"groundingChunks": CHUNKS, "groundingSupports": [support(0, 1, 1, -1, 99, "0")]},
    ],
)
def test_grounding_that_is_none_is_passed_over(grounding) -> None:
    assert cited(grounding) == []


def test_a_segment_beyond_the_text_ends_with_it() -> None:
    grounding = {"groundingChunks": CHUNKS, "groundingSupports": [support(20, 9999, 0)]}
    assert cited(grounding, "short") == [("https://a.example", "")]


def test_searches_are_counted_into_usage() -> None:
    grounding = {"webSearchQueries": ["a", "b"]}
    body = answer({"text": "x"}, finishReason="STOP", groundingMetadata=grounding)
    usage = decoded(body).usage
    assert usage is not None
    assert usage.web_searches == 2
    assert searches({"webSearchQueries": 7}) == 0


def test_annotations_stand_on_the_message() -> None:
    grounding = {"groundingChunks": CHUNKS, "groundingSupports": [support(0, 1, 0)]}
    body = answer({"text": "x"}, finishReason="STOP", groundingMetadata=grounding)
    assert decoded(body).completion["choices"][0]["message"]["annotations"] == [
        {
            "type": "url_citation",
            "url_citation": {
                "url": "https://a.example",
                "title": "A",
                "start_index": 0,
                "end_index": 1,
            },
        }
    ]
