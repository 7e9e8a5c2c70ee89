"""The spans of a request: itself, and each attempt; and what a provider is told."""

from typing import Any, cast

import pytest

from orouter.errors import UpstreamUnavailable
from orouter.services import chat, tracing
from orouter.services.accounting import Call
from orouter.settings.observing import Tracing as Section
from orouter.telemetry.exporter import Exporter
from orouter.telemetry.spans import CLIENT, SERVER, Span
from tests.services.serving_parts import call, gateway
from tests.services.test_chat import FIRST, STOP, USAGE, WORD, drained, streaming
from tests.upstream.scripted import Script, ScriptedClient

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Kept:
    """An exporter that keeps."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def add(self, span: Span) -> None:
        self.spans.append(span)


class Traced:
    """A gateway whose requests are followed."""

    def __init__(self, client: ScriptedClient, ratio: float = 1.0) -> None:
        self.client = client
        self.gateway = gateway(up=client)
        self.kept = Kept()
        self.tracing = tracing.Tracing(cast(Exporter, self.kept), ratio)

    def begin(self, headers: dict[bytes, bytes] | None = None, **fields: Any) -> Call:
        made = call(self.gateway, **fields)
        made.attempts.trace = self.tracing.begin(made, headers or {})
        return made

    def finish(self, made: Call) -> list[Span]:
        assert made.settlement is not None
        assert made.attempts.trace is not None
        made.attempts.trace.finish(made.settlement)
        return self.kept.spans


async def test_a_request_and_its_attempt() -> None:
    traced = Traced(ScriptedClient())
    made = traced.begin(temperature=0.5, max_tokens=9)
    await chat.complete(traced.gateway, made)
    attempt, request = traced.finish(made)
    assert (request.kind, request.parent_id, request.name) == (SERVER, "", "chat up/gpt-4")
    assert (attempt.kind, attempt.parent_id) == (CLIENT, request.context.span_id)
    assert (attempt.name, attempt.error, request.error) == ("chat gpt-4", "", "")
    assert request.start_ns <= request.end_ns
    assert attempt.start_ns <= attempt.end_ns <= request.end_ns
    said = request.attributes
    assert said["gen_ai.operation.name"] == "chat"
    assert (said["gen_ai.request.temperature"], said["gen_ai.request.max_tokens"]) == (0.5, 9)
    assert (said["gen_ai.usage.input_tokens"], said["gen_ai.usage.output_tokens"]) == (3, 1)
    assert said["http.response.status_code"] == 200
    assert said["orouter.organization.id"] == "org_1"
    assert said["orouter.cost_usd"] == 0.00015
    assert attempt.attributes["server.address"] == "upstream.test"
    assert attempt.attributes["gen_ai.provider.name"] == "compatible"
    assert "hi" not in {*said.values(), *attempt.attributes.values()}


async def test_each_attempt_has_its_own_span_and_tells_the_provider() -> None:
    traced = Traced(ScriptedClient(Script(503, (b"{}",)), Script()))
    header = {b"traceparent": f"00-{TRACE}-{PARENT}-01".encode(), b"tracestate": b"vendor=x"}
    made = traced.begin(header)
    await chat.complete(traced.gateway, made)
    failed, served, request = traced.finish(made)
    assert (request.context.trace_id, request.parent_id) == (TRACE, PARENT)
    assert failed.attributes["http.response.status_code"] == 503
    assert failed.error == failed.attributes["error.type"] == "upstream_unavailable"
    assert served.error == ""
    told = [sent.headers["traceparent"] for sent in traced.client.calls]
    assert told == [failed.context.traceparent(), served.context.traceparent()]
    assert traced.client.calls[0].headers["tracestate"] == "vendor=x"


async def test_a_stream_lasts_until_its_end() -> None:
    traced = Traced(streaming(FIRST, WORD, STOP, USAGE, b"data: [DONE]\n\n"))
    made = traced.begin(stream=True)
    await drained(await chat.stream(traced.gateway, made))
    attempt, request = traced.finish(made)
    assert attempt.attributes["gen_ai.response.finish_reasons"] == "stop"
    assert "orouter.time_to_first_token_s" in request.attributes


async def test_a_failure_is_told_on_both() -> None:
    traced = Traced(ScriptedClient(Script(503, (b"{}",))))
    made = traced.begin()
    with pytest.raises(UpstreamUnavailable):
        await chat.complete(traced.gateway, made)
    *attempts, request = traced.finish(made)
    assert len(attempts) == 4
    assert request.error == request.attributes["error.type"] == "upstream_unavailable"


@pytest.mark.parametrize(("flags", "ratio", "spans"), [("00", 1.0, 0), ("01", 0.0, 2)])
async def test_the_caller_decides_what_is_sampled(flags: str, ratio: float, spans: int) -> None:
    traced = Traced(ScriptedClient(), ratio)
    made = traced.begin({b"traceparent": f"00-{TRACE}-{PARENT}-{flags}".encode()})
    await chat.complete(traced.gateway, made)
    assert len(traced.finish(made)) == spans
    assert traced.client.calls[0].headers["traceparent"].endswith(flags)


@pytest.mark.parametrize(("ratio", "spans"), [(0.0, 0), (1.0, 2)])
async def test_the_ratio_decides_otherwise(ratio: float, spans: int) -> None:
    traced = Traced(ScriptedClient(), ratio)
    made = traced.begin()
    await chat.complete(traced.gateway, made)
    assert len(traced.finish(made)) == spans


def test_without_an_endpoint_there_is_nothing() -> None:
    with tracing.begun(Section(), "node") as nothing:
        assert nothing is None
