"""A provider's server on a real socket, in a thread: where a paid provider would stand.

It writes down every request it serves and answers by rule: the last rule whose path ends as asked
wins; without one it is an OpenAI server that echoes the last message.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Rule = Callable[["Served"], Awaitable["Reply"]]


@dataclass
class Served:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    disconnected: threading.Event = field(default_factory=threading.Event)


@dataclass
class Reply:
    """``blocks`` are written one by one; ``cut`` closes the connection after them."""

    status: int = 200
    blocks: AsyncIterator[bytes] | list[bytes] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def plain(value: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON body."""
    named = {name.replace("_", "-"): content for name, content in headers.items()}
    return Reply(
        status, [json.dumps(value).encode()], {"content-type": "application/json", **named}
    )


def events(*chunks: dict[str, Any] | str) -> Reply:
    """Server-sent events, a block each."""
    data = [chunk if isinstance(chunk, str) else json.dumps(chunk) for chunk in chunks]
    blocks = [f"data: {each}\n\n".encode() for each in data]
    return Reply(200, blocks, {"content-type": "text/event-stream"})


def completion(content: str | None = "hello", **message: Any) -> dict[str, Any]:
    """OpenAI's chat.completion with 7 + 3 tokens."""
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    whole = {"role": "assistant", "content": content, "refusal": None, **message}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "gpt-4-0613",
        "choices": [{"index": 0, "message": whole, "logprobs": None, "finish_reason": finish}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }


def chunk(delta: dict[str, Any] | None, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    """OpenAI's chat.completion.chunk; ``delta`` None for one without choices."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "gpt-4-0613",
        "choices": [] if delta is None else [choice],
        "usage": None,
        **fields,
    }


def streamed(*words: str) -> Reply:
    """A whole stream: role, words, finish, usage."""
    usage = {"prompt_tokens": 7, "completion_tokens": len(words), "total_tokens": 7 + len(words)}
    return events(
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": word}) for word in words),
        chunk({}, "stop"),
        chunk(None, usage=usage),
        "[DONE]",
    )


async def echo(served: Served) -> Reply:
    """What the last message said, streamed if asked."""
    content = served.body["messages"][-1]["content"]
    said = content if isinstance(content, str) else "parts"
    return streamed(*said.split(" ")) if served.body.get("stream") else plain(completion(said))


class Upstream:
    """The server; used from any thread while ``run`` is in its context."""

    def __init__(self) -> None:
        self.served: list[Served] = []
        self._rules: list[tuple[str, Rule]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    def stop(self) -> None:
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def answers(self, rule: Rule | Reply, path: str = "") -> None:
        """From now on ``rule`` answers what ends with ``path``."""

        async def fixed(_: Served) -> Reply:
            assert isinstance(rule, Reply)
            return rule

        self._rules.append((path, fixed if isinstance(rule, Reply) else rule))

    def forget(self) -> None:
        """No rules, nothing served."""
        self.served.clear()
        self._rules.clear()

    async def _start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        served = Served(
            request.path_qs,
            {name.lower(): value for name, value in request.headers.items()},
            json.loads(await request.read()),
        )
        self.served.append(served)
        rules = [rule for path, rule in self._rules if request.path.endswith(path)]
        reply = await (rules[-1] if rules else echo)(served)
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        try:
            await response.prepare(request)
            await self._write(response, reply, request)
        except (ConnectionError, asyncio.CancelledError):
            served.disconnected.set()
            raise
        return response

    @staticmethod
    async def _write(response: web.StreamResponse, reply: Reply, request: web.Request) -> None:
        if isinstance(reply.blocks, list):
            for block in reply.blocks:
                await response.write(block)
        else:
            async for block in reply.blocks:
                await response.write(block)
        if reply.cut and request.transport is not None:
            request.transport.abort()
