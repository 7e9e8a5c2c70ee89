"""Spans of OpenTelemetry: their context in ``traceparent`` (W3C), their form in OTLP's JSON."""

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

SERVER, CLIENT = 2, 3
_FAILED = 2
_TRACEPARENT = re.compile(
    rb"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
    rb"(?P<more>-.*)?"
)
_SAMPLED = 1

Value = str | int | float | bool


class Context(Struct, frozen=True):
    """Where a span stands."""

    trace_id: str
    span_id: str
    sampled: bool = True

    def inside(self) -> "Context":
        """A new span below this one."""
        return Context(self.trace_id, secrets.token_hex(8), self.sampled)

    def traceparent(self) -> str:
        """The header that tells others."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"


def new_context(*, sampled: bool) -> Context:
    """The first span of a trace."""
    return Context(secrets.token_hex(16), secrets.token_hex(8), sampled)


def read_traceparent(header: bytes) -> Context | None:
    """The caller's span; None for anything that is not a valid one, which is then no error."""
    found = _TRACEPARENT.fullmatch(header.strip())
    if found is None or found["version"] == b"ff" or (found["version"] == b"00" and found["more"]):
        return None
    trace_id, span_id = found["trace"].decode(), found["span"].decode()
    if not int(trace_id, 16) or not int(span_id, 16):
        return None
    return Context(trace_id, span_id, bool(int(found["flags"], 16) & _SAMPLED))


class Span(Struct):
    """One piece of work. ``parent_id`` is empty for the first one of a trace."""

    name: str
    kind: int
    context: Context
    parent_id: str
    start_ns: int
    end_ns: int = 0
    error: str = ""
    """What it failed with, if it did."""
    attributes: dict[str, Value] = {}

    def otlp(self) -> dict[str, Any]:
        """As OTLP's JSON wants it: numbers of 64 bits are strings."""
        return {
            "traceId": self.context.trace_id,
            "spanId": self.context.span_id,
            "parentSpanId": self.parent_id,
            "name": self.name,
            "kind": self.kind,
            "startTimeUnixNano": str(self.start_ns),
            "endTimeUnixNano": str(self.end_ns),
            "attributes": _attributes(self.attributes),
            "status": {"code": _FAILED, "message": self.error} if self.error else {},
        }


def export(spans: Iterable[Span], resource: Mapping[str, Value], version: str) -> bytes:
    """The body of a POST to ``/v1/traces``."""
    scope = {"name": "orouter", "version": version}
    scoped = {"scope": scope, "spans": [span.otlp() for span in spans]}
    of_node = {"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scoped]}
    return msgspec.json.encode({"resourceSpans": [of_node]})


def _attributes(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case _:
            return {"stringValue": value}
