"""One answer and one access line for whatever happens in a handler."""

import json
from typing import Any

import msgspec
import pytest

from orouter.api import data_plane
from orouter.api.asgi_exchange import AsgiExchange
from orouter.api.data_plane import DataPlane, Route
from orouter.api.exchange import ClientGone, Exchange
from orouter.errors import DatabaseUnavailable
from orouter.logs import AccessLog
from orouter.services.gateway import Gateway
from tests.services.serving_parts import gateway

SECRET = "sk-proj-quoted-by-a-library"


class Caller:
    """Sends one request without a body and keeps what comes back."""

    def __init__(self, *, show_detail: bool = False) -> None:
        self.sent: list[Any] = []
        self.lines: list[dict[str, Any]] = []
        self._log = AccessLog(lambda lines: self.lines.extend(map(json.loads, lines.splitlines())))
        self._plane = DataPlane(self._log)
        of = gateway()
        of.plan = msgspec.structs.replace(of.plan, show_detail=show_detail)
        self._plane.gateway = of

    async def call(self, handler: data_plane.Handler, **scope: Any) -> dict[str, Any]:
        """The error that was answered, or nothing."""
        whole = {"method": "GET", "path": "/v1/x", "headers": [], "query_string": b"", **scope}
        exchange = AsgiExchange(whole, self._receive, self._send)
        await self._plane.serve(Route("GET", "/v1/x", handler), exchange)
        self._log.close()
        body = b"".join(message.get("body", b"") for message in self.sent)
        error: dict[str, Any] = json.loads(body or b"{}").get("error", {})
        return error

    async def _receive(self) -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


async def breaks(_: Gateway, __: Exchange) -> None:
    raise RuntimeError(f"no such column in api_keys: {SECRET}")


async def is_cut_off(_: Gateway, __: Exchange) -> None:
    raise DatabaseUnavailable("The database does not answer.") from OSError("10.0.0.7 refused")


async def loses_its_caller(_: Gateway, __: Exchange) -> None:
    raise ClientGone


async def answers(_: Gateway, exchange: Exchange) -> None:
    await exchange.json({"ok": True})


async def test_a_fault_of_ours_is_a_500_that_tells_nothing() -> None:
    caller = Caller()
    error = await caller.call(breaks)
    assert error.keys() == {"message", "type", "param", "code", "request_id"}
    assert "api_keys" not in str(caller.sent)
    [line] = caller.lines
    assert (line["status"], line["code"]) == (500, "internal_error")
    assert line["request_id"] == error["request_id"]


async def test_development_is_told_the_cause_without_its_secrets() -> None:
    error = await Caller(show_detail=True).call(breaks)
    assert error["detail"].startswith("RuntimeError: no such column in api_keys")
    assert SECRET not in error["detail"]


@pytest.mark.parametrize("show_detail", [False, True])
async def test_a_refusal_keeps_its_status_and_code(show_detail: bool) -> None:
    caller = Caller(show_detail=show_detail)
    error = await caller.call(is_cut_off)
    assert error["code"] == "database_unavailable"
    assert ("detail" in error) == show_detail
    assert caller.lines[0]["status"] == 503


async def test_a_caller_that_left_is_a_line_of_its_own() -> None:
    caller = Caller()
    assert await caller.call(loses_its_caller) == {}
    assert caller.lines[0]["status"] == 499


async def test_a_long_path_is_logged_in_part() -> None:
    caller = Caller()
    await caller.call(answers, path="/v1/models/" + "a" * 60_000)
    assert len(caller.lines[0]["path"]) <= 256


async def test_control_characters_stay_inside_their_line() -> None:
    caller = Caller()
    await caller.call(answers, path='/v1/\n{"event":"forged"}\x1b[31m')
    [line] = caller.lines
    assert line["path"] == '/v1/\n{"event":"forged"}\x1b[31m'


async def test_other_methods_are_refused() -> None:
    error = await Caller().call(answers, method="DELETE")
    assert error["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/models", "/v1/models"),
        ("/v1/models/a/b", "/v1/models/"),
        ("/v1/models/", None),
        ("/v1/modelsx", None),
        ("/v2/models", None),
    ],
)
def test_routes_are_found_by_their_exact_path(path: str, found: str | None) -> None:
    route = data_plane.find(path)
    assert (route.path if route else None) == found
