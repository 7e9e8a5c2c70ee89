import json
from contextlib import suppress
from typing import Any

from orouter.api.access_lines import with_line
from orouter.logs import AccessLog

SCOPE = {"type": "http", "method": "GET", "path": "/api/v1/orgs", "query_string": b""}


async def lines_of(app: Any, headers: list[tuple[bytes, bytes]]) -> tuple[list[Any], list[Any]]:
    """What was sent, and the access lines."""
    sent: list[Any] = []
    lines: list[Any] = []
    log = AccessLog(lambda block: lines.extend(map(json.loads, block.splitlines())))

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    with suppress(RuntimeError):
        await with_line(app, log.write, {**SCOPE, "headers": headers}, receive, send)
    log.close()
    return sent, lines


async def answers(scope: Any, _: Any, send: Any) -> None:
    seen = dict(scope["headers"])[b"x-request-id"]
    headers = [(b"X-Request-Id", b"own"), (b"x-seen", seen)]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def breaks(*_: Any) -> None:
    raise RuntimeError("broken")


async def test_one_id_for_the_request_its_answer_and_its_line() -> None:
    for given in ([], [(b"x-request-id", b"mine-1")], [(b"x-request-id", b"not\tone")]):
        sent, [line] = await lines_of(answers, given)
        headers = sent[0]["headers"]
        ids = [value for name, value in headers if name.lower() == b"x-request-id"]
        assert ids == [dict(headers)[b"x-seen"]] == [line["request_id"].encode()]
        assert (line["status"], line["path"]) == (201, "/api/v1/orgs")
    assert line["request_id"] != "not\tone"


async def test_what_breaks_has_its_line_too() -> None:
    _, [line] = await lines_of(breaks, [])
    assert line["method"] == "GET"
