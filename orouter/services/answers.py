"""Answering a request that was answered before, for callers who ask for that.

Only what would be answered alike again: whole answers at temperature 0. The key is made of the
organization, the model where it is now, and everything the request says that can change its
answer; so nobody ever sees an answer given to another organization.
"""

from hashlib import sha256

import msgspec

from orouter.errors import OrouterError
from orouter.services import accounting, chat
from orouter.services.accounting import Call
from orouter.services.answer_stores import AnswerCache
from orouter.services.gateway import Gateway
from orouter.upstream.endpoint import Candidate

WITHOUT_EFFECT = frozenset(
    {"model", "temperature", "stream", "stream_options", "user", "metadata", "store"}
)
"""Fields that do not change the answer, or are alike; the model is in the key as resolved."""
LARGEST = 1 << 20
"""Bytes of an answer that is kept."""

_canonical = msgspec.json.Encoder(order="deterministic").encode


async def complete(gateway: Gateway, cache: AnswerCache, call: Call) -> tuple[bytes, str]:
    """The whole completion as JSON, and ``hit``, ``miss`` or ``bypass``."""
    candidate = _repeatable(gateway, cache, call)
    if candidate is None:
        return await chat.complete(gateway, call), "bypass"
    key = key_of(call, candidate)
    known = await cache.store.get(key)
    if known is not None:
        call.model = candidate.name
        accounting.settle_repeated(gateway, call)
        return known, "hit"
    body = await chat.complete(gateway, call)
    if call.attempts.served_by == candidate and len(body) <= LARGEST:
        cache.store.put(key, free_of_charge(body))
    return body, "miss"


def _repeatable(gateway: Gateway, cache: AnswerCache, call: Call) -> Candidate | None:
    """Who would be asked, if the answer would be the same again."""
    request = call.request
    if request.stream or request.temperature != 0:
        return None
    if not cache.serves(call.caller.org_id, call.caller.org_name):
        return None
    try:
        return gateway.plan.routes.candidates(request)[0]
    except OrouterError:
        return None  # and is told to the caller where it is told to all


def key_of(call: Call, candidate: Candidate) -> str:
    """The same for requests of one organization that want the same answer."""
    said = msgspec.json.decode(call.request.source)
    kept = {
        name: value for name, value in said.items() if not (value is None or name in WITHOUT_EFFECT)
    }
    where = [candidate.name, candidate.endpoint.base_url, candidate.target.model]
    return sha256(_canonical([call.caller.org_id, where, kept])).hexdigest()


def free_of_charge(body: bytes) -> bytes:
    """The answer as it is repeated: it cost nothing this time."""
    answer = msgspec.json.decode(body)
    usage = answer.get("usage")
    if isinstance(usage, dict) and "cost" in usage:
        usage["cost"] = 0
    return msgspec.json.encode(answer)
