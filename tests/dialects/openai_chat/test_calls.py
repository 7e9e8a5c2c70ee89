"""Tool calls in pieces: whoever sent them, the caller gets OpenAI's fragments."""

import json
from typing import Any

import pytest

from orouter.dialects.openai_chat.calls import CallFragments
from tests.dialects.openai_chat.wire import mint


def named(name: str = "f", arguments: Any = "", /, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "arguments": arguments}, **more}


def piece(arguments: str, **more: Any) -> dict[str, Any]:
    return {"function": {"arguments": arguments}, **more}


CASES = {
    "openai": [[named(index=0, id="a")], [piece("{", index=0)], [piece("}", index=0)]],
    "name and id in each fragment": [
        [named("f", "{", index=0, id="a")],
        [named("f", "}", index=0, id="a")],
    ],
    "no index": [[named(id="a")], [piece("{}")]],
    "no id": [[named(index=0)], [piece("{}", index=0)]],
    "whole, as an object": [[named("f", {}, id="a")]],
    "index from one": [[named(index=1, id="a")], [piece("{}", index=1)]],
    "name after the id": [[{"index": 0, "id": "a", **piece("{")}], [named("f", "}", index=0)]],
    "null arguments": [[named("f", None, index=0, id="a")], [piece("{}", index=0)]],
}
TWO = {
    "openai": [
        [named("f", "{}", index=0, id="a"), named("g", index=1, id="b")],
        [piece("{}", index=1)],
    ],
    "google: one index for all": [
        [named("f", "{}", index=0, id="a"), named("g", "{}", index=0, id="b")]
    ],
    "google: neither index nor id": [[named("f", "{}")], [named("g", "{}")]],
    "no index": [[named("f", "{}", id="a")], [named("g", "{}", id="b")]],
    "the same id twice": [[named("f", "{}", index=0, id="a"), named("g", "{}", index=1, id="a")]],
    "the same call twice in parallel": [
        [named("f", "{}", index=0, id="a"), named("f", "{}", index=1, id="b")]
    ],
}


def joined(chunks: list[list[dict[str, Any]]]) -> list[tuple[str, Any]]:
    """(name, arguments) of each call, after checking OpenAI's rule for every fragment."""
    fragments = CallFragments(mint())
    calls: list[list[str]] = []
    for chunk in chunks:
        for fragment in fragments.normal(chunk):
            if fragment["index"] == len(calls):
                assert fragment["id"]
                assert fragment["type"] == "function"
                calls.append([fragment["function"]["name"], ""])
            else:
                assert fragment.keys() == {"index", "function"}
                assert fragment["function"].keys() == {"arguments"}
            calls[fragment["index"]][1] += fragment["function"]["arguments"]
    assert len(set(fragments.ids())) == len(calls)
    return [(name, json.loads(arguments)) for name, arguments in calls]


@pytest.mark.parametrize("case", CASES)
def test_one_call(case: str) -> None:
    assert joined(CASES[case]) == [("f", {})]


@pytest.mark.parametrize("case", TWO)
def test_two_calls_stay_two(case: str) -> None:
    assert [arguments for _, arguments in joined(TWO[case])] == [{}, {}]


def test_googles_signature_stays_on_its_call() -> None:
    extra: dict[str, Any] = {"extra_content": {"google": {"thought_signature": "s"}}}
    (fragment,) = CallFragments(mint()).normal([named(index=0, id="a", **extra)])
    assert fragment["extra_content"] == extra["extra_content"]


def test_custom_tools_keep_their_own_shape() -> None:
    custom = {"index": 0, "id": "a", "type": "custom", "custom": {"name": "f", "input": "x"}}
    assert CallFragments(mint()).normal([custom]) == [custom]


@pytest.mark.parametrize("junk", [None, "x", 1, {}, {"function": None}, {"index": [], "id": 3}])
def test_junk_does_no_harm(junk: Any) -> None:
    assert isinstance(CallFragments(mint()).normal([junk]), list)
