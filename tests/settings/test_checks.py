"""Single values, at their edges; what a refused file says is in test_schema.py."""

import pytest
from hypothesis import given, strategies
from pydantic import SecretStr

from orouter.settings import checks


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example:8443/v1", "a.example"),
        ("http://[::1]:1/", "::1"),
        ("http://x:0", ""),
        ("http://x:99999", ""),
        ("http://[", ""),
        ("nonsense", ""),
    ],
)
def test_the_host_of_a_url(url, host):
    assert checks.host(url) == host


@given(strategies.text())
def test_no_text_breaks_the_search_for_a_host(text):
    assert isinstance(checks.host(f"http://{text}"), str)


@pytest.mark.parametrize("host", ["localhost", "10.0.0.1", "fd00::1", "a.internal", "db.local"])
def test_one_s_own_network(host):
    assert checks.is_local(host)


@pytest.mark.parametrize("host", ["example.com", "8.8.8.8", "2606:4700::1111"])
def test_everybody_s_network(host):
    assert not checks.is_local(host)


@pytest.mark.parametrize(
    "url", ["sqlite://data/x.db", "sqlite:///:memory:", "x", "mysql://:3306/d"]
)
def test_databases_that_cannot_be(url):
    with pytest.raises(ValueError, match="must"):
        checks.database_url(SecretStr(url))


def test_a_list_in_one_text():
    assert checks.split(" a, b ,c") == ["a", "b", "c"]
    assert checks.split(["a, b"]) == ["a, b"]


def test_only_the_first_slash_splits_a_model_s_name():
    assert checks.model_name("openrouter/openai/gpt-4") == "openrouter/openai/gpt-4"
    for wrong in ("gpt-4", "/gpt-4", "openai/"):
        with pytest.raises(ValueError, match="provider/model"):
            checks.model_name(wrong)


@pytest.mark.parametrize(
    "host",
    [
        *("169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.1"),
        *("::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200"),
        *("metadata.google.internal", "metadata.google.internal."),
    ],
)
def test_the_metadata_of_clouds_is_known_in_every_spelling(host: str) -> None:
    assert checks.is_metadata(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.0.0.1", "api.openai.com", "größe"])
def test_what_is_no_metadata_may_be_a_provider(host: str) -> None:
    assert not checks.is_metadata(host)
