"""Results: by the name of their function, in its order, with their media."""

import pytest

from orouter.dialects.google_generate.calls import MINTED
from orouter.errors import InvalidRequest
from tests.dialects.google_generate.exchange import (
    NEW,
    call,
    calling,
    contents,
    result,
    target,
    user,
)

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def test_results_carry_name_and_id_of_their_calls_and_stand_in_one_turn() -> None:
    found = contents(
        user("a"),
        calling(call("c1", "weather", '{"city": "Berlin"}'), call("c2", "time"), content="Well."),
        result("c1", "12 degrees"),
        result("c2", '{"hour": 9}'),
        user("thanks"),
    )
    assert found[1]["parts"] == [
        {"text": "Well."},
        {"functionCall": {"name": "weather", "args": {"city": "Berlin"}, "id": "c1"}},
        {"functionCall": {"name": "time", "args": {}, "id": "c2"}},
    ]
    weather, time = (
        {"name": "weather", "response": {"result": "12 degrees"}, "id": "c1"},
        {"name": "time", "response": {"hour": 9}, "id": "c2"},
    )
    assert found[2]["parts"] == [
        {"functionResponse": weather},
        {"functionResponse": time},
        {"text": "thanks"},
    ]


def test_results_of_one_function_come_in_the_order_of_its_calls() -> None:
    first, second = f"{MINTED}_1", f"{MINTED}_2"
    found = contents(
        user("a"),
        calling(call(first, "f"), call(second, "f"), call("c3", "g")),
        result("c3", "g"),
        result(second, "two"),
        result(first, "one"),
    )
    given = [part["functionResponse"]["response"]["result"] for part in found[2]["parts"]]
    assert given == ["g", "one", "two"]


def test_an_id_that_is_used_again_names_the_newest_call() -> None:
    found = contents(
        user("a"),
        calling(call("c", "f")),
        result("c", "1"),
        calling(call("c", "g")),
        result("c", "2"),
    )
    assert found[4]["parts"][0]["functionResponse"]["name"] == "g"


def test_a_result_without_its_call_is_refused_by_place() -> None:
    with pytest.raises(InvalidRequest, match="'c9'") as caught:
        contents(user("a"), result("c9", "x"))
    assert caught.value.param == "messages[1].tool_call_id"


def test_media_of_results_stand_inside_or_beside_them() -> None:
    parts = [
        {"type": "text", "text": "seen"},
        {"type": "image_url", "image_url": {"url": PIXEL}},
        {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
    ]
    messages = [user("a"), calling(call("c", "f")), result("c", parts)]
    image = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    audio = {"inlineData": {"mimeType": "audio/wav", "data": "QUJD"}}
    given = {"name": "f", "response": {"result": "seen"}, "id": "c"}
    assert contents(*messages)[2]["parts"] == [{"functionResponse": given}, image, audio]
    new = contents(*messages, to=target(NEW))[2]["parts"]
    assert new == [{"functionResponse": {**given, "parts": [image]}}, audio]
