"""Whole conversations over real sockets, the same code with each provider behind the gateway.

Only the model's name changes. Two nodes share the database and each step goes to the other one, so
that nothing can depend on what one worker happens to remember.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionMessage
from pydantic import BaseModel

from tests.conftest import UrlOf
from tests.live.gateway import Gateway
from tests.live.providers import (
    ANSWER,
    BEFORE_THE_CUT,
    DEGREES,
    JSON,
    Anthropic,
    Gemini,
    OpenAI,
    OpenRouter,
    Provider,
    Says,
    configured,
)
from tests.live.upstream import Reply, Served, Upstream

MODELS: dict[str, Callable[[], Provider]] = {
    "openai/gpt-5": OpenAI,
    "anthropic/claude-sonnet-4-5": Anthropic,
    "anthropic/claude-opus-5-5": Anthropic,
    "google/gemini-2.5-flash": lambda: Gemini(signs=False),
    "google/gemini-3.1-pro-preview": lambda: Gemini(signs=True),
    "openrouter/anthropic/claude-opus-4.8": OpenRouter,
}
CORRECTED = {"anthropic/claude-sonnet-4-6": {"capabilities": {"sampling": "none"}}}
SHOWS_REASONING = {name for name in MODELS if not name.startswith("openai/")}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "Degrees in a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "average",
            "parameters": {
                "type": "object",
                "properties": {"numbers": {"type": "array", "items": {"type": "number"}}},
            },
        },
    },
]
QUESTION = [
    {"role": "system", "content": "You know the weather."},
    {"role": "user", "content": "How is the weather in Rome and Oslo?"},
]


class Nodes:
    """Two gateways on one database, one after the other asked."""

    def __init__(self, gateways: list[Gateway], key: str) -> None:
        self.key = key
        self.clients = [
            openai.OpenAI(base_url=f"{each.url}/v1", api_key=key, max_retries=0)
            for each in gateways
        ]
        self._next = itertools.cycle(self.clients)

    @property
    def client(self) -> openai.OpenAI:
        return next(self._next)


@pytest.fixture(scope="module")
def nodes(
    url_of: UrlOf, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nodes]:
    folders = [tmp_path_factory.mktemp("node") for _ in range(2)]
    gateways = [
        Gateway(folder, url_of("sqlite"), providers=configured(provider.url), models=CORRECTED)
        for folder in folders
    ]
    org = gateways[0].run("org", "create", f"talks-{gateways[0].port}", "-q")
    key = gateways[0].run("key", "issue", "--org", org, "--name", "app")
    for gateway in gateways:
        gateway.start()
    opened = Nodes(gateways, key)
    yield opened
    for client in opened.clients:
        client.close()
    for gateway in gateways:
        gateway.stop()


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, provider: Upstream) -> str:
    """A model's name; its provider answers."""
    name: str = request.param
    stands_in(provider, MODELS[name]())
    return name


def stands_in(upstream: Upstream, provider: Provider) -> None:
    upstream.forget()
    upstream.answers(provider, provider.path)
    if isinstance(provider, Gemini):
        upstream.answers(provider, ":streamGenerateContent")


def ask(client: openai.OpenAI, *, streamed: bool, **request: Any) -> ChatCompletionMessage:
    """One step: the assistant's message, whichever way it comes."""
    if not streamed:
        answer: ChatCompletion = client.chat.completions.create(**request)
        return answer.choices[0].message
    with client.chat.completions.stream(
        **request, stream_options={"include_usage": True}
    ) as stream:
        final = stream.get_final_completion()
    assert final.usage is not None
    assert final.usage.total_tokens == 60
    return final.choices[0].message


def everything(message: ChatCompletionMessage) -> JSON:
    """What a careful client keeps: the message as it is."""
    return message.model_dump(exclude_none=True)


def the_known(message: ChatCompletionMessage) -> JSON:
    """What most clients keep: OpenAI's own fields."""
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.function.name, "arguments": call.function.arguments},
        }
        for call in message.tool_calls or ()
        if call.type == "function"
    ]
    return {"role": "assistant", "content": message.content, "tool_calls": calls}


def run_tool(name: str, arguments: str) -> str:
    given = json.loads(arguments)
    if name == "weather":
        return json.dumps(DEGREES[given["city"]])
    return json.dumps(sum(given["numbers"]) / len(given["numbers"]))


def converse(
    nodes: Nodes, *, streamed: bool, keep: Callable[[ChatCompletionMessage], JSON], **request: Any
) -> list[ChatCompletionMessage]:
    """The tool loop as every application has it; returns the assistant's messages."""
    history: list[Any] = list(QUESTION)
    said = []
    while True:
        message = ask(nodes.client, streamed=streamed, messages=history, tools=TOOLS, **request)
        said.append(message)
        if not message.tool_calls:
            return said
        history.append(keep(message))
        for call in reversed(message.tool_calls):
            assert call.type == "function"
            result = run_tool(call.function.name, call.function.arguments)
            history.append({"role": "tool", "tool_call_id": call.id, "content": result})
        # What one node learned is in the database a moment later, as is the next step.
        time.sleep(0.15)


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("keep", [everything, the_known])
@pytest.mark.parametrize("effort", [None, "high"], ids=["no thinking", "thinking"])
def test_a_tool_loop_with_two_calls_at_once(
    nodes: Nodes,
    model: str,
    effort: str | None,
    keep: Callable[[ChatCompletionMessage], JSON],
    *,
    streamed: bool,
) -> None:
    asked = {} if effort is None else {"reasoning_effort": effort}
    said = converse(nodes, streamed=streamed, keep=keep, model=model, **asked)
    calls = [[call.function.name for call in message.tool_calls or ()] for message in said]  # type: ignore[union-attr]  # functions are all that was offered
    assert calls == [["weather", "weather"], ["average"], []]
    assert said[-1].content == ANSWER
    assert len({call.id for message in said for call in message.tool_calls or ()}) == 3
    if effort and model in SHOWS_REASONING:
        assert [message.model_extra.get("reasoning") for message in said] == ["Let me see…"] * 3  # type: ignore[union-attr]  # the SDK's models take extra fields


class Weather(BaseModel):
    city: str
    degrees: int


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
def test_structured_output_is_parsed(nodes: Nodes, model: str, *, streamed: bool) -> None:
    messages: Any = [{"role": "user", "content": "Rome?"}]
    completions = nodes.client.chat.completions
    if streamed:
        with completions.stream(model=model, messages=messages, response_format=Weather) as stream:
            parsed = stream.get_final_completion().choices[0].message.parsed
    else:
        answer = completions.parse(model=model, messages=messages, response_format=Weather)
        parsed = answer.choices[0].message.parsed
    assert parsed == Weather(city="Rome", degrees=30)


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
def test_images_arrive(nodes: Nodes, model: str, *, streamed: bool) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    content = [{"type": "text", "text": "What is it?"}, image]
    said = ask(
        nodes.client,
        streamed=streamed,
        model=model,
        messages=[{"role": "user", "content": content}],
    )
    assert said.content == "1 image"


def test_a_stream_that_breaks_off_raises_after_what_was_said(nodes: Nodes, model: str) -> None:
    heard: list[str] = []
    chunks = nodes.client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "break off"}], stream=True
    )
    with pytest.raises(openai.APIError) as caught:
        heard.extend(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert "".join(heard) == BEFORE_THE_CUT
    assert caught.value.code is not None
    assert caught.value.code.startswith("upstream_")


def test_a_changed_signature_is_the_providers_to_refuse(
    nodes: Nodes, provider: Upstream, model: str
) -> None:
    def forge(message: ChatCompletionMessage) -> JSON:
        kept = everything(message)
        for detail in kept.get("reasoning_details", ()):
            detail |= {name: "forged" for name in ("signature", "data") if name in detail}
        return kept

    if model in ("openai/gpt-5", "google/gemini-2.5-flash"):
        # They sign nothing: what a client makes up is not sent to them.
        converse(nodes, streamed=False, keep=forge, model=model, reasoning_effort="high")
        assert "forged" not in str([served.body for served in provider.served])
        return
    with pytest.raises(openai.BadRequestError):
        converse(nodes, streamed=False, keep=forge, model=model, reasoning_effort="high")


def test_a_conversation_moves_between_all_providers(nodes: Nodes, provider: Upstream) -> None:
    history: list[Any] = list(QUESTION)
    for name, make in MODELS.items():
        stands_in(provider, make())
        history.append({"role": "user", "content": f"Hello {name}!"})
        message = ask(nodes.client, streamed=False, model=name, messages=history)
        assert message.content == f"You said: Hello {name}!"
        history.append(everything(message))


def test_the_calls_of_one_provider_are_history_for_another(
    nodes: Nodes, provider: Upstream
) -> None:
    for first, second in itertools.permutations(MODELS, 2):
        stands_in(provider, MODELS[first]())
        asked: Any = {"messages": QUESTION, "tools": TOOLS, "reasoning_effort": "high"}
        message = ask(nodes.client, streamed=False, model=first, **asked)
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": str(degrees)}
            for call, degrees in zip(message.tool_calls or (), DEGREES.values(), strict=True)
        ]
        foreign = MODELS[second]()
        foreign.signed = AnySignature()
        stands_in(provider, foreign)
        history = [*QUESTION, the_known(message), *results]
        then = ask(nodes.client, streamed=False, **{**asked, "messages": history}, model=second)
        assert [call.function.name for call in then.tool_calls or ()] == ["average"]  # type: ignore[union-attr]  # as above


class AnySignature(dict[str, Any]):
    """What a provider has signed when it has signed nothing of this conversation.

    Google's documented word for calls that it did not make is accepted in a signature's place.
    """

    def __missing__(self, _: str) -> str:
        return "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="


def test_an_operator_corrects_what_a_model_takes(nodes: Nodes, provider: Upstream) -> None:
    stands_in(provider, Anthropic())
    asked: Any = {"messages": QUESTION[1:], "temperature": 0.5}
    ask(nodes.client, streamed=False, model="anthropic/claude-opus-4-6", **asked)
    ask(nodes.client, streamed=False, model="anthropic/claude-sonnet-4-6", **asked)
    uncorrected, corrected = (served.body for served in provider.served)
    assert uncorrected["temperature"] == 0.5
    assert "temperature" not in corrected


@pytest.fixture(scope="module", autouse=True)
def silence(nodes: Nodes, provider: Upstream) -> Iterator["Future[str]"]:
    """A stream whose provider says nothing for 16 s; the other tests run meanwhile."""

    async def slowly() -> AsyncIterator[bytes]:
        first, *others = (event.encode() for event in OpenAI().events(Says("at last")))
        yield first
        await asyncio.sleep(16)
        for event in others:
            yield event

    async def rule(_: Served) -> Reply:
        return Reply(200, slowly(), {"content-type": "text/event-stream"})

    stands_in(provider, OpenAI())
    provider.answers(rule)
    pool = ThreadPoolExecutor(1)
    stream = pool.submit(raw_stream, nodes)
    while not provider.served:
        time.sleep(0.01)
    yield stream
    pool.shutdown(wait=False)


def raw_stream(nodes: Nodes) -> str:
    body = {"model": "openai/gpt-5", "messages": QUESTION, "stream": True}
    headers = {"authorization": f"Bearer {nodes.key}"}
    url = f"{nodes.clients[0].base_url}chat/completions"
    return httpx.post(url, json=body, headers=headers, timeout=30).text


def test_a_silent_stream_is_kept_alive(silence: "Future[str]") -> None:
    lines = silence.result().split("\n\n")
    assert lines.count(": keep-alive") == 1
    assert lines[-2:] == ["data: [DONE]", ""]
