"""One request of the data plane: its id, its key."""

import pytest

from orouter.api.exchange import request_id_of
from tests.api.test_asgi_exchange import exchange


@pytest.mark.parametrize("given", ["a-1", "A.b:c_9", "x" * 128])
def test_a_plain_request_id_is_kept(given: str) -> None:
    assert request_id_of(given.encode()) == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<script>", "a\n", "ork_a1b2c3"])
def test_any_other_request_id_is_replaced(given: str) -> None:
    assert request_id_of(given.encode()).startswith("req_")


@pytest.mark.parametrize(
    ("header", "key"),
    [("Bearer k", "k"), ("bearer  k ", "k"), ("Basic k", ""), ("Bearer", ""), ("", ""), ("k", "")],
)
def test_the_bearer_key_is_read(header: str, key: str) -> None:
    assert exchange(authorization=header).bearer == key
