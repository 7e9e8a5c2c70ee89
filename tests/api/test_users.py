import pytest

from tests.api.browsers import Browser
from tests.api.management import Management, application
from tests.people import person


@pytest.fixture
async def browser(management: Management) -> Browser:
    person(management.database, "root@example.com")
    browser = Browser(application(management.database))
    await browser.sign_in("root@example.com")
    return browser


async def test_the_life_of_a_user(browser: Browser) -> None:
    org = (await browser.ask("POST", "/orgs", json={"name": "acme"})).json()["id"]
    body = {"email": "ada@example.com", "name": "Ada", "role": "org_admin", "orgs": [org]}
    made = await browser.ask("POST", "/users", json=body)
    assert made.status_code == 201
    assert made.json()["link"].startswith("http://test/admin/setup#token=oral_")
    own = f"/users/{made.json()['id']}"
    shown = (await browser.ask("GET", own)).json()
    assert (shown["status"], shown["orgs"]) == ("invited", [{"id": org, "name": "acme"}])
    assert "link" not in shown
    link = (await browser.ask("POST", f"{own}/link")).json()
    assert link["link"] != made.json()["link"]
    changed = await browser.ask("PATCH", own, json={"enabled": False})
    assert changed.json()["status"] == "disabled"
    assert (await browser.ask("DELETE", own)).json()["status"] == "deleted"
    assert (await browser.ask("GET", "/users?status=deleted")).json()["total"] == 1
    assert (await browser.ask("POST", f"{own}/restore")).json()["status"] == "disabled"


async def test_tokens_are_shown_once_and_open_the_door(
    management: Management, browser: Browser
) -> None:
    issued = await browser.ask("POST", "/users/me/tokens", json={"name": "ci"})
    secret = issued.json()["secret"]
    headers = {"authorization": f"Bearer {secret}"}
    listed = await management.client.get("/api/v1/users", headers=headers)
    assert listed.json()["total"] == 1
    shown = await browser.ask("GET", "/users/me/tokens")
    assert secret not in shown.text
    created = await management.client.post("/api/v1/orgs", headers=headers, json={"name": "x"})
    assert created.status_code == 201
    again = await management.client.post(
        "/api/v1/users/me/tokens", headers=headers, json={"name": "more"}
    )
    assert again.status_code == 403
    gone = f"/users/me/tokens/{issued.json()['id']}"
    assert (await browser.ask("DELETE", gone)).status_code == 204
    assert (await management.client.get("/api/v1/users", headers=headers)).status_code == 401


async def test_members(browser: Browser) -> None:
    await browser.ask("POST", "/orgs", json={"name": "acme"})
    made = await browser.ask("POST", "/users", json={"email": "ada@example.com"})
    path = f"/orgs/acme/members/{made.json()['id']}"
    assert (await browser.ask("PUT", path)).json()["orgs"][0]["name"] == "acme"
    assert (await browser.ask("GET", "/orgs/acme/members")).json()["total"] == 1
    assert (await browser.ask("DELETE", path)).json()["orgs"] == []
    assert (await browser.ask("DELETE", path)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "x"}, "email"),
        ({"email": "a@b", "role": "root"}, "role"),
        ({"email": "a@b", "password_hash": "x"}, "password_hash"),
        ({"email": "a@b", "all_orgs": True}, "all_orgs"),
        ({"email": "a@b", "id": "user_1"}, "id"),
    ],
)
async def test_a_wrong_body_is_refused_by_name(
    browser: Browser, body: dict[str, object], field: str
) -> None:
    answer = await browser.ask("POST", "/users", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, field)


async def test_what_is_done_stands_in_the_audit_log(browser: Browser) -> None:
    await browser.ask("POST", "/users", json={"email": "ada@example.com"})
    found = (await browser.ask("GET", "/audit?action=user.create")).json()["items"]
    last = found[0]
    assert (last["actor_name"], last["via"], last["ip"]) == ("root@example.com", "ui", "192.0.2.1")
    assert last["target_name"] == "ada@example.com"
