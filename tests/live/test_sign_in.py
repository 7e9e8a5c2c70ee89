"""Attacks on the door: over real sockets, against a server with two workers, on each database."""

import gzip
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.models import OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import (
    backup,
    key_secrets,
    lockout,
    organizations,
    user_secrets,
    users,
)
from tests.live.gateway import SECRET_KEY, Gateway
from tests.people import PASSWORD, person

ROOT, ADA = "root@example.com", "ada@example.com"
pytestmark = pytest.mark.timeout(180)  # two workers start first, here on a busy machine
TRUSTED = ["127.0.0.0/8"]


class Visitor:
    """A browser behind a proxy that is trusted: each has an address of its own."""

    def __init__(self, gateway: Gateway, ip: str = "203.0.113.1", **headers: str) -> None:
        forwarded = {"x-forwarded-for": ip, **headers}
        self.client = httpx.Client(base_url=f"{gateway.url}/api/v1", headers=forwarded, timeout=30)

    def ask(self, method: str, path: str, **options: object) -> httpx.Response:
        """As axios sends it: with the token of the readable cookie."""
        token = self.client.cookies.get("XSRF-TOKEN", "")
        return self.client.request(method, path, headers={"x-xsrf-token": token}, **options)  # type: ignore[arg-type]  # httpx's own options

    def sign_in(self, email: str = ROOT, password: str = PASSWORD) -> httpx.Response:
        return self.client.post("/session", json={"email": email, "password": password})


Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def database(own_url: str) -> Iterator[Database]:
    """Made around the server: each command would take seconds."""
    database = Database(own_url)
    database.call(organizations.create, OrganizationCreate(name="acme"), CLI)
    person(database, ROOT)
    person(database, ADA, "org_admin", "acme")
    yield database
    database.close()


@pytest.fixture(scope="module")
def gateway(
    database: Database, own_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    assert database.primary.exists()
    server = {"workers": 2, "trusted_proxies": TRUSTED}
    gateway = Gateway(tmp_path_factory.mktemp("door"), own_url, server=server)
    try:
        gateway.start()
        yield gateway
    finally:
        gateway.stop()


@pytest.fixture
def visit(gateway: Gateway) -> Iterator[Visit]:
    """Makes visitors, who leave when the test ends."""
    with ExitStack() as stack:

        def visit(ip: str = "203.0.113.1", there: Gateway = gateway, **headers: str) -> Visitor:
            visitor = Visitor(there, ip, **headers)
            stack.enter_context(visitor.client)
            return visitor

        yield visit


@pytest.fixture(autouse=True)
def _unlocked(database: Database) -> Iterator[None]:
    yield
    database.call(lockout.forget, lockout.account(ROOT))


def test_many_guesses_at_once_are_five_over_all_workers(visit: Visit) -> None:
    def guess(number: int) -> int:
        visitor = visit(f"198.51.100.{number}")
        return visitor.sign_in(password=f"guess {number}").status_code

    with ThreadPoolExecutor(16) as threads:
        statuses = sorted(threads.map(guess, range(24)))
    assert statuses == [401] * 5 + [429] * 19
    refused = visit().sign_in()
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "sign_in_locked")
    assert 0 < int(refused.headers["retry-after"]) <= 61


def test_one_address_is_stopped_whatever_account_it_tries(visit: Visit) -> None:
    visitor = visit("203.0.113.66")
    statuses = [visitor.sign_in(f"user{n}@example.com").status_code for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    assert visit("203.0.113.67").sign_in().status_code == 200


def test_a_forged_address_does_not_help_where_nobody_is_trusted(
    own_url: str, tmp_path: Path, visit: Visit
) -> None:
    gateway = Gateway(tmp_path / "alone", own_url)
    try:
        gateway.start()
        statuses = [
            visit(f"192.0.2.{n}", there=gateway).sign_in(f"forger{n}@example.com").status_code
            for n in range(7)
        ]
    finally:
        gateway.stop()
    assert statuses == [401] * 5 + [429] * 2


def test_neither_body_nor_time_tells_whether_somebody_exists(visit: Visit) -> None:
    times: dict[str, list[float]] = {ROOT: [], "nobody@example.com": []}
    bodies = set()
    for round_ in range(4):
        for email, taken in times.items():
            visitor = visit(f"198.18.{round_}.{len(email)}")
            began = time.perf_counter()
            answer = visitor.sign_in(email, "wrong password")
            taken.append(time.perf_counter() - began)
            error = answer.json()["error"]
            bodies.add(json.dumps({**error, "request_id": ""}))
            assert answer.status_code == 401
    assert len(bodies) == 1
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.3 < known / unknown < 3


def test_a_session_that_was_planted_is_not_taken_over(visit: Visit) -> None:
    planted = "oras_" + "a" * 49
    visitor = visit()
    visitor.client.cookies.set("orouter_session", planted, domain="127.0.0.1")
    answer = visitor.sign_in()
    [made] = re.findall(r"orouter_session=(oras_\w+)", answer.headers["set-cookie"])
    assert made != planted
    thief = visit()
    thief.client.cookies.set("orouter_session", planted)
    assert thief.ask("GET", "/session").status_code == 401


def test_a_page_of_another_site_changes_nothing(visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in()
    for headers in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ):
        token = visitor.client.cookies["XSRF-TOKEN"]
        forged = {**headers, "x-xsrf-token": token}
        answer = visitor.client.post("/orgs", json={"name": "forged"}, headers=forged)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site_request")
    plain = visitor.client.post(
        "/orgs", content=b'{"name": "forged"}', headers={"content-type": "text/plain"}
    )
    assert plain.status_code == 403
    preflight = visitor.client.options(
        "/orgs",
        headers={"origin": "https://evil.example", "access-control-request-method": "POST"},
    )
    for name in [*preflight.headers, *answer.headers]:
        assert not name.startswith("access-control-")
    assert "forged" not in visitor.ask("GET", "/orgs").text


@pytest.mark.parametrize("https", [False, True])
def test_cookies_and_headers(visit: Visit, https: bool) -> None:
    headers = {"x-forwarded-proto": "https"} if https else {}
    answer = visit(**headers).sign_in()
    session, xsrf = answer.headers.get_list("set-cookie")
    assert session.startswith("__Host-orouter=oras_" if https else "orouter_session=oras_")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(session.split("; "))
    assert ("Secure" in session, "Secure" in xsrf, "HttpOnly" in xsrf) == (https, https, False)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_whoever_is_disabled_is_out_within_a_second_everywhere(
    gateway: Gateway, visit: Visit, database: Database
) -> None:
    ada, root = visit("203.0.113.20"), visit("203.0.113.21")
    assert ada.sign_in(ADA).status_code == 200
    root.sign_in()
    token = ada.ask("POST", "/users/me/tokens", json={"name": "ci"}).json()["secret"]
    me = ada.ask("GET", "/session").json()["user"]["id"]
    bearer = {"authorization": f"Bearer {token}"}
    assert httpx.get(f"{gateway.url}/api/v1/orgs", headers=bearer).status_code == 200
    assert root.ask("PATCH", f"/users/{me}", json={"enabled": False}).status_code == 200
    assert {ada.ask("GET", "/orgs").status_code for _ in range(6)} == {401}
    assert httpx.get(f"{gateway.url}/api/v1/orgs", headers=bearer).status_code == 401
    assert ada.sign_in(ADA).status_code == 401
    database.call(users.enable, ADA, CLI)
    assert ada.ask("GET", "/orgs").status_code == 401
    assert httpx.get(f"{gateway.url}/api/v1/orgs", headers=bearer).status_code == 200


def test_no_secret_of_people_is_in_any_log_or_table(
    gateway: Gateway, visit: Visit, database: Database, own_url: str
) -> None:
    visitor = visit("203.0.113.30")
    visitor.sign_in()
    session = visitor.client.cookies["orouter_session"]
    token = visitor.ask("POST", "/users/me/tokens", json={"name": "canary"}).json()["secret"]
    pepper = key_secrets.pepper(SECRET_KEY)
    given = {"pepper": pepper, "base": ""}
    link = database.call(user_secrets.make_link, ADA, CLI, **given).link.partition("=")[2]
    visitor.ask("GET", f"/session/link?token={link}")
    visitor.sign_in(password="a canary of a password")
    stored = gzip.decompress(b"".join(backup.take(Server(own_url)))).decode()
    for secret in (session, token, link, "a canary of a password", PASSWORD):
        assert secret not in gateway.logged
        assert secret not in stored
    assert "$argon2id$" in stored
