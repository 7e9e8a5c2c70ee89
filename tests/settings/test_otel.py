"""OpenTelemetry's usual variables, below everything that is ours."""

import pytest

from orouter.errors import ConfigurationError
from orouter.settings import load

BASE = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/"}


def test_off_without_them():
    assert load(environ={}).tracing.endpoint is None


def test_they_are_taken_over():
    more = {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=s3cret%20x, b = c", "OTEL_SERVICE_NAME": "llm"}
    settings = load(environ=BASE | more)
    assert settings.tracing.endpoint == "http://collector:4318/v1/traces"
    headers = {name: value.get_secret_value() for name, value in settings.tracing.headers.items()}
    assert headers == {"api-key": "s3cret x", "b": "c"}
    assert settings.tracing.service_name == "llm"
    assert settings.origin("tracing.endpoint") == "env:OTEL_EXPORTER_OTLP_ENDPOINT"
    assert "s3cret x" in set(settings.secrets())


def test_a_whole_address_wins_and_ours_wins_over_both():
    whole = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://elsewhere/in"}
    assert load(environ=BASE | whole).tracing.endpoint == "https://elsewhere/in"
    ours = {"OROUTER_TRACING__ENDPOINT": "http://ours/v1/traces"}
    assert load(environ=BASE | whole | ours).tracing.endpoint == "http://ours/v1/traces"


@pytest.mark.parametrize("endpoint", ["collector:4318", "ftp://collector", "http://"])
def test_nonsense_is_refused(endpoint):
    with pytest.raises(ConfigurationError, match=r"tracing.endpoint must be a URL"):
        load(environ={"OROUTER_TRACING__ENDPOINT": endpoint})
