"""Canary secrets are pushed through every path; then every output is searched for them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from orouter.db.engine import Server
from orouter.services.key_secrets import generate
from tests.live.gateway import SECRET_KEY, Gateway
from tests.live.siege import HI, KEYS, issue
from tests.live.upstream import Reply, Upstream, chunk, events, plain

PROVIDER_KEY = "canary-of-the-provider-4711"
HEADER_VALUE = "canary-of-a-header-4711"
PASSWORD = "canary-of-the-database-4711"
PROMPT = "canary-of-a-prompt-4711"
STRAY = "sk-canary-of-a-stray-key-4711"
ENVIRONMENTS = {"sqlite": "production", "postgresql": "development"}

pytestmark = pytest.mark.parametrize("own_url", ENVIRONMENTS, indirect=True, scope="module")


@dataclass
class Sieve:
    """A gateway with canaries in its configuration, and all that came out of it."""

    gateway: Gateway
    server: Server
    keys: dict[str, str]
    upstream: Upstream
    unknown: str = field(default_factory=generate)
    out: list[str] = field(default_factory=list)

    @property
    def canaries(self) -> dict[str, str]:
        issued = {f"the key '{name}'": key for name, key in self.keys.items()}
        ours = {"provider key": PROVIDER_KEY, "header": HEADER_VALUE, "password": PASSWORD}
        sent = {"unknown key": self.unknown, "stray key": STRAY, "prompt": PROMPT}
        return {**issued, **ours, **sent, "secret key": SECRET_KEY}

    def send(self, method: str, path: str, key: str = "", **options: Any) -> httpx.Response:
        """A request whose whole answer is kept."""
        headers = {
            "authorization": f"Bearer {key or self.keys['write']}",
            "x-api-key": STRAY,
            "cookie": f"session={STRAY}",
            **options.pop("headers", {}),
        }
        url = self.gateway.url + path
        answer = httpx.request(method, url, headers=headers, timeout=20, **options)
        self.out += [answer.text, str(answer.headers)]
        return answer

    def chat(self, key: str = "", **fields: Any) -> httpx.Response:
        messages = [*HI, {"role": "user", "content": PROMPT}]
        body = {"model": "openai/gpt-4", "messages": messages, **fields}
        return self.send("POST", "/v1/chat/completions", key, json=body)

    def leaks(self, *texts: str) -> list[str]:
        """What is found in the texts: names of canaries."""
        whole = "\n".join(texts)
        return [name for name, value in self.canaries.items() if value[4:] in whole]

    def stored(self) -> str:
        """Every value of every table, as text."""
        engine = self.server.migration_engine()
        metadata = sa.MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            rows = [connection.execute(sa.select(t)).all() for t in metadata.sorted_tables]
        engine.dispose()
        return str(rows)


@pytest.fixture(scope="module")
def sieve(
    own_url: str, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sieve]:
    url = sa.make_url(own_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(password=PASSWORD)
    whole = url.render_as_string(hide_password=False)
    openai = {
        "type": "openai",
        "api_key": PROVIDER_KEY,
        "base_url": f"{provider.url}/v1",
        "headers": {"x-team": HEADER_VALUE},
    }
    gateway = Gateway(
        tmp_path_factory.mktemp("sieve"),
        whole,
        providers={"openai": openai},
        routing={"timeout_s": 1, "max_retries": 0},
        server={"environment": ENVIRONMENTS[url.get_backend_name()]},
        logging={"level": "DEBUG", "format": "json"},
    )
    sieve = Sieve(gateway, Server(whole), issue(whole, KEYS), provider)
    gateway.start("--host", "127.0.0.1")
    yield sieve
    gateway.stop()
    assert not sieve.leaks(gateway.logged), "at the end"


def test_the_provider_gets_its_secrets_and_not_the_callers(sieve: Sieve) -> None:
    sieve.upstream.forget()
    assert sieve.chat().status_code == 200
    [served] = sieve.upstream.served
    assert served.headers["authorization"] == f"Bearer {PROVIDER_KEY}"
    assert served.headers["x-team"] == HEADER_VALUE
    assert not {name for name in sieve.leaks(str(served)) if "key '" in name or "stray" in name}
    sieve.out.clear()  # the answer was the prompt


def test_keys_that_are_refused_are_not_repeated(sieve: Sieve) -> None:
    for key in (sieve.unknown, STRAY, sieve.keys["write"][:-1] + "_", f"x {STRAY}"):
        assert sieve.chat(key).status_code == 401
        assert sieve.send("GET", f"/v1/key?key={STRAY}", key).status_code == 401
        assert sieve.send("GET", "/api/v1/keys", key).status_code in (401, 404)
    assert sieve.chat(sieve.keys["read"]).status_code == 403
    assert sieve.leaks(*sieve.out) == []


def test_keys_in_the_wrong_place_are_not_repeated(sieve: Sieve) -> None:
    key = sieve.keys["write"]
    assert sieve.send("GET", f"/v1/models/openai/{key}").status_code == 404
    assert sieve.send("GET", f"/v1/generation?id={key}").status_code == 404
    assert sieve.send("GET", f"/v1/key?key={key}", headers={"x-request-id": key}).is_success
    assert sieve.chat(model=f"openai/{key}").status_code == 404
    for wrong in ({"temperature": key}, {"stop": [1, key]}, {key: 1, "n": 0}, {"user": 5}):
        assert sieve.chat(**wrong).status_code == 400
    assert sieve.leaks(*sieve.out) == []


def echoing(sieve: Sieve) -> dict[str, Any]:
    """An error that repeats everything it got."""
    told = f"{PROVIDER_KEY} for {HEADER_VALUE} of {sieve.keys['write']}, Bearer {PROVIDER_KEY}"
    return {"error": {"message": told, "param": HEADER_VALUE, "code": PROVIDER_KEY, "type": told}}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("stream", [False, True])
def test_what_a_provider_echoes_is_not_passed_on(sieve: Sieve, status: int, stream: bool) -> None:
    sieve.upstream.forget()
    sieve.upstream.answers(plain(echoing(sieve), status, x_team=HEADER_VALUE))
    assert sieve.chat(stream=stream, model="openai/gpt-4o").status_code >= 400
    page = f"<html>{PROVIDER_KEY} {HEADER_VALUE}</html>".encode()
    sieve.upstream.answers(Reply(status, [page], {"content-type": "text/html"}))
    assert sieve.chat(stream=stream, model="openai/gpt-4o").status_code >= 400
    sieve.upstream.answers(events(chunk({"content": "one"}), echoing(sieve)))
    sieve.chat(stream=True)
    assert sieve.leaks(*sieve.out) == []


def test_a_fault_of_ours_tells_only_development_and_no_secret(sieve: Sieve) -> None:
    rename = "ALTER TABLE {} RENAME TO {}"
    engine = sieve.server.migration_engine()
    with engine.begin() as connection:
        connection.exec_driver_sql(rename.format("api_keys", "gone"))
    try:
        answer = sieve.send("GET", "/v1/key")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(rename.format("gone", "api_keys"))
        engine.dispose()
    assert answer.status_code >= 500
    error = answer.json()["error"]
    production = ENVIRONMENTS[sieve.server.url.get_backend_name()] == "production"
    assert "Traceback" not in answer.text
    if production:
        assert "detail" not in error
        assert "api_keys" not in answer.text
    assert sieve.leaks(*sieve.out) == []


COMMANDS = (
    ("config", "show"),
    ("config", "show", "--origin", "-o", "json"),
    ("--debug", "key", "list", "-o", "json"),
    ("--debug", "key", "show", "nobody"),
    ("--debug", "logs", "list"),
)


def test_the_command_line_shows_no_secret(sieve: Sieve) -> None:
    for command in COMMANDS:
        assert sieve.leaks(*both(sieve.gateway, *command)) == []


def test_the_command_line_shows_no_secret_of_a_database_that_is_away(sieve: Sieve) -> None:
    away = Gateway(sieve.gateway.folder / "away", f"mysql://root:{PASSWORD}@127.0.0.1:1/x")
    for command in (("--debug", "key", "list"), ("--debug", "db", "check"), ("serve",)):
        shown = both(away, *command)
        assert shown[1]
        assert sieve.leaks(*shown) == []


def both(gateway: Gateway, *command: str) -> tuple[str, str]:
    """Standard output and standard error of a command, however it ends."""
    done = gateway.process(*command)
    return done.stdout, done.stderr


def test_no_secret_is_in_any_log_journal_or_table(sieve: Sieve) -> None:
    written = [path for path in sieve.gateway.folder.rglob("*") if path.is_file()]
    texts = {path: path.read_bytes().decode("latin-1") for path in written}
    texts = {path: text for path, text in texts.items() if path.name != "orouter.yaml"}
    assert any("journal" in path.parts for path in texts)
    found = {path.name: sieve.leaks(text) for path, text in texts.items()}
    assert {name: leaks for name, leaks in found.items() if leaks} == {}
    assert sieve.leaks(sieve.stored()) == []


def test_every_line_of_the_log_is_one_json_object(sieve: Sieve) -> None:
    sieve.send("GET", "/v1/models/a%0a%1b[31m%0d%00%e2%80%a8b")
    sieve.send("GET", '/v1/models/","status":200,"x":"')
    sieve.chat(model="openai/a\n\x1b[31m\u2028b")
    lines = (sieve.gateway.folder / "logs" / "orouter.log").read_text().split("\n")
    requests = [
        event for event in map(json.loads, filter(None, lines)) if event["event"] == "request"
    ]
    wanted = {"timestamp", "request_id", "method", "path", "status", "latency_us"}
    assert all(wanted <= event.keys() for event in requests)
    chats = [event for event in requests if event.get("provider")]
    assert chats
    assert all({"org_id", "key_id", "model"} <= event.keys() for event in chats)
    assert {event["status"] for event in requests} >= {200, 400, 401, 403, 404, 502}
