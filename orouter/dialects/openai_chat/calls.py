"""The tool calls of a stream, fragment by fragment, in OpenAI's order.

OpenAI's rule: the first fragment of a call has ``index``, ``id``, ``type`` and the function's name,
later ones only ``index`` and a piece of the arguments. Compatible servers leave the index out,
repeat name and id in each fragment, send several whole calls under one index, or give no id.
"""

from typing import Any

from msgspec import Struct

from orouter.dialects.openai_chat.normal import Mint, arguments


class _Call(Struct):
    """``held`` is what came before the name, None once the call was announced."""

    index: int
    given_id: str
    id: str
    held: str | None = ""


class CallFragments:
    """The calls of one choice."""

    __slots__ = ("_calls", "_current", "_mint")

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._calls: list[_Call] = []
        self._current: dict[Any, _Call] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def ids(self) -> list[str]:
        """The calls' ids as the caller saw them."""
        return [call.id for call in self._calls]

    def normal(self, fragments: list[Any]) -> list[dict[str, Any]]:
        """One chunk's fragments as OpenAI would have sent them."""
        kept = []
        for fragment in fragments:
            if isinstance(fragment, dict):
                call = self._call(fragment)
                if call.held is None:
                    kept += self._continued(call, fragment)
                else:
                    kept += self._opened(call, fragment)
        return kept

    def _call(self, fragment: dict[str, Any]) -> _Call:
        slot = fragment.get("index")
        slot = slot if isinstance(slot, int) else None
        given = fragment.get("id")
        given = given if isinstance(given, str) else ""
        call = self._current.get(slot)
        if call is None and slot is None and not given and self._calls and not _name(fragment):
            call = self._calls[-1]
        if call is None or self._is_another(call, given, fragment):
            taken = {known.id for known in self._calls}
            own = given if given and given not in taken else self._mint("call_")
            call = _Call(index=len(self._calls), given_id=given, id=own)
            self._calls.append(call)
        self._current[slot] = call
        return call

    def _is_another(self, call: _Call, given: str, fragment: dict[str, Any]) -> bool:
        """Whether a fragment in a used slot begins a new call: named, and under another id."""
        if call.held is not None or not _name(fragment):
            return False
        if given or call.given_id:
            return given != call.given_id and bool(given)
        return fragment.get("index") is None

    def _opened(self, call: _Call, fragment: dict[str, Any]) -> list[dict[str, Any]]:
        opening = {
            **fragment,
            "index": call.index,
            "id": call.id,
            "type": fragment.get("type") or "function",
        }
        function = fragment.get("function")
        if isinstance(function, dict):
            call.held = (call.held or "") + arguments(function.get("arguments"))
            if not function.get("name"):
                return []
            opening["function"] = {**function, "arguments": call.held}
        call.held = None
        return [opening]

    def _continued(self, call: _Call, fragment: dict[str, Any]) -> list[dict[str, Any]]:
        function = fragment.get("function")
        kept = {k: v for k, v in fragment.items() if k not in ("id", "type", "function")}
        kept["index"] = call.index
        if isinstance(function, dict):
            kept["function"] = {"arguments": arguments(function.get("arguments"))}
        return [kept] if len(kept) > 1 else []


def _name(fragment: dict[str, Any]) -> Any:
    function = fragment.get("function")
    return function.get("name") if isinstance(function, dict) else None
