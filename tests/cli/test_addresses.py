"""Where the server is found."""

import socket

import pytest

from orouter.cli.addresses import base_url, is_free, next_free, require_free
from orouter.errors import Conflict
from orouter.settings import Server


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9/v1"),
        ("0.0.0.0", "http://127.0.0.1:9/v1"),  # noqa: S104  only written
        ("::", "http://[::1]:9/v1"),
        ("gateway", "http://gateway:9/v1"),
    ],
)
def test_the_address_for_a_client(host, url):
    assert base_url(Server(host=host, port=9)) == url


def test_a_port_in_use_is_seen_and_stepped_over(taken):
    assert not is_free("127.0.0.1", taken)
    assert next_free("127.0.0.1", taken) > taken
    with pytest.raises(Conflict, match="cannot listen") as caught:
        require_free(Server(port=taken))
    assert "--port" in str(caught.value.hint)
