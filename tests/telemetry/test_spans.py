"""Where spans stand, and what a collector is told of them."""

import json

import pytest

from orouter.telemetry.spans import CLIENT, Context, Span, export, new_context, read_traceparent

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_a_callers_context_is_taken_over() -> None:
    context = read_traceparent(f"00-{TRACE}-{PARENT}-01".encode())
    assert context == Context(TRACE, PARENT, sampled=True)
    inner = context.inside()
    assert (inner.trace_id, inner.sampled) == (TRACE, True)
    assert inner.span_id != PARENT
    assert inner.traceparent() == f"00-{TRACE}-{inner.span_id}-01"


def test_not_sampled_stays_so() -> None:
    context = read_traceparent(f"00-{TRACE}-{PARENT}-00".encode())
    assert context is not None
    assert context.inside().traceparent().endswith("-00")


def test_a_version_to_come_may_say_more() -> None:
    assert read_traceparent(f"01-{TRACE}-{PARENT}-01-more".encode()) is not None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-01-more",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{PARENT}-01\r\nx: y",
    ],
)
def test_what_is_no_context_is_none(header: str) -> None:
    assert read_traceparent(header.encode()) is None


def test_a_new_one_is_valid() -> None:
    made = new_context(sampled=True)
    assert read_traceparent(made.traceparent().encode()) == made


def test_the_json_is_otlps() -> None:
    context = Context(TRACE, PARENT)
    values = {"a": "x", "b": 2**40, "c": 0.5, "d": True}
    span = Span("chat m", CLIENT, context, "", 1, 2, error="upstream_error", attributes=values)
    [of_node] = json.loads(export([span], {"service.name": "orouter"}, "1.0"))["resourceSpans"]
    assert of_node["resource"]["attributes"] == [
        {"key": "service.name", "value": {"stringValue": "orouter"}}
    ]
    [scoped] = of_node["scopeSpans"]
    assert scoped["scope"] == {"name": "orouter", "version": "1.0"}
    [told] = scoped["spans"]
    assert (told["traceId"], told["spanId"], told["kind"]) == (TRACE, PARENT, 3)
    assert (told["startTimeUnixNano"], told["endTimeUnixNano"]) == ("1", "2")
    assert told["status"] == {"code": 2, "message": "upstream_error"}
    assert [next(iter(each["value"].items())) for each in told["attributes"]] == [
        ("stringValue", "x"),
        ("intValue", str(2**40)),
        ("doubleValue", 0.5),
        ("boolValue", True),
    ]
