"""What callers send that is no chat request: a 4xx with the reason, and no provider is called."""

from collections.abc import Callable
from typing import Any

import pytest

from orouter.services.key_secrets import generate
from tests.live.siege import MAX_BODY, ORIGIN, Siege
from tests.live.upstream import plain

MESSAGES = '"messages":[{"role":"user","content":"x"}]'


OBJECTS = '{"a":' * 5000 + "1" + "}" * 5000


def request(more: str = "", messages: str = MESSAGES) -> bytes:
    return f'{{"model":"openai/gpt-4",{more}{messages}}}'.encode()


def saying(content: str) -> bytes:
    return request(messages=f'"messages":[{{"role":"user","content":{content}}}]')


BODIES: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"hello",
    "the beginning of JSON": b'{"model":',
    "a list": b"[]",
    "null": b"null",
    "two values": request() * 2,
    "something behind": request() + b" x",
    "a comment": b"/* */" + request(),
    "NaN": request('"temperature":NaN,'),
    "Infinity in an unknown field": request('"extra":Infinity,'),
    "1e999": request('"temperature":1e999,'),
    "1e999 in an unknown field": request('"extra":[1e999],'),
    "an integer of 5000 digits": request(f'"extra":{"9" * 5000},'),
    "100,000 levels": request(f'"extra":{"[" * 100_000}{"]" * 100_000},'),
    "65 levels": request(f'"extra":{"[" * 65}{"]" * 65},'),
    "5,000 objects": request(f'"extra":{OBJECTS},'),
    "invalid UTF-8": saying('"?"').replace(b"?", b"\xff"),
    "an overlong encoding": saying('"?"').replace(b"?", b"\xc0\xaf"),
    "a byte order mark": b"\xef\xbb\xbf" + request(),
    "UTF-16": request().decode().encode("utf-16"),
    "half a surrogate pair": saying('"\\ud800"'),
    "a pair the wrong way round": saying('"\\udc00\\ud800"'),
    "half a pair as a key": request('"\\ud800":1,'),
    "a key twice": request('"model":"demo/echo",'),
    "a key twice, with a blank": request('"model" :"demo/echo",'),
    "a key twice, escaped": request('"\\u006dodel":"demo/echo",'),
    "a number as content": saying("1"),
    "an object as content": saying("{}"),
    "no content": saying("null"),
    "messages as text": request(messages='"messages":"x"'),
    "no messages": request(messages='"messages":[]'),
    "2,049 messages": request(
        messages='"messages":[' + ",".join(['{"role":"user","content":"x"}'] * 2049) + "]"
    ),
    "an unknown role": request(messages='"messages":[{"role":"wizard","content":"x"}]'),
    "stream as text": request('"stream":"yes",'),
    "negative max_tokens": request('"max_tokens":-1,'),
    "half a token": request('"max_tokens":1.5,'),
    "a billion choices": request('"n":1000000000,'),
    "a seed of 30 digits": request(f'"seed":{"9" * 30},'),
    "numbers as tools": request('"tools":[1],'),
    "numbers as stop": request('"stop":[1],'),
    "an image without address": saying('[{"type":"image_url","image_url":{}}]'),
    "a model of 5,000 characters": request().replace(b"openai/gpt-4", b"a" * 5000),
    "a number as model": request().replace(b'"openai/gpt-4"', b"4"),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_not_valid_reaches_no_provider(siege: Siege, name: str) -> None:
    answer = siege.post(BODIES[name])
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["code"] == "invalid_request"
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert error["request_id"] == answer.headers["x-request-id"]
    assert siege.upstream.served == []


HEADERS: list[tuple[str, str, int]] = [
    ("content-type", "text/plain", 200),
    ("content-type", "application/x-www-form-urlencoded", 200),
    ("content-encoding", "identity", 200),
    ("content-encoding", "gzip", 415),
    ("content-encoding", "br, identity", 415),
]


@pytest.mark.parametrize(("name", "value", "status"), HEADERS)
def test_only_the_encoding_of_a_body_matters(
    siege: Siege, name: str, value: str, status: int
) -> None:
    answer = siege.post(request(), **{name: value})
    assert answer.status_code == status
    assert len(siege.upstream.served) == (status == 200)


def test_a_body_may_be_as_long_as_allowed_and_no_longer(siege: Siege) -> None:
    whole = request().ljust(MAX_BODY)
    assert siege.post(whole).status_code == 200
    siege.upstream.forget()
    refused = siege.post(whole + b" ")
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "body_too_large"
    assert siege.upstream.served == []


def test_a_model_name_changes_neither_address_nor_headers_of_the_provider(siege: Siege) -> None:
    name = "raw/../../admin?x=1#\\r\\nx-evil: 1"
    siege.raw.plays(lambda _: None)
    answer = siege.post(request().replace(b"openai/gpt-4", name.encode()))
    assert answer.status_code == 503
    assert "evil" not in str(answer.headers)


METHODS = {
    "/v1/chat/completions": ("POST", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]),
    "/v1/models": ("GET", ["POST", "HEAD", "PUT", "OPTIONS"]),
    "/v1/models/openai/gpt-4": ("GET", ["POST", "DELETE"]),
    "/v1/key": ("GET", ["POST"]),
    "/v1/generation": ("GET", ["POST"]),
}


@pytest.mark.parametrize("path", METHODS)
def test_other_methods_are_refused_by_name(siege: Siege, path: str) -> None:
    allowed, others = METHODS[path]
    for method in others:
        answer = siege.client.request(method, siege.gateway.url + path, headers=siege.bearer)
        assert answer.status_code == 405
        assert answer.headers["allow"] == allowed


def preflight(siege: Siege, origin: str) -> Any:
    asked = {"origin": origin, "access-control-request-method": "POST"}
    url = f"{siege.gateway.url}/v1/chat/completions"
    return siege.client.options(url, headers=asked)


def test_browsers_of_configured_origins_are_let_in(siege: Siege) -> None:
    allowed = preflight(siege, ORIGIN)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in allowed.headers["access-control-allow-headers"]
    assert "content-length" not in allowed.headers
    answer = siege.get("/v1/models", origin=ORIGIN)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "x-generation-id" in answer.headers["access-control-expose-headers"]
    assert siege.get("/v1/models", "bad", origin=ORIGIN).headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ORIGIN + ".evil.example", "*"])
def test_browsers_of_other_origins_are_not(siege: Siege, origin: str) -> None:
    refused = preflight(siege, origin)
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "permission_denied"
    for answer in (refused, siege.get("/v1/models", origin=origin)):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("given", ["abc-1", "A.b:c_9", "x" * 128])
def test_a_plain_request_id_is_kept(siege: Siege, given: str) -> None:
    assert siege.get("/v1/models", **{"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "<script>", "x" * 129, '{"a":1}', "a\tb"])
def test_an_odd_request_id_is_replaced(siege: Siege, given: str) -> None:
    for path in ("/v1/models", "/api/v1/nothing"):
        answer = siege.get(path, **{"x-request-id": given})
        assert answer.headers["x-request-id"].startswith("req_")


def test_health_asks_for_no_key_and_takes_head(siege: Siege) -> None:
    for path in ("/health", "/health/ready"):
        url = siege.gateway.url + path
        assert siege.client.get(url).status_code == 200
        assert siege.client.head(url).status_code == 200
    assert siege.client.get(f"{siege.gateway.url}/health/ready").json()["database"] == "ok"


IDS: list[tuple[str, int]] = [
    ("", 400),
    ("?id=", 400),
    ("?id=a&id=b", 400),
    ("?id=01ARZ3NDEKTSV4RRFFQ69G5FAV", 404),
    ("?id=%00", 404),
    ("?id=%ff", 404),
    ("?id=' OR 1=1 --", 404),
    ("?id=" + "a" * 10_000, 404),
]


@pytest.mark.parametrize(("query", "status"), IDS)
def test_generation_ids_that_are_none(siege: Siege, query: str, status: int) -> None:
    assert siege.get(f"/v1/generation{query}").status_code == status


def test_a_generation_is_seen_by_its_key_and_by_the_administrator_only(siege: Siege) -> None:
    answer = siege.ask("openai/gpt-4")
    assert siege.usage(answer.headers["x-request-id"])
    path = f"/v1/generation?id={answer.headers['x-generation-id']}"
    shown = siege.get(path).json()["data"]
    assert shown["provider"] == "openai"
    assert (shown["input_tokens"], shown["output_tokens"]) == (7, 3)
    assert (shown["attempts"], shown["status"]) == (1, 200)
    assert shown["latency_ms"] > 0
    assert float(shown["cost_usd"]) > 0
    assert siege.get(path, "admin").status_code == 200
    assert siege.get(path, "read").status_code == 404
    assert siege.get(path, "stranger").status_code == 404


REFUSED: dict[str, Callable[[Siege], Any]] = {
    "no key": lambda s: s.client.get(s.gateway.url + "/v1/models"),
    "nonsense": lambda s: s.get("/v1/models", "nonsense"),
    "another scheme": lambda s: s.client.get(
        s.gateway.url + "/v1/models", headers={"authorization": f"Basic {s.keys['write']}"}
    ),
    "a key with a wrong last letter": lambda s: s.get("/v1/models", s.keys["write"][:-1] + "_"),
    "a well-formed key that nobody has": lambda s: s.get("/v1/models", generate()),
    "SQL": lambda s: s.get("/v1/models", "' OR 1=1 --"),
    "50 KB": lambda s: s.get("/v1/models", "a" * 50_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_every_bad_key_gets_the_same_answer(siege: Siege, name: str) -> None:
    answer = REFUSED[name](siege)
    assert answer.status_code == 401
    told = {**answer.json()["error"], "request_id": ""}
    assert told == {**siege.get("/v1/key", "x").json()["error"], "request_id": ""}


def test_a_key_that_may_only_read_does_not_spend(siege: Siege) -> None:
    answer = siege.ask("openai/gpt-4", "read")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "permission_denied"
    assert siege.upstream.served == []


def test_production_tells_nothing_of_a_fault(siege: Siege) -> None:
    siege.upstream.answers(plain({"error": {"message": "boom"}}, 400))
    answer = siege.post(request())
    assert answer.status_code == 400
    assert answer.json()["error"].keys() == {"message", "type", "param", "code", "request_id"}
