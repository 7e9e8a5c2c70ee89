"""The admin UI as people use it: real Chromium, real server, real database, the openai SDK.

How each page looks, and whether everybody can use it, is told by ``admin-frontend/e2e``.
"""

import csv
import io
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import AuthenticationError, OpenAI, RateLimitError
from playwright.sync_api import Browser, expect

from tests.databases import migrated, new_database
from tests.live.browser import BUILT, CHROMIUM, Person, chromium
from tests.live.gateway import Gateway

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the admin UI is not built (make ui)"),
    pytest.mark.timeout(180),
]

PAGES = {
    "": "Overview",
    "orgs": "Organizations",
    "keys": "API keys",
    "usage": "Usage",
    "logs": "Request log",
    "playground": "Playground",
    "models": "Models",
    "providers": "Providers",
    "users": "Users & roles",
    "audit": "Audit log",
    "settings": "Settings",
    "profile": "Profile",
}
SEEN_BY = {
    "superadmin": set(PAGES),
    "operator": set(PAGES),
    "org_admin": {"", "orgs", "keys", "usage", "logs", "playground", "models", "audit", "profile"},
    "viewer": {"", "orgs", "keys", "usage", "logs", "models", "audit", "profile"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def gateway(own_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    node = Gateway(
        tmp_path_factory.mktemp("ui"),
        own_url,
        providers={"demo": {"type": "demo", "enabled": True}},
    )
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway on SQLite that has been used a little, for looking at pages."""
    folder = tmp_path_factory.mktemp("settled")
    with new_database("sqlite", folder) as url:
        node = Gateway(folder, migrated(url), providers={"demo": {"type": "demo", "enabled": True}})
        for org in ("acme", "umbrella"):
            node.run("org", "create", org)
        node.run("limits", "set", "acme", "--requests", "5", "--cost", "1")
        key = node.run("key", "issue", "--org", "acme", "--name", "app")
        node.start()
        client = OpenAI(base_url=f"{node.url}/v1", api_key=key, max_retries=0)
        for _ in range(4):
            client.chat.completions.create(
                model="demo/echo", messages=[{"role": "user", "content": "Hello"}]
            )
        yield node
        node.stop()


def link_of(node: Gateway, email: str, *options: str) -> str:
    """The one-time link of somebody who is invited on the command line."""
    return node.run("user", "create", email, *options)


def invited(browser: Browser, node: Gateway, role: str) -> Person:
    """Somebody of a role, signed in; bound to the organization acme where the role asks for it."""
    bound = ("--org", "acme") if role in ("org_admin", "viewer") else ()
    person = Person(browser, node.url)
    person.follow(link_of(node, f"{role}@example.com", "--role", role, *bound))
    return person


def test_from_the_first_run_to_a_reached_limit(
    browser: Browser, gateway: Gateway, tmp_path: Path
) -> None:
    admin = Person(browser, gateway.url)
    admin.follow(link_of(gateway, "ada@example.com", "--role", "superadmin"))
    page = admin.page

    admin.visit("orgs")
    admin.button("Create an organization").first.click()
    admin.dialog.get_by_label("Name").fill("acme")
    admin.button("Create an organization", admin.dialog).click()
    expect(page.get_by_role("heading", name="acme")).to_be_visible()

    page.get_by_role("tab", name="Limits").click()
    admin.button("Set limits").click()
    admin.dialog.get_by_label("Requests").fill("2")
    admin.button("Save", admin.dialog).click()
    expect(admin.dialog).to_be_hidden()

    admin.button("Issue a key").click()
    admin.dialog.get_by_label("Name").fill("app")
    admin.button("Issue a key", admin.dialog).click()
    secret = admin.dialog.locator("code", has_text="ork_").first.inner_text()
    admin.dialog.get_by_text("I have saved the key").click()
    admin.button("Done", admin.dialog).click()

    client = OpenAI(base_url=f"{gateway.url}/v1", api_key=secret, max_retries=0)

    def ask() -> str:
        answer = client.chat.completions.create(
            model="demo/echo", messages=[{"role": "user", "content": "Hello from the UI"}]
        )
        return answer.choices[0].message.content or ""

    assert "Hello from the UI" in ask()
    ask()
    with pytest.raises(RateLimitError) as refused:
        ask()
    assert refused.value.code == "limit_exceeded"

    time.sleep(2)
    admin.visit("logs")
    expect(page.get_by_text("demo/echo").first).to_be_visible()
    admin.visit("orgs")
    page.get_by_role("link", name="acme").click()
    page.get_by_role("tab", name="Limits").click()
    expect(page.get_by_text("Reached: requests are refused").first).to_be_visible()

    assert exported(admin) == by_command(gateway)

    page.get_by_role("tab", name="Keys").click()
    admin.button("Actions for app").click()
    page.get_by_text("Disable", exact=True).last.click()
    expect(page.get_by_text("Disabled", exact=True).first).to_be_visible()
    time.sleep(1)
    with pytest.raises(AuthenticationError):
        ask()
    assert admin.complaints == []


def exported(person: Person) -> list[list[str]]:
    """The statistics as the browser downloads them."""
    answer = person.context.request.get("/api/v1/stats/export?format=csv&month=this")
    return list(csv.reader(io.StringIO(answer.text())))


def by_command(node: Gateway) -> list[list[str]]:
    """The same from the command line."""
    text = node.run("stats", "export", "--csv", "--month", "this", "--out", "-")
    return list(csv.reader(io.StringIO(text)))


def test_nobody_gets_in_without_a_session(browser: Browser, settled: Gateway) -> None:
    stranger = Person(browser, settled.url)
    stranger.visit("keys?status=disabled")
    expect(stranger.page).to_have_url(f"{settled.url}/admin/login?return=/keys?status=disabled")
    assert httpx.get(f"{settled.url}/api/v1/keys").status_code == 401


@pytest.mark.parametrize("role", SEEN_BY)
def test_a_role_sees_its_pages_and_no_others(browser: Browser, settled: Gateway, role: str) -> None:
    person = invited(browser, settled, role)
    person.visit("")
    shown = person.page.get_by_role("navigation").first.inner_text()
    for path, title in PAGES.items():
        if path == "profile":
            continue
        assert (title in shown) == (path in SEEN_BY[role]), title
    for path in SEEN_BY[role]:
        person.visit(path)
        expect(person.page.get_by_role("alert")).to_have_count(0)
    assert person.complaints == []
