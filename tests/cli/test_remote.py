"""``orouter --server``: the same commands over HTTP, with the same output."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from orouter.cli.main import main
from orouter.cli.remote import Remote
from orouter.cli.routes import ROUTES
from orouter.errors import InvalidRequest
from tests.cli.conftest import Result, Run
from tests.live.gateway import Gateway, free_port

DEMO = {"demo": {"type": "demo", "enabled": True}}
SLASHES = "a/b"


class Place:
    """A server with an organization that was used, and commands beside it and over HTTP."""

    def __init__(self, gateway: Gateway, token: str, run: Run) -> None:
        self.gateway, self.token, self._run = gateway, token, run

    def here(self, *argv: str, **how: Any) -> Result:
        return self._run("--config", str(self.gateway.config), *argv, **how)

    def there(self, *argv: str, **how: Any) -> Result:
        os.environ["OROUTER_TOKEN"] = self.token
        try:
            return self._run("--server", self.gateway.url, *argv, **how)
        finally:
            del os.environ["OROUTER_TOKEN"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, str]]:
    folder = tmp_path_factory.mktemp("served")
    gateway = Gateway(folder, f"sqlite:///{folder}/orouter.db", providers=DEMO)
    gateway.configure(
        f"sqlite:///{folder}/orouter.db",
        {"providers": DEMO, "reporting_timezone": "Asia/Shanghai"},
    )
    gateway.run("init")
    gateway.run("org", "create", "acme")
    token = gateway.run("key", "issue", "--org", "acme", "--name", "admin", "--permission", "admin")
    gateway.run("limits", "set", "acme", "--requests", "100")
    gateway.start()
    for content in ("one", "two"):
        body = {"model": "demo/echo", "messages": [{"role": "user", "content": content}]}
        headers = {"authorization": f"Bearer {token}"}
        url = f"{gateway.url}/v1/chat/completions"
        assert httpx.post(url, json=body, headers=headers, timeout=10).status_code == 200
    while len(gateway.run("logs", "list", "-q").splitlines()) < 2:
        pass
    yield gateway, token
    gateway.stop()


@pytest.fixture(scope="module")
def person(served: tuple[Gateway, str]) -> str:
    """The token of a superadmin."""
    gateway, _ = served
    gateway.run("user", "create", "ada@example.com", "--role", "superadmin")
    return gateway.run("user", "token", "ada@example.com", "--issue", "laptop")


@pytest.fixture
def home(served: tuple[Gateway, str], person: str, bare: Run) -> Place:
    """The same place with a superadmin's token."""
    return Place(served[0], person, bare)


@pytest.fixture
def place(served: tuple[Gateway, str], bare: Run) -> Place:
    return Place(*served, bare)


READ = [
    "org list",
    "org show acme",
    "key list",
    "key list --org acme --permission admin --created-after 2026-01-01",
    "key show acme/admin",
    "limits show",
    "limits show acme",
    "limits show --key acme/admin",
    "stats show --by org,model",
    "stats show --day today --by hour --tz America/New_York",
    "stats top --by key --measure requests",
    "stats watch --times 1",
    "logs list --limit 1",
    "logs list --since 1d --model demo/echo",
    "logs tail -n 1",
    "model list --provider demo",
    "model show demo/echo",
]


@pytest.mark.parametrize("form", ["json", "plain", "table"])
@pytest.mark.parametrize("line", READ)
def test_what_is_read_is_the_same_over_http(place: Place, line: str, form: str) -> None:
    argv = [*line.split(), "-o", form]
    here, there = place.here(*argv), place.there(*argv)
    assert (here.code, there.code) == (0, 0), there.err
    assert _standing_still(there.out) == _standing_still(here.out)
    assert there.out != ""


READ_BY_A_SUPERADMIN = [
    "org list",
    "key show acme/admin",
    "limits show",
    "stats show --by org,model",
    "user list",
    "user show ada@example.com",
    "audit list",
    "model list --provider demo",
    "model list --search GPT-4.1 --unpriced",
    "model show openai/gpt-4.1",
    "model price openai/gpt-4.1",
    "provider list",
    "provider show demo",
]


@pytest.mark.parametrize("form", ["json", "plain"])
@pytest.mark.parametrize("line", READ_BY_A_SUPERADMIN)
def test_what_a_superadmin_reads_is_the_same_over_http(home: Place, line: str, form: str) -> None:
    argv = [*line.split(), "-o", form]
    here, there = home.here(*argv), home.there(*argv)
    assert (here.code, there.code) == (0, 0), there.err
    assert _standing_still(there.out) == _standing_still(here.out)


def _standing_still(text: str) -> str:
    """Without what grows with the clock: where use is heading."""
    return re.sub(r'"projected": \S+|(?<=\t)\S*(?=\t2026-1\S+$)', "", text, flags=re.MULTILINE)


def test_one_request_is_the_same(place: Place) -> None:
    newest = place.here("logs", "list", "-q", "--limit", "1").out.strip()
    argv = ("logs", "show", newest, "-o", "json")
    assert place.there(*argv).out == place.here(*argv).out != ""


def test_a_key_lives_its_whole_life_over_http(place: Place) -> None:
    secret = place.there("key", "issue", "--org", "acme", "--name", SLASHES, "--expires", "90d").out
    assert re.fullmatch(r"ork_\w+\n", secret)
    again = ("key", "issue", "--org", "acme", "--name", SLASHES)
    assert place.there(*again).code == 5
    assert place.there(*again, "--if-not-exists", "-q").code == 0
    shown = json.loads(place.there("key", "verify", "-", "-o", "json", input=secret).out)
    assert (shown["name"], shown["org_name"]) == (SLASHES, "acme")
    ref = f"acme/{SLASHES}"
    assert json.loads(place.there("key", "show", ref, "-o", "json").out) == shown
    for verb, status in (("disable", "disabled"), ("enable", "active")):
        assert f'"status": "{status}"' in place.there("key", verb, ref, "-o", "json").out
    place.there("key", "update", ref, "--description", "more", "--expires", "never")
    changed = json.loads(place.here("key", "show", ref, "-o", "json").out)
    assert (changed["description"], changed["expires_at"]) == ("more", None)
    rotated = place.there("key", "rotate", ref, "--grace", "1h").out
    for opens in (secret, rotated):
        assert place.here("key", "verify", "-", input=opens).code == 0


def test_a_key_is_deleted_only_when_it_is_meant(place: Place) -> None:
    place.there("key", "issue", "--org", "acme", "--name", "old")
    refused = place.there("key", "delete", "acme/old")
    assert (refused.code, "--yes" in refused.err) == (9, True)
    tried = json.loads(place.there("key", "delete", "acme/old", "--dry-run", "-o", "json").out)
    assert tried["status"] == "deleted"
    assert place.here("key", "show", "acme/old").code == 0
    assert place.there("key", "delete", "acme/old", "--yes").code == 0
    assert place.here("key", "show", "acme/old").code == 3
    assert place.there("key", "restore", tried["id"]).code == 0


@pytest.mark.parametrize("form", ["json", "plain"])
def test_limits_are_checked_there_as_here(place: Place, form: str) -> None:
    argv = ("limits", "check", "--threshold", "2", "-o", form)
    here, there = place.here(*argv), place.there(*argv)
    assert (there.code, there.out, there.err) == (6, here.out, here.err)
    assert "acme" in there.out
    assert place.there("limits", "check").code == 0


@pytest.mark.parametrize("line", ["--csv --by day", "--detail --json", "--ndjson --gzip"])
def test_exports_are_the_same_bytes(place: Place, tmp_path: Path, line: str) -> None:
    argv = ("stats", "export", "--month", "this", *line.split(), "--out")
    assert place.here(*argv, "here").code == place.there(*argv, "there").code == 0
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes() != b""


def test_an_export_is_named_by_the_servers_month(place: Place, tmp_path: Path) -> None:
    done = place.there("stats", "export", "--month", "2026-10", "--out", "usage-{month}.csv")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (tmp_path / "usage-2026-10.csv").read_text().startswith("period,org_id,")


def test_a_chat_and_an_env_file_go_to_the_server(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.there("key", "issue", "--org", "acme", "--name", "env", "--env-file", "e")
    assert f"OPENAI_BASE_URL={place.gateway.url}/v1\n" in (tmp_path / "e").read_text()
    monkeypatch.setenv("OROUTER_KEY", place.token)
    assert "Hello" in place.there("chat", "Hello", "-m", "demo/echo").out


CANARY = "canary-of-a-provider-key-7777"


def test_a_provider_lives_its_whole_life_over_http(home: Place) -> None:
    url = ("--base-url", "https://mine.invalid/v1")
    added = home.there("provider", "add", "mine", *url, "--api-key-stdin", input=CANARY)
    assert added.code == 0, added.err
    shown = ("provider", "show", "mine", "-o", "json")
    assert home.there("provider", "update", "mine", "--timeout-s", "7").code == 0
    for verb, on in (("disable", False), ("enable", True)):
        assert home.there("provider", verb, "mine", "-q").out == "mine\n"
        found = json.loads(home.there(*shown).out)
        assert (found["enabled"], found["timeout_s"], found["keys"]) == (on, 7, 1)
    assert home.there(*shown).out == home.here(*shown).out
    assert CANARY not in home.there(*shown).out
    tried = home.there("provider", "test", "mine")
    assert (tried.code, "mine#1" in tried.out) == (7, True)
    assert home.there("provider", "test", "-q").lines == ["demo#1", "mine#1"]
    refused = home.there("provider", "remove", "mine", "--dry-run")
    assert (refused.code, "not over HTTP" in refused.err) == (2, True)
    assert home.there("provider", "remove", "mine").code == 9
    assert home.there("provider", "remove", "mine", "--yes", "-q").out == "mine\n"
    assert (home.there(*shown).code, home.here(*shown).code) == (3, 3)


def test_a_price_is_set_and_forgotten_over_http(home: Place) -> None:
    name = "openai/gpt-4.1"
    done = home.there("model", "price", name, "--input", "$2.5", "--cache-write", "3", "-o", "json")
    assert json.loads(done.out)["set_by"] == {"input": "stored", "cache_write": "stored"}
    for argv in (("model", "price", name), ("model", "show", name)):
        assert home.there(*argv).out == home.here(*argv).out != ""
    back = json.loads(home.there("model", "price", name, "--unset", "-o", "json").out)
    assert (back["input"], back["set_by"]) == ("2", {})
    mistyped = home.there("model", "price", "openai/gpt-4.l", "--input", "1")
    assert (mistyped.code, name in mistyped.err) == (3, True)


@pytest.mark.parametrize("form", ["json", "plain"])
def test_settings_are_the_same_over_http(home: Place, form: str) -> None:
    argv = ("config", "show", "--origin", "-o", form)
    here = [line for line in _settings(home.here(*argv), form) if "/" not in line["setting"]]
    there = _settings(home.there(*argv), form)
    sections = ("providers.", "models", "aliases", "fallbacks", "tracing.headers")
    assert there == [line for line in here if not line["setting"].startswith(sections)]


def _settings(done: Result, form: str) -> list[dict[str, Any]]:
    assert done.code == 0, done.err
    if form == "json":
        lines: list[dict[str, Any]] = json.loads(done.out)
        return lines
    names, *rows = (line.split("\t") for line in done.lines)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_a_setting_is_stored_and_forgotten_over_http(home: Place) -> None:
    path = "routing.max_retries"
    assert home.there("config", "set", path, "1", "-q").out == f"{path}\n"
    assert f"{path}\t1\tstored" in home.there("config", "show", "--origin").lines
    assert f"{path}\t1\tstored" in home.here("config", "show", "--origin").lines
    assert home.there("config", "set", "server.cors_origins", '["https://a.example"]').code == 0
    assert home.there("config", "unset", "server.cors_origins").code == 0
    assert home.there("config", "unset", path).err == f"{path} is forgotten.\n"
    again = home.there("config", "unset", path)
    assert (again.code, again.err) == (0, f"{path} was not stored.\n")
    for line in ("set server.port 9", f"set {path} many"):
        assert home.there("config", *line.split()).code == 2
    for line in ("unset models.openai/x.context", "set models.openai/x.context 5"):
        assert home.there("config", *line.split()).code == 3


def test_the_status_is_told_over_http(home: Place) -> None:
    here, there = (json.loads(at("status", "-o", "json").out) for at in (home.here, home.there))
    assert there["database"].startswith("sqlite ")
    assert there["last_request_at"][:19] == here["last_request_at"][:19]
    for told in (here, there):
        del told["database"], told["last_request_at"]
    assert there == here


def test_a_superadmin_creates_and_limits_over_http(home: Place) -> None:
    assert home.there("org", "create", "beta", "-q").code == 0
    argv = ("limits", "set", "beta", "--requests", "5", "-o", "json")
    assert home.there(*argv).out == home.here("limits", "show", "beta", "-o", "json").out != ""
    assert home.there("org", "delete", "beta", "--yes").code == 0


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("provider list", 4, "providers.read"),
        ("model price demo/echo --input 1 --output 1", 4, "models.write"),
        ("org create other", 4, "orgs.write"),
        ("org show acmee", 3, "No such organization"),
        ("key show acme/nobody", 3, "No such key"),
        ("key show /", 3, "No such key"),
        ("stats show --by org --month soon", 2, "month"),
        ("config show", 4, "settings.read"),
        ("status", 4, "system.read"),
        ("limits set acme --requests 5", 4, "limits.write"),
    ],
)
def test_what_is_refused_there_is_told_as_here(
    place: Place, line: str, code: int, told: str
) -> None:
    done = place.there(*shlex.split(line))
    assert (done.code, done.out) == (code, ""), done.err
    assert [each.split(":")[0] for each in done.err.splitlines()] == ["error", "hint"]
    assert told in done.err


BESIDE_ONLY = [
    *("quickstart --no-serve", "init", "serve", "doctor", "config check", "config path"),
    *("db upgrade", "db current", "db check", "db backup --out c", "db restore b --yes"),
    *("db purge --older-than 90d", "stats rebuild", "model sync", "user passwd ada@example.com"),
    *("limits check --mend", "provider remove demo --dry-run"),
]


@pytest.mark.parametrize("line", BESIDE_ONLY)
def test_what_works_beside_the_installation_only_says_so(
    home: Place, line: str, tmp_path: Path
) -> None:
    (tmp_path / "b").write_text("")
    done = home.there(*line.split(), input="a long password of somebody\n")
    assert (done.code, done.out) == (2, ""), done.err
    assert "not over HTTP" in done.err
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_a_wrong_token_none_and_nobody_there(place: Place, bare: Run) -> None:
    wrong = Place(place.gateway, "ork_wrong", bare).there("org", "list")
    assert (wrong.code, "OROUTER_TOKEN" in wrong.err) == (4, True)
    none = bare("--server", place.gateway.url, "org", "list")
    assert (none.code, "OROUTER_TOKEN" in none.err) == (4, True)
    place.gateway = type("Nobody", (), {"url": f"http://127.0.0.1:{free_port()}"})()
    silent = place.there("org", "list")
    assert (silent.code, "does not answer" in silent.err) == (7, True)


def test_the_address_may_come_from_the_environment(
    place: Place, bare: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OROUTER_SERVER_URL", f"{place.gateway.url}/v1/")
    monkeypatch.setenv("OROUTER_TOKEN", place.token)
    assert bare("org", "list", "-q").out == place.here("org", "list", "-q").out
    assert main(["version"]) == 0


def test_an_address_is_one() -> None:
    with pytest.raises(InvalidRequest, match="not the address"):
        Remote("llm.example.com")


def test_every_route_stands_for_a_verb_that_takes_what_it_sends() -> None:
    import importlib  # noqa: PLC0415 - of this test only
    import inspect  # noqa: PLC0415 - the same

    for name, route in ROUTES.items():
        module, _, verb = name.partition(".")
        found = getattr(importlib.import_module(f"orouter.services.{module}"), verb)
        taken = set(inspect.signature(found).parameters)
        in_path = set(re.findall(r"{(\w+)}", route.path))
        sent = in_path | {*route.query, *route.fields.values()} | ({route.body} - {""})
        assert sent <= taken, name
