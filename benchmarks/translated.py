"""What it costs that a provider speaks another format than the caller.

Streams of 200 chunks in a burst from a mock that speaks as OpenAI, Anthropic and Gemini do, through
orouter with one worker on a core of its own; ``first chunk added`` is what a stream's first event
takes longer than straight from the mock, with one connection and chunks that come one by one. Then,
in this process, how long it takes to say a conversation of 20 messages with tools in the other
format, and to read the answer.

    python -m benchmarks.translated [--rounds N] [--seconds S]
"""

import argparse
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand import contenders
from benchmarks.stand.contenders import Contender
from benchmarks.stand.driving import Scenario, drive, per
from benchmarks.stand.results import keep, table
from orouter.dialects import anthropic_messages, google_generate
from orouter.dialects.base import DecodeContext, Dialect, Target
from orouter.ids import ulid
from orouter.providers.families import capabilities
from orouter.schemas.chat_reading import read_chat

CHUNKS = 200
PACE_MS = 2
CALLS = 500

BURST = Scenario("", 16, streams=True)
FORMATS = {
    "openai": ("openai/gpt-4.1", "/v1/chat/completions"),
    "anthropic": ("anthropic/claude-sonnet-4-5", "/v1/messages"),
    "google": ("google/gemini-2.5-flash", "/v1beta/models/any:streamGenerateContent?alt=sse"),
}
TOOL = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "The name of a city."},
        "days": {"type": "integer", "minimum": 1, "maximum": 14},
        "units": {"type": "string", "enum": ["metric", "imperial"]},
    },
    "required": ["city"],
}
WORDS = "The gateway waits for a provider more than it works, and that is as it should be. "

ANTHROPIC_ANSWER = {
    "model": "claude-sonnet-4-5-20250929",
    "id": "msg_mock",
    "type": "message",
    "role": "assistant",
    "content": [
        {"type": "text", "text": WORDS * 4},
        {"type": "tool_use", "id": "toolu_1", "name": "weather_1", "input": {"city": "Berlin"}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 900, "cache_read_input_tokens": 0, "output_tokens": 80},
}
GOOGLE_ANSWER = {
    "candidates": [
        {
            "content": {
                "parts": [
                    {"text": WORDS * 4},
                    {"functionCall": {"name": "weather_1", "args": {"city": "Berlin"}}},
                ],
                "role": "model",
            },
            "finishReason": "STOP",
            "index": 0,
        }
    ],
    "usageMetadata": {"promptTokenCount": 900, "candidatesTokenCount": 80, "totalTokenCount": 980},
    "modelVersion": "gemini-2.5-flash",
    "responseId": "mock",
}


def conversation() -> bytes:
    """A request of 20 messages, among them calls and their results, with five tools."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": WORDS * 3}]
    for turn in range(5):
        call = {"name": f"weather_{turn}", "arguments": '{"city": "Berlin", "days": 3}'}
        calls = [{"id": f"call_{turn}", "type": "function", "function": call}]
        messages += [
            {"role": "user", "content": WORDS},
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "tool_call_id": f"call_{turn}", "content": '{"celsius": 21}'},
            {"role": "assistant", "content": WORDS * 2},
        ]
    messages[-1] = {"role": "user", "content": WORDS}
    functions = [
        {"name": f"weather_{n}", "description": WORDS, "parameters": TOOL} for n in range(5)
    ]
    tools = [{"type": "function", "function": function} for function in functions]
    asked = {"model": "any/model", "messages": messages[:20], "tools": tools, "max_tokens": 500}
    return json.dumps(asked).encode()


def microseconds(work: Callable[[], object], rounds: int) -> float:
    """The median of the rounds' microseconds a call."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter_ns()
        for _ in range(CALLS):
            work()
        took.append((time.perf_counter_ns() - began) / CALLS / 1000)
    return median(took)


def whole(rounds: int) -> list[dict[str, Any]]:
    """One row for each format: saying the conversation, and reading an answer."""
    source = conversation()
    rows = []
    formats: dict[str, tuple[Dialect, str, Any]] = {
        "anthropic": (anthropic_messages, "claude-sonnet-4-5", ANTHROPIC_ANSWER),
        "google": (google_generate, "gemini-2.5-flash", GOOGLE_ANSWER),
    }
    for kind, (dialect, model, answer) in formats.items():
        can = capabilities(kind, model)
        target = Target(provider=kind, kind=kind, model=model, capabilities=can)
        context = DecodeContext(target=target, created=1, mint=lambda prefix: prefix + ulid())
        body = json.dumps(answer).encode()

        def say() -> object:
            return dialect.encode_request(read_chat(source), target)  # noqa: B023 - called at once

        def read() -> object:
            return dialect.decode_response(body, context)  # noqa: B023 - the same

        reading = microseconds(lambda: read_chat(source), rounds)
        said = microseconds(say, rounds) - reading
        row = {"format": kind, "encode us": said, "decode us": microseconds(read, rounds)}
        rows.append({**row, "both us": row["encode us"] + row["decode us"]})
    return rows


def bursts(rounds: int, seconds: float) -> list[dict[str, Any]]:
    """One row for each format: CPU of a burst, and what comes to the time of a first event."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, chunks=CHUNKS))
        ours = stack.enter_context(contenders.orouter(work, direct.port))[0]
        taken: dict[str, list[dict[str, float]]] = {name: [] for name in FORMATS}
        for _ in range(rounds):
            for name, (model, _) in FORMATS.items():
                drive(replace(BURST, model=model), ours, 0.2)
                taken[name].append(drive(replace(BURST, model=model), ours, seconds))
    added = first_chunks(rounds, seconds)
    return [
        {
            "format": name,
            "streams/s": median(r["rps"] for r in taken[name]),
            "cpu us/stream": per(taken[name], "good"),
            "cpu us/chunk": per(taken[name], "chunks"),
            "first chunk added us": added[name],
        }
        for name in FORMATS
    ]


def first_chunks(rounds: int, seconds: float) -> dict[str, float]:
    """Microseconds that a stream's first event takes longer through orouter, by format."""
    added: dict[str, float] = {}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        direct = stack.enter_context(contenders.mock(work, chunks=5, interval_ms=PACE_MS))
        ours = stack.enter_context(contenders.orouter(work, direct.port))[0]
        for name, (model, path) in FORMATS.items():
            scenario = Scenario("", 1, streams=True, model=model)

            def first(scenario: Scenario, contender: Contender) -> float:
                return median(drive(scenario, contender, seconds)["first50"] for _ in range(rounds))

            drive(scenario, ours, 0.2)
            added[name] = first(scenario, ours) - first(replace(scenario, path=path), direct)
    return added


def main() -> None:
    """Measure, print the tables and keep the numbers."""
    parser = argparse.ArgumentParser(description="What translation costs.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="length of one round")
    options = parser.parse_args()
    streamed = bursts(options.rounds, options.seconds)
    table(f"streams of {CHUNKS} chunks in a burst, 16 connections", streamed)
    answered = whole(options.rounds)
    table("a conversation of 20 messages with tools, and its answer", answered)
    keep("translated", {"streams": streamed, "whole": answered})


if __name__ == "__main__":
    main()
