"""The choices of a stream: role first, calls in order, one finish reason each, at the end."""

from typing import Any

from msgspec import Struct

from orouter.dialects.base import Recalled
from orouter.dialects.legacy import as_function_call
from orouter.dialects.openai_chat import normal
from orouter.dialects.openai_chat.calls import CallFragments
from orouter.dialects.openai_chat.failure import broken_off
from orouter.dialects.openai_chat.recall import DetailCollector, recalled
from orouter.dialects.openai_shapes import finish_by_function

CLOSING_FIELDS = ("native_finish_reason", "stop_reason", "content_filter_results")
"""What goes with the finish reason into the closing chunk."""


class _Choice(Struct):
    calls: CallFragments
    finish: str | None = None
    closing: dict[str, Any] = {}


class Choices:
    """The state of a stream's choices by index.

    Finish reasons are held back until the stream ends: OpenRouter says them twice, and goes on with
    text after the first. ``functions``: the caller speaks the deprecated form of calls.
    """

    __slots__ = ("_by_index", "_details", "_functions", "_mint", "_strict")

    def __init__(self, mint: normal.Mint, *, strict: bool, functions: bool = False) -> None:
        self._functions = functions
        self._mint = mint
        self._strict = strict
        self._by_index: dict[int, _Choice] = {}
        self._details = DetailCollector()

    @property
    def finish(self) -> str | None:
        """The finish reason of the first choice, as far as it is known."""
        first = self._by_index.get(0)
        return first.finish if first else None

    @property
    def complete(self) -> bool:
        """Whether there are choices and all of them have finished."""
        return bool(self._by_index) and all(c.finish for c in self._by_index.values())

    def __bool__(self) -> bool:
        return bool(self._by_index)

    def read(self, choice: dict[str, Any], position: int) -> dict[str, Any] | None:
        """The choice of a chunk as OpenAI would send it, None if nothing of it is for now.

        Raises the error of a choice that the provider broke off.
        """
        finish = choice.get("finish_reason")
        if finish == "error" or isinstance(choice.get("error"), dict):
            raise broken_off(choice)
        given = choice.get("index")
        index = given if isinstance(given, int) else position
        state = self._by_index.get(index)
        is_first = state is None
        if state is None:
            state = self._by_index[index] = _Choice(CallFragments(self._mint))
        delta = self._delta(choice, state)
        delta.pop("role", None)
        if is_first:
            delta = {**delta, "role": "assistant", "content": delta.get("content", "")}
        choice.update(index=index, delta=delta, finish_reason=None)
        if finish:
            self._hold(state, choice, finish)
        return choice if is_first or not finish or _says_something(choice) else None

    def _delta(self, choice: dict[str, Any], state: _Choice) -> dict[str, Any]:
        message, given = choice.pop("message", None), choice.get("delta")
        found = given if isinstance(given, dict) else message
        delta: dict[str, Any] = found if isinstance(found, dict) else {}
        normal.message_texts(delta)
        calls = delta.pop("tool_calls", None)
        if isinstance(calls, list) and (calls := state.calls.normal(calls)):
            delta["tool_calls"] = calls
            delta = as_function_call(delta) if self._functions else delta
        details = delta.get("reasoning_details")
        if isinstance(details, list):
            self._details.add(details)
        return delta

    def _hold(self, state: _Choice, choice: dict[str, Any], finish: object) -> None:
        state.finish = self._finish(finish, called=bool(state.calls))
        state.closing = {k: choice.pop(k) for k in CLOSING_FIELDS if k in choice} or state.closing

    def _finish(self, given: object, *, called: bool) -> str:
        reason = normal.finish_reason(given, called=called, strict=self._strict)
        return finish_by_function(reason) if self._functions else reason

    def closing(self, annotations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The last chunk's choice for each index; ``annotations`` go with the first of them.

        Only for streams that ended in order; a choice without a finish reason then stopped.
        """
        ends: list[dict[str, Any]] = []
        for index, state in sorted(self._by_index.items()):
            called = bool(state.calls)
            state.finish = state.finish or self._finish(None, called=called)
            delta = {"annotations": annotations} if annotations and not ends else {}
            end = {"index": index, "delta": delta, "logprobs": None}
            ends.append({**end, **state.closing, "finish_reason": state.finish})
        return ends

    def recalled(self) -> tuple[Recalled, ...]:
        """The reasoning that belongs to the calls of the first choice."""
        first = self._by_index.get(0)
        return recalled(self._details.details(), first.calls.ids() if first else ())


def _says_something(choice: dict[str, Any]) -> bool:
    delta = choice["delta"]
    return bool(choice.get("logprobs")) or any(
        value for name, value in delta.items() if name != "role"
    )
