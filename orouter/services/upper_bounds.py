"""The most that a request can come to, and holding it to that: what strict estimates reserve.

A token is at least one byte. What has no size here, images and other media, files and what a
provider searches for itself, is taken for as much as the model can read. A request that sets no
bound on its answer is given one.
"""

from collections.abc import Iterable, Iterator

import msgspec

from orouter.dialects.base import Usage
from orouter.providers.prices import most
from orouter.schemas.chat import ChatRequest, Message
from orouter.services.accounting import Call, Spent
from orouter.usage.estimates import BALANCED_OUTPUT

OF_PROVIDER = 1024
"""Tokens that a provider adds itself: templates, and words about tools."""
LEAST_THINKING = 2048
"""What a bound is raised by where a model must be given room to think."""
UNKNOWN_CONTEXT = 2_000_000

_encode = msgspec.json.Encoder().encode


def bind(call: Call) -> Spent:
    """What the call may come to, whoever of its candidates serves it; nothing it costs is more."""
    if call.request.output_limit is None:
        call.request = call.request.bounded(min(_most_output(call)))
    request = call.request
    output = (request.output_limit or 0) + _thinking(request)
    usage = Usage(prompt_tokens=_most_prompt(call), completion_tokens=output * (request.n or 1))
    prices = [most(candidate.price, usage) for candidate in call.candidates]
    known = [price for price in prices if price is not None]
    return Spent(usage, max(known, default=None), "estimated")


def _most_output(call: Call) -> Iterator[int]:
    for each in call.candidates:
        yield each.max_output or each.target.capabilities.max_output or BALANCED_OUTPUT


def _thinking(request: ChatRequest) -> int:
    """By how much a bound of the caller may be raised for it to think."""
    if request.reasoning is None and request.reasoning_effort is None:
        return 0
    budget = request.reasoning.max_tokens if request.reasoning else None
    return max(budget or 0, LEAST_THINKING)


def _most_prompt(call: Call) -> int:
    request = call.request
    tools = all(tool.type == "function" for tool in request.tools or ())
    if request.web_search_options is None and tools and not _media(request.messages):
        recalled = sum(len(_encode(each.details)) for each in call.recalled.values())
        return len(request.source) + recalled + OF_PROVIDER
    return max(candidate.context or UNKNOWN_CONTEXT for candidate in call.candidates)


def _media(messages: Iterable[Message]) -> bool:
    """Whether there is anything but text."""
    return any(
        message.images
        or (
            isinstance(message.content, list)
            and any(part.type not in ("text", "refusal") for part in message.content)
        )
        for message in messages
    )
