"""Callers, many at once: each request is told apart by a marker, each answer kept."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class Answer:
    """What a caller saw; status 0 where the connection broke, ``whole`` if all of it arrived."""

    marker: str
    status: int = 0
    code: str = ""
    whole: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Caller:
    """A connection pool with a key, spread over the nodes in turn."""

    http: aiohttp.ClientSession
    urls: Iterator[str]
    key: str

    async def ask(self, marker: str, model: str = "local/ok", **fields: Any) -> Answer:
        """One request to its end, unless it hangs up after ``leave_after`` seconds.

        Or ``leave_at`` bytes of the answer.
        """
        leave_after, leave_at = fields.pop("leave_after", None), fields.pop("leave_at", 0)
        try:
            async with asyncio.timeout(leave_after), self._sent(marker, model, fields) as response:
                if leave_at:
                    await response.content.readexactly(leave_at)
                    response.close()
                    return Answer(marker)
                return _answer(marker, response, await response.read(), bool(fields.get("stream")))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(marker)

    def _sent(self, marker: str, model: str, fields: Mapping[str, Any]) -> Any:
        messages = [{"role": "user", "content": marker}]
        return self.http.post(
            f"{next(self.urls)}/v1/chat/completions",
            json={"model": model, "messages": messages, "max_tokens": 50, **fields},
            headers={"authorization": f"Bearer {self.key}", "x-request-id": marker},
        )


def _answer(marker: str, response: aiohttp.ClientResponse, body: bytes, stream: bool) -> Answer:
    if response.status != 200:
        code = json.loads(body)["error"]["code"] if body else ""
        return Answer(marker, response.status, code, headers=response.headers)
    whole = body.endswith(b"data: [DONE]\n\n") and b'"error"' not in body if stream else True
    return Answer(marker, 200, whole=whole, headers=response.headers)


@asynccontextmanager
async def caller(urls: list[str], key: str, *, connections: int = 64) -> AsyncIterator[Caller]:
    """A caller whose connections are closed at the end."""
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as http:
        yield Caller(http, itertools.cycle(urls), key)


class Load:
    """Clients that ask again and again, each as soon as it has its answer, until stopped.

    ``ask`` makes one request of a marker, so that a test says what its load is like.
    """

    def __init__(self, ask: Callable[[str], Any], clients: int, name: str) -> None:
        self.answers: list[Answer] = []
        self._ask = ask
        self._going = True
        self._numbers = (f"{name}-{number}" for number in itertools.count())
        self._tasks = [asyncio.create_task(self._run()) for _ in range(clients)]

    async def _run(self) -> None:
        while self._going:
            answer = await self._ask(next(self._numbers))
            self.answers.append(answer)
            await asyncio.sleep(0.002 if answer.whole else 0.05)

    async def stop(self) -> list[Answer]:
        """Let the last requests finish; everything that was answered."""
        self._going = False
        await asyncio.gather(*self._tasks)
        return self.answers
