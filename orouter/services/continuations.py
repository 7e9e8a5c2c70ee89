"""Reasoning kept for clients that keep only OpenAI's own fields.

Gemini 3 and thinking Claude models want their signed reasoning back with each tool call of the
conversation, and OpenAI's message has no place for it. What an answer carried is remembered by the
id of its tool call, here and in the database, so that any worker of any node can put it back.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from orouter.dialects.base import Recalled
from orouter.errors import DatabaseUnavailable
from orouter.schemas.chat import ChatRequest
from orouter.upstream.endpoint import Candidate

REMEMBERED = 20_000
LOOKED_UP = 64
"""Tool calls of one conversation, the newest ones: older ones no provider checks."""

Key = tuple[str, str]
"""Organization and tool-call id: nobody is handed another organization's reasoning."""
Load = Callable[[Sequence[Key]], Awaitable[Mapping[Key, Recalled]]]

_NOTHING: Mapping[str, Recalled] = {}
log = structlog.get_logger(__name__)


class Continuations:
    """The memory of one worker. ``load`` reads what other workers have kept."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._kept: OrderedDict[Key, Recalled] = OrderedDict()
        self._unsaved: dict[Key, Recalled] = {}
        self.to_save = asyncio.Event()

    def remember(self, org_id: str, recalled: Sequence[Recalled]) -> None:
        """Keeps what an answer carried, and hands it to the saver."""
        for one in recalled:
            key = (org_id, one.call_id)
            self._keep(key, one)
            self._unsaved[key] = one
        if recalled:
            self.to_save.set()

    def take_unsaved(self) -> dict[Key, Recalled]:
        """What is to be written to the database; the caller does it, or gives it up."""
        taken, self._unsaved = self._unsaved, {}
        self.to_save.clear()
        return taken

    async def recall(
        self, org_id: str, request: ChatRequest, candidates: Sequence[Candidate]
    ) -> Mapping[str, Recalled]:
        """The reasoning that the conversation's tool calls have lost, by tool-call id."""
        if not any(candidate.endpoint.provider.recalls for candidate in candidates):
            return _NOTHING
        keys = [(org_id, call_id) for call_id in _bare_calls(request)]
        missing = [key for key in keys if key not in self._kept]
        if missing:
            try:
                for key, found in (await self._load(missing)).items():
                    self._keep(key, found)
            except DatabaseUnavailable:
                # The conversation goes on without; providers have a way for foreign history.
                log.warning("continuations_not_read", org_id=org_id)
        return {key[1]: self._kept[key] for key in keys if key in self._kept}

    def _keep(self, key: Key, recalled: Recalled) -> None:
        self._kept[key] = recalled
        self._kept.move_to_end(key)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)


def _bare_calls(request: ChatRequest) -> list[str]:
    """Tool calls of the history that came back without what belongs to them."""
    found = [
        call.id
        for message in request.messages
        if message.tool_calls and not message.reasoning_details
        for call in message.tool_calls
        if call.id and not call.extra_content
    ]
    return found[-LOOKED_UP:]
