"""One request of the data plane: its ids, how it is refused, its query."""

import json
from typing import Any

import pytest

from orouter.api.exchange import query
from orouter.errors import BodyTooLarge, InvalidRequest, OrouterError
from tests.api.test_asgi_exchange import exchange


def test_a_request_has_the_id_that_it_gives_or_one_made_of_its_own() -> None:
    given, made = exchange(x_request_id="mine"), exchange()
    assert given.request_id == given.access_record().request_id == "mine"
    assert made.request_id == "req_" + made.id


async def refused(error: OrouterError) -> tuple[Any, Any]:
    answer: list[Any] = []
    await exchange(answer=answer, x_request_id="mine").fail(error)
    start, body = answer
    return dict(start["headers"]), json.loads(body["body"])["error"]


async def test_an_error_is_told_without_the_keys_that_it_quotes() -> None:
    key = "ork_" + "a1B2c3D4" * 6 + "e"
    headers, error = await refused(InvalidRequest(f"There is no model '{key}'.", param="model"))
    assert error["request_id"] == headers[b"x-request-id"].decode() == "mine"
    assert error["code"] == "invalid_request"
    assert key not in error["message"]


async def test_who_sends_too_much_is_told_that_the_connection_closes() -> None:
    headers, _ = await refused(BodyTooLarge("Too large."))
    assert headers[b"connection"] == b"close"


def test_a_query_parameter_comes_once_unless_it_may_be_repeated() -> None:
    assert query(b"a=1&b=2&b=&c=%20", repeatable={"b"}) == {"a": ["1"], "b": ["2", ""], "c": [" "]}
    with pytest.raises(InvalidRequest, match="'a' appears twice"):
        query(b"a=1&a=2")
