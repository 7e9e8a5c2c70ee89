"""Calls of the history: their ids and arguments."""

import pytest

from orouter.dialects.google_generate.calls import MINTED
from tests.dialects.google_generate.exchange import (
    call,
    calling,
    contents,
    result,
    user,
)


def test_an_id_that_we_minted_is_not_sent() -> None:
    minted = f"{MINTED}_01J"
    found = contents(user("a"), calling(call(minted, "f")), result(minted, "x"))
    assert found[1]["parts"] == [{"functionCall": {"name": "f", "args": {}}}]
    assert found[2]["parts"] == [
        {"functionResponse": {"name": "f", "response": {"result": "x"}}},
    ]


@pytest.mark.parametrize(
    ("arguments", "args"),
    [
        ("", {}),
        ("  ", {}),
        ('{"a": 1.50}', {"a": 1.5}),
        ("not json", {"arguments": "not json"}),
        ("[1]", {"arguments": "[1]"}),
        ('{"a":', {"arguments": '{"a":'}),
    ],
)
def test_arguments_are_an_object_whatever_the_model_wrote(arguments, args) -> None:
    found = contents(user("a"), calling(call("c", "f", arguments)), result("c", "x"))
    assert found[1]["parts"][0]["functionCall"]["args"] == args
