"""The usual variables of OpenTelemetry, for the section ``tracing``."""

from collections.abc import Mapping
from urllib.parse import unquote

from orouter.settings.sources import Layer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"
SERVICE_NAME = "OTEL_SERVICE_NAME"


def variables(environ: Mapping[str, str]) -> Layer:
    """What they say; ``tracing`` of any other source is put over it."""
    tracing: dict[str, object] = {}
    origins: dict[str, str] = {}

    def found(name: str, value: object, variable: str) -> None:
        tracing[name] = value
        origins[f"tracing.{name}"] = f"env:{variable}"

    if base := environ.get(ENDPOINT):
        found("endpoint", base.rstrip("/") + "/v1/traces", ENDPOINT)
    if whole := environ.get(TRACES_ENDPOINT):
        found("endpoint", whole, TRACES_ENDPOINT)
    if headers := environ.get(HEADERS):
        pairs = (pair.partition("=") for pair in headers.split(",") if "=" in pair)
        found(
            "headers", {name.strip(): unquote(value.strip()) for name, _, value in pairs}, HEADERS
        )
    if name := environ.get(SERVICE_NAME):
        found("service_name", name, SERVICE_NAME)
    return Layer({"tracing": tracing} if tracing else {}, origins)
