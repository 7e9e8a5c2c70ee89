"""The demo provider speaks OpenAI's wire format, deterministically."""

import asyncio
import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from orouter.upstream import demo


async def ask(model: str, **fields: Any) -> tuple[int, str]:
    body = {"model": model, "messages": [{"role": "user", "content": "one two three"}], **fields}
    reply = await demo.answer(json.dumps(body).encode())
    return reply.status, "".join([block.decode() async for block in reply.body])


async def whole(model: str, **fields: Any) -> ChatCompletion:
    status, text = await ask(model, **fields)
    assert status == 200
    return ChatCompletion.model_validate(json.loads(text), strict=True)


async def test_echo_repeats_the_last_user_message_and_counts_words() -> None:
    got = await whole("echo")
    assert got.choices[0].message.content == "one two three"
    assert got.choices[0].finish_reason == "stop"
    assert got.usage is not None
    assert (got.usage.prompt_tokens, got.usage.completion_tokens) == (3, 3)


async def test_the_same_request_has_the_same_answer() -> None:
    assert await ask("lorem", stream=True) == await ask("lorem", stream=True)


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_a_bound_on_the_output_is_kept(name: str) -> None:
    got = await whole("echo", **{name: 2})
    assert got.choices[0].message.content == "one two"
    assert got.choices[0].finish_reason == "length"


async def test_lorem_has_its_fixed_length_unless_it_is_bounded() -> None:
    full = await whole("lorem", max_tokens=10_000)
    assert full.usage is not None
    assert full.usage.completion_tokens == demo.LOREM_WORDS
    assert full.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("choices", [1, 2])
async def test_a_stream_says_the_same_as_a_whole_answer(choices: int) -> None:
    status, text = await ask("echo", stream=True, n=choices, stream_options={"include_usage": True})
    events = [event.removeprefix("data: ") for event in text.split("\n\n") if event]
    chunks = [ChatCompletionChunk.model_validate(json.loads(each)) for each in events[:-1]]
    said = [""] * choices
    for chunk in chunks:
        for choice in chunk.choices:
            said[choice.index] += choice.delta.content or ""
    assert status == 200
    assert events[-1] == "[DONE]"
    assert said == ["one two three"] * choices
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 3 * choices


async def test_slow_waits_before_its_first_token() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await ask("slow")


async def test_timeout_never_answers() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await ask("timeout")


@pytest.mark.parametrize(
    ("model", "status"), [("error-429", 429), ("error-500", 500), ("nobody", 404)]
)
async def test_failures_are_as_openai_spells_them(model: str, status: int) -> None:
    got, text = await ask(model)
    assert got == status
    assert json.loads(text)["error"].keys() == {"message", "type", "param", "code"}


async def test_what_is_no_request_is_refused() -> None:
    reply = await demo.answer(b"{}")
    assert reply.status == 400
