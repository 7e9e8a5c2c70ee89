"""Reasoning kept for clients that keep only OpenAI's own fields.

Gemini 3 and thinking Claude models want their signed reasoning back with each tool call of the
conversation, and OpenAI's message has no place for it. What an answer carried is remembered by the
id of its tool call, here and in the database, so that any worker of any node can put it back.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import TypeVar

from orouter.dialects.base import Recalled
from orouter.errors import DatabaseUnavailable
from orouter.logs import get_logger
from orouter.schemas.chat import ChatRequest
from orouter.upstream.endpoint import Candidate

REMEMBERED = 20_000
LOOKED_UP = 64
"""Tool calls of one conversation, the newest ones: older ones no provider checks."""
MISS_IS_FINAL_S = 30.0
"""Until then another node may still be writing what was not found."""

Key = tuple[str, str]
"""Organization and tool-call id: nobody is handed another organization's reasoning."""
Load = Callable[[Sequence[Key]], Awaitable[Mapping[Key, Recalled]]]
Step = list[Key]
"""The calls of one assistant message; what belongs to them was kept in one transaction."""
T = TypeVar("T")

_NOTHING: Mapping[str, Recalled] = {}
log = get_logger(__name__)


class Continuations:
    """The memory of one worker. ``load`` reads what other workers have kept.

    A miss is remembered too: most calls have nothing that belongs to them, and each step of a long
    tool loop would ask for all of them again. ``clock`` gives seconds, monotonic.
    """

    def __init__(self, load: Load, clock: Callable[[], float] = monotonic) -> None:
        self._load = load
        self._clock = clock
        self._kept: OrderedDict[Key, Recalled] = OrderedDict()
        self._missed: OrderedDict[Key, float] = OrderedDict()
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
        for candidate in candidates:
            if candidate.endpoint.provider.recalls:
                break
        else:
            return _NOTHING
        steps = _bare_steps(org_id, request)
        missing = [key for step in steps for key in step if self._is_open(key)]
        if missing:
            try:
                for key, found in (await self._load(missing)).items():
                    self._keep(key, found)
                self._note_misses(steps)
            except DatabaseUnavailable:
                # The conversation goes on without; providers have a way for foreign history.
                log.warning("continuations_not_read", org_id=org_id)
        return {key[1]: self._kept[key] for step in steps for key in step if key in self._kept}

    def _is_open(self, key: Key) -> bool:
        """Whether the database may know more than we do."""
        return key not in self._kept and self._clock() < self._missed.get(key, float("inf"))

    def _note_misses(self, steps: Sequence[Step]) -> None:
        """What was not found beside a call of the same step that was is not there at all."""
        now = self._clock()
        for step in steps:
            found = any(key in self._kept for key in step)
            for key in step:
                if key not in self._kept and (found or key not in self._missed):
                    _put(self._missed, key, now if found else now + MISS_IS_FINAL_S)

    def _keep(self, key: Key, recalled: Recalled) -> None:
        self._missed.pop(key, None)
        _put(self._kept, key, recalled)


def _put(memory: OrderedDict[Key, T], key: Key, value: T) -> None:
    """Adds the newest entry and lets the oldest go."""
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)


def _bare_steps(org_id: str, request: ChatRequest) -> list[Step]:
    """The newest tool calls of the history that came back without what belongs to them."""
    steps: list[Step] = []
    left = LOOKED_UP
    for message in reversed(request.messages):
        if left and message.tool_calls and not message.reasoning_details:
            bare = [call.id for call in message.tool_calls if call.id and not call.extra_content]
            step = [(org_id, call_id) for call_id in bare[:left]]
            left -= len(step)
            steps.append(step)
    return steps
