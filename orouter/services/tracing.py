"""Traces of chat completions: a span of the request, and one of each attempt at a provider.

Names follow OpenTelemetry's conventions for GenAI and HTTP. Prompts and answers are in none.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

from orouter import __version__
from orouter.services.accounting import Call
from orouter.settings.observing import Tracing as Section
from orouter.telemetry.exporter import Exporter
from orouter.telemetry.spans import (
    CLIENT,
    SERVER,
    Context,
    Span,
    Value,
    export,
    new_context,
    read_traceparent,
)
from orouter.upstream.attempts import Try
from orouter.upstream.endpoint import Candidate
from orouter.usage.records import Settlement

NANO = 1_000_000_000
_SYSTEMS = {"google": "gcp.gemini"}
"""Names of the conventions where ours are others."""


class Tracing:
    """``sample_ratio`` decides where the caller has not."""

    def __init__(self, exporter: Exporter, sample_ratio: float) -> None:
        self._exporter = exporter
        self._below = int(sample_ratio * (1 << 64))

    def begin(self, call: Call, headers: Mapping[bytes, bytes]) -> "RequestTrace":
        """The trace of a request, as a part of its caller's where ``traceparent`` names one."""
        caller = read_traceparent(headers.get(b"traceparent", b""))
        own = caller.inside() if caller is not None else self._new()
        state = headers.get(b"tracestate", b"") if caller is not None else b""
        trace = RequestTrace(self._exporter, call, own, caller.span_id if caller else "")
        trace.state = state.decode("latin-1")
        return trace

    def _new(self) -> Context:
        made = new_context(sampled=True)
        if int(made.trace_id[16:], 16) < self._below:
            return made
        return Context(made.trace_id, made.span_id, sampled=False)


class RequestTrace:
    """The spans of one request; ``upstream.attempts`` tells of each attempt."""

    def __init__(self, exporter: Exporter, call: Call, own: Context, parent_id: str) -> None:
        self.state = ""
        self._exporter = exporter
        self._own = own
        self._request = Span(
            f"chat {call.model}",
            SERVER,
            own,
            parent_id,
            call.at_us * 1000,
            attributes=_asked(call),
        )
        self._attempt: Span | None = None

    def begins(self, candidate: Candidate) -> dict[str, str]:
        """An attempt; the headers that tell the provider of it."""
        context = self._own.inside()
        self._attempt = Span(
            f"chat {candidate.target.model}",
            CLIENT,
            context,
            self._own.span_id,
            time.time_ns(),
            attributes=_sent_to(candidate),
        )
        told = {"traceparent": context.traceparent()}
        return told | {"tracestate": self.state} if self.state else told

    def ended(self, attempt: Try) -> None:
        """It failed, or its answer has come; that of a stream goes on until the request ends."""
        span = self._attempt
        if span is None:
            return
        span.attributes["http.response.status_code"] = attempt.status
        if attempt.code:
            span.error = span.attributes["error.type"] = attempt.code
            self._close(span)
            self._attempt = None

    def finish(self, settled: Settlement) -> None:
        """The request has been answered."""
        used = _used(settled)
        if self._attempt is not None:
            self._attempt.attributes.update(used)
            self._attempt.error = settled.code
            self._close(self._attempt)
        request = self._request
        request.name = f"chat {settled.model}"
        request.attributes |= used | _answered(settled)
        request.error = settled.code
        if settled.code:
            request.attributes["error.type"] = settled.code
        self._close(request)

    def _close(self, span: Span) -> None:
        span.end_ns = time.time_ns()
        if span.context.sampled:
            self._exporter.add(span)


def _asked(call: Call) -> dict[str, Value]:
    request = call.request
    said: dict[str, Value | None] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": call.model,
        "gen_ai.request.temperature": request.temperature,
        "gen_ai.request.max_tokens": request.output_limit,
        "http.request.method": "POST",
        "url.path": "/v1/chat/completions",
        "orouter.generation_id": call.id,
        "orouter.request_id": call.request_id,
        "orouter.organization.id": call.caller.org_id,
        "orouter.key.id": call.caller.key_id,
        "orouter.stream": bool(request.stream),
    }
    return {name: value for name, value in said.items() if value is not None}


def _sent_to(candidate: Candidate) -> dict[str, Value]:
    endpoint = candidate.endpoint
    there = urlsplit(endpoint.base_url)
    kind = endpoint.provider.type
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _SYSTEMS.get(kind, kind),
        "gen_ai.request.model": candidate.target.model,
        "server.address": there.hostname or "",
        "server.port": there.port or (443 if there.scheme == "https" else 80),
        "orouter.provider": endpoint.name,
    }


def _used(settled: Settlement) -> dict[str, Value]:
    used: dict[str, Value] = {
        "gen_ai.usage.input_tokens": settled.prompt_tokens,
        "gen_ai.usage.output_tokens": settled.completion_tokens,
    }
    if settled.ttft is not None:
        used["orouter.time_to_first_token_s"] = settled.ttft / 1e6
    if settled.finish:
        used["gen_ai.response.finish_reasons"] = settled.finish
    return used


def _answered(settled: Settlement) -> dict[str, Value]:
    answered: dict[str, Value] = {
        "http.response.status_code": settled.status,
        "orouter.provider": settled.provider,
        "orouter.attempts": settled.attempts,
        "orouter.usage_source": settled.source,
    }
    if settled.cost is not None:
        answered["orouter.cost_usd"] = settled.cost / NANO
    return answered


@contextmanager
def begun(section: Section, node: str) -> Iterator[Tracing | None]:
    """Tracing while the context lasts, if a collector is configured."""
    if section.endpoint is None:
        yield None
        return
    resource: dict[str, Value] = {
        "service.name": section.service_name,
        "service.version": __version__,
        "service.instance.id": f"{node}-{os.getpid()}",
    }
    headers = {name: value.get_secret_value() for name, value in section.headers.items()}
    encode = partial(export, resource=resource, version=__version__)
    exporter = Exporter(section.endpoint, headers, encode)
    exporter.start()
    try:
        yield Tracing(exporter, section.sample_ratio)
    finally:
        exporter.stop()
