"""pydantic-ai, a client with a tool loop of its own, through the gateway to every provider."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from tests.conftest import UrlOf
from tests.live.gateway import Gateway
from tests.live.providers import ANSWER, DEGREES, configured
from tests.live.test_conversations import MODELS, stands_in
from tests.live.upstream import Upstream


@pytest.fixture(scope="module")
def address(
    url_of: UrlOf, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The gateway's base URL and a key."""
    gateway = Gateway(
        tmp_path_factory.mktemp("agents"), url_of("sqlite"), providers=configured(provider.url)
    )
    org = gateway.run("org", "create", f"agents-{gateway.port}", "-q")
    key = gateway.run("key", "issue", "--org", org, "--name", "agent")
    gateway.start()
    yield f"{gateway.url}/v1", key
    gateway.stop()


@pytest.fixture(params=MODELS)
async def model(
    request: pytest.FixtureRequest, address: tuple[str, str], provider: Upstream
) -> AsyncIterator[OpenAIChatModel]:
    stands_in(provider, MODELS[request.param]())
    reached = OpenAIProvider(base_url=address[0], api_key=address[1])
    thinks = ModelSettings(extra_body={"reasoning_effort": "high"})
    yield OpenAIChatModel(request.param, provider=reached, settings=thinks)
    await reached.client.close()


def weather(city: str) -> int:
    """Degrees in a city."""
    return DEGREES[city]


def average(numbers: list[float]) -> float:
    """The mean of some numbers."""
    return sum(numbers) / len(numbers)


async def test_an_agents_tool_loop(model: OpenAIChatModel) -> None:
    agent = Agent(model, tools=[weather, average])
    done = await agent.run("How is the weather in Rome and Oslo?")
    assert done.output == ANSWER
    assert done.usage.requests == 3
    assert (done.usage.input_tokens, done.usage.output_tokens) == (120, 60)


async def test_an_agents_streamed_tool_loop(model: OpenAIChatModel) -> None:
    agent = Agent(model, tools=[weather, average])
    async with agent.run_stream("How is the weather in Rome and Oslo?") as stream:
        pieces = [piece async for piece in stream.stream_text(delta=True, debounce_by=None)]
    assert len(pieces) > 1
    assert "".join(pieces) == ANSWER


class Weather(BaseModel):
    city: str
    degrees: int


async def test_an_agents_structured_output(model: OpenAIChatModel) -> None:
    agent = Agent(model, output_type=NativeOutput(Weather))
    assert (await agent.run("Rome?")).output == Weather(city="Rome", degrees=30)


async def test_a_conversation_goes_on(model: OpenAIChatModel) -> None:
    agent = Agent(model)
    first = await agent.run("Hello there")
    then = await agent.run("And again", message_history=first.all_messages())
    assert then.output == "You said: And again"
