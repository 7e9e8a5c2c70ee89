from orouter.dialects.base import Target
from orouter.providers.registry import TYPES
from tests.dialects.google_generate.exchange import chat


def test_the_key_goes_into_a_header_and_never_into_the_url() -> None:
    google = TYPES["google"]
    assert (google.auth_header, google.auth_prefix) == ("x-goog-api-key", "")
    target = Target(provider="google", kind="google", model="gemini-3-flash")
    for stream in (False, True):
        assert "key" not in google.dialect.encode_request(chat(stream=stream), target).path


def test_signed_reasoning_is_wanted_back() -> None:
    assert TYPES["google"].recalls
