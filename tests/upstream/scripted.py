"""An upstream client that answers by script: what retries and faults are tested through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orouter.dialects import openai_chat
from orouter.dialects.base import Target
from orouter.providers.base import Provider
from orouter.upstream.client import AnswerTooLarge, HttpAnswer, HttpCall
from orouter.upstream.credentials import CredentialPool
from orouter.upstream.endpoint import Candidate, Endpoint

COMPLETION = (
    b'{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,'
    b'"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}'
)


@dataclass
class Script:
    """One answer: ``blocks`` as they arrive; an exception among them is raised in their place."""

    status: int = 200
    blocks: tuple[bytes | Exception, ...] = (COMPLETION,)
    headers: Mapping[str, str] = field(default_factory=dict)


class ScriptedAnswer:
    def __init__(self, script: Script) -> None:
        self.status = script.status
        self.headers = script.headers
        self.encoding = script.headers.get("content-encoding", "")
        self.closed = False
        self._blocks = list(script.blocks)

    async def read(self, limit: int) -> bytes:
        whole = b""
        while block := await self.next():
            whole += block
            if len(whole) > limit:
                raise AnswerTooLarge("too much")
        return whole

    async def next(self) -> bytes:
        if not self._blocks:
            return b""
        block = self._blocks.pop(0)
        if isinstance(block, Exception):
            raise block
        return block

    def close(self) -> None:
        self.closed = True


class ScriptedClient:
    """Plays its scripts in turn, the last one for ever; an exception is raised instead."""

    def __init__(self, *scripts: Script | Exception) -> None:
        self._scripts = list(scripts) or [Script()]
        self.calls: list[HttpCall] = []
        self.answers: list[ScriptedAnswer] = []

    async def send(self, call: HttpCall) -> HttpAnswer:
        self.calls.append(call)
        script = self._scripts[0] if len(self._scripts) == 1 else self._scripts.pop(0)
        if isinstance(script, Exception):
            raise script
        self.answers.append(ScriptedAnswer(script))
        return self.answers[-1]

    async def aclose(self) -> None: ...


def endpoint(
    name: str, client: ScriptedClient, keys: tuple[str, ...] = ("sk-upstream-1",)
) -> Endpoint:
    return Endpoint(
        name=name,
        provider=Provider(type="compatible", dialect=openai_chat),
        base_url="http://upstream.test/v1",
        credentials=CredentialPool(name, keys),
        client=client,
        headers={},
        answer_timeout_s=60.0,
        connect_timeout_s=5.0,
    )


def candidate(
    client: ScriptedClient, name: str = "up", keys: tuple[str, ...] = ("sk-upstream-1",)
) -> Candidate:
    return Candidate(
        endpoint=endpoint(name, client, keys),
        name=f"{name}/m",
        target=Target(provider=name, kind="compatible", model="m"),
    )


Pause = Callable[[int], float]


def no_pause(_: int) -> float:
    return 0.0
