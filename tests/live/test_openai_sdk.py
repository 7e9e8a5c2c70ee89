"""The official openai SDK, unchanged, against a real server: what every application relies on."""

import asyncio
from collections.abc import Iterator

import openai
import pytest
from pydantic import BaseModel

from tests.live.conftest import Site
from tests.live.upstream import chunk, completion, events, plain

MODEL = "openai/gpt-4"
HI = [{"role": "user", "content": "hello there"}]
TOOL = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


@pytest.fixture
def client(site: Site) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=site.base_url, api_key=site.key, max_retries=0) as client:
        yield client


def test_a_completion_with_its_cost(client: openai.OpenAI, site: Site) -> None:
    answer = client.chat.completions.create(model=MODEL, messages=HI)
    assert answer.choices[0].message.content == "hello there"
    assert answer.usage is not None
    assert answer.usage.total_tokens == 10
    assert answer.usage.model_dump()["cost"] == pytest.approx(7 * 30e-6 + 3 * 60e-6)
    [served] = site.upstream.served
    assert served.body["model"] == "gpt-4"
    assert served.headers["authorization"] == "Bearer sk-upstream-canary"
    assert site.key not in str(served)


def test_a_stream_without_usage_unless_asked(client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model=MODEL, messages=HI, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "hellothere"
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks if c.choices[0].finish_reason] == ["stop"]
    assert all(c.usage is None for c in chunks)


def test_a_stream_with_usage_and_cost(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=HI, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 9
    assert chunks[-1].usage.model_dump()["cost"] > 0


def test_tools_and_their_results(client: openai.OpenAI, site: Site) -> None:
    site.upstream.answers(plain(completion(None, tool_calls=[CALL])))
    answer = client.chat.completions.create(model=MODEL, messages=HI, tools=[TOOL])
    message = answer.choices[0].message
    assert answer.choices[0].finish_reason == "tool_calls"
    assert message.tool_calls
    assert message.tool_calls[0].id == "call_1"
    site.upstream.forget()
    result = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
    history = [*HI, message.model_dump(exclude_none=True), result]
    client.chat.completions.create(model=MODEL, messages=history, tools=[TOOL])
    assert [m["role"] for m in site.upstream.served[0].body["messages"]] == [
        "user",
        "assistant",
        "tool",
    ]


def test_streamed_tool_calls(client: openai.OpenAI, site: Site) -> None:
    opening = {"index": 0, **CALL, "function": {"name": "weather", "arguments": ""}}
    rest = {"index": 0, "function": {"arguments": '{"city":"Rome"}'}}
    site.upstream.answers(
        events(
            chunk({"role": "assistant", "content": None, "tool_calls": [opening]}),
            chunk({"tool_calls": [rest]}),
            chunk({}, "tool_calls"),
            "[DONE]",
        )
    )
    with client.chat.completions.stream(model=MODEL, messages=HI, tools=[TOOL]) as stream:
        final = stream.get_final_completion()
    calls = final.choices[0].message.tool_calls
    assert calls
    assert calls[0].function.arguments == '{"city":"Rome"}'


class Weather(BaseModel):
    city: str
    degrees: int


def test_structured_output_is_parsed(client: openai.OpenAI, site: Site) -> None:
    site.upstream.answers(plain(completion('{"city":"Rome","degrees":30}')))
    answer = client.chat.completions.parse(model=MODEL, messages=HI, response_format=Weather)
    assert answer.choices[0].message.parsed == Weather(city="Rome", degrees=30)
    assert site.upstream.served[0].body["response_format"]["json_schema"]["strict"] is True


def test_images_n_and_logprobs_arrive_unchanged(client: openai.OpenAI, site: Site) -> None:
    url = "data:image/png;base64,iVBORw0KGgo="
    content = [{"type": "text", "text": "what"}, {"type": "image_url", "image_url": {"url": url}}]
    two = completion("a")
    logprob = {"token": "a", "logprob": -0.1, "bytes": [97], "top_logprobs": []}
    two["choices"][0]["logprobs"] = {"content": [logprob], "refusal": None}
    two["choices"].append({**two["choices"][0], "index": 1})
    site.upstream.answers(plain(two))
    answer = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": content}],
        n=2,
        logprobs=True,
        top_logprobs=2,
    )
    body = site.upstream.served[0].body
    assert (body["n"], body["logprobs"], body["top_logprobs"]) == (2, True, 2)
    assert body["messages"][0]["content"][1]["image_url"]["url"] == url
    assert [choice.index for choice in answer.choices] == [0, 1]
    assert answer.choices[1].logprobs is not None


def test_raw_responses_carry_our_headers(client: openai.OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=HI)
    assert raw.headers["x-orouter-provider"] == "openai"
    assert raw.headers["x-orouter-attempts"] == "1"
    assert raw.headers["x-request-id"].startswith("req_")
    assert len(raw.headers["x-generation-id"]) == 26
    assert raw.parse().choices[0].message.content == "hello there"


def test_fields_openai_refuses_stay_here(client: openai.OpenAI, site: Site) -> None:
    extra = {
        "usage": {"include": True},
        "provider": {"order": ["openai"]},
        "transforms": [],
        "top_k": 5,
    }
    client.chat.completions.create(model=MODEL, messages=HI, extra_body=extra)
    assert site.upstream.served[0].body.keys() == {"model", "messages"}


def test_a_compatible_server_gets_unknown_fields(client: openai.OpenAI, site: Site) -> None:
    extra = {"repetition_penalty": 1.1, "guided_json": {"type": "object"}}
    client.chat.completions.create(model="local/llama", messages=HI, extra_body=extra)
    body = site.upstream.served[0].body
    assert body == {"model": "llama", "messages": HI, **extra}


def test_many_at_once(site: Site) -> None:
    async def ask() -> list[str | None]:
        async with openai.AsyncOpenAI(base_url=site.base_url, api_key=site.key) as client:
            answers = await asyncio.gather(
                *(
                    client.chat.completions.create(
                        model=MODEL, messages=[{"role": "user", "content": f"number {n}"}]
                    )
                    for n in range(40)
                )
            )
        return [answer.choices[0].message.content for answer in answers]

    assert asyncio.run(ask()) == [f"number {n}" for n in range(40)]


def test_an_async_stream(site: Site) -> None:
    async def ask() -> str:
        async with openai.AsyncOpenAI(base_url=site.base_url, api_key=site.key) as client:
            stream = await client.chat.completions.create(
                model="demo/lorem", messages=HI, stream=True
            )
            return "".join([c.choices[0].delta.content or "" async for c in stream])

    assert asyncio.run(ask()).startswith("Lorem ipsum")


REFUSALS = {
    "unknown model": ({"model": "openai/gpt-none"}, openai.NotFoundError, "model_not_found"),
    "no messages": ({"model": MODEL, "messages": []}, openai.BadRequestError, "invalid_request"),
    "temperature": ({"model": MODEL, "temperature": 9}, openai.BadRequestError, "invalid_request"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_errors_are_the_sdks_own_types(client: openai.OpenAI, site: Site, name: str) -> None:
    fields, error, code = REFUSALS[name]
    with pytest.raises(error) as caught:
        client.chat.completions.create(**{"messages": HI, **fields})  # type: ignore[call-overload]  # wrong on purpose
    assert caught.value.code == code
    assert caught.value.request_id
    assert site.upstream.served == []


def test_a_bad_key_is_an_authentication_error(site: Site) -> None:
    with (
        openai.OpenAI(base_url=site.base_url, api_key="ork_nonsense") as client,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        client.models.list()
    assert caught.value.code == "invalid_api_key"


def test_the_operators_refused_key_is_not_the_callers_fault(
    client: openai.OpenAI, site: Site
) -> None:
    told = {
        "error": {
            "message": "Incorrect API key provided: sk-upstream-canary.",
            "code": "invalid_api_key",
        }
    }
    site.upstream.answers(plain(told, 401))
    with pytest.raises(openai.InternalServerError) as caught:
        client.chat.completions.create(model=MODEL, messages=HI)
    assert caught.value.status_code == 502
    assert caught.value.code == "upstream_authentication_error"
    assert "canary" not in str(caught.value.body)


def test_the_sdks_own_retries_find_an_open_door(site: Site) -> None:
    answers = iter(
        [plain({"error": {"message": "busy"}}, 429, retry_after="120"), plain(completion("there"))]
    )

    async def rule(_: object) -> object:
        return next(answers)

    site.upstream.answers(rule)  # type: ignore[arg-type]  # a rule of two answers
    with openai.OpenAI(base_url=site.base_url, api_key=site.key, max_retries=0) as client:
        with pytest.raises(openai.RateLimitError) as caught:
            client.chat.completions.create(model=MODEL, messages=HI)
        assert caught.value.response.headers["retry-after"] == "120"
        assert client.chat.completions.create(model=MODEL, messages=HI).choices


def test_models_are_listed_and_shown(client: openai.OpenAI) -> None:
    listed = {model.id for model in client.models.list()}
    assert {"openai/gpt-4", "anthropic/claude-3-opus", "google/gemini-pro", "demo/echo"} <= listed
    shown = client.models.retrieve("openrouter/gpt-4").model_dump()
    assert shown["owned_by"] == "openrouter"
    assert shown["pricing"]["prompt"]
    assert shown["context_length"] > 0
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("openai/gpt-none")
