import asyncio

import pytest

from orouter.db.session import Database
from orouter.models.user import UserCreate, UserPublic
from orouter.schemas.actor import CLI
from orouter.services import user_secrets, users
from tests.api.browsers import Browser
from tests.api.management import PEPPER, Management, application
from tests.people import PASSWORD, person

NEW = "a different sentence"


@pytest.fixture
def browser(management: Management) -> Browser:
    person(management.database, "root@example.com")
    return Browser(application(management.database))


async def link_of(database: Database, email: str, role: str = "viewer") -> str:
    new = UserCreate.model_validate({"email": email, "role": role})
    given = {"pepper": PEPPER, "base": ""}
    made = await database.run(user_secrets.invite, new, CLI, **given)
    return (made.link or "").partition("=")[2]


async def test_signing_in_and_out(browser: Browser) -> None:
    assert (await browser.ask("GET", "/session")).status_code == 401
    opened = await browser.sign_in("Root@Example.com")
    assert opened.status_code == 200
    shown = (await browser.ask("GET", "/session")).json()
    assert shown == opened.json()
    assert (shown["user"]["role"], shown["reporting_timezone"]) == ("superadmin", "UTC")
    assert "users.write" in shown["permissions"]
    cookies = browser.cookies
    assert (await browser.ask("DELETE", "/session")).status_code == 204
    assert browser.cookies == {}
    browser.client.cookies.update(cookies)
    assert (await browser.ask("GET", "/session")).status_code == 401


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    answer = await browser.sign_in("root@example.com")
    session, xsrf = answer.headers.get_list("set-cookie")
    assert session.startswith("orouter_session=oras_")
    for flag in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert flag in session
    assert "HttpOnly" not in xsrf
    for flag in ("Secure", "Domain", "Expires", "Max-Age"):
        assert flag not in session


async def test_over_https_the_cookie_is_the_hosts_own(management: Management) -> None:
    person(management.database, "root@example.com")
    browser = Browser(application(management.database), base="https://test")
    answer = await browser.sign_in("root@example.com")
    session, xsrf = answer.headers.get_list("set-cookie")
    assert session.startswith("__Host-orouter=oras_")
    assert "Secure" in session
    assert "Secure" in xsrf
    assert (await browser.ask("GET", "/session")).status_code == 200


async def test_one_answer_for_every_reason_not_to_let_in(
    management: Management, browser: Browser
) -> None:
    database = management.database
    person(database, "off@example.com", "viewer")
    await database.run(users.disable, "off@example.com", CLI)
    person(database, "invited@example.com", "viewer", active=False)
    bodies = set()
    for number, (email, password) in enumerate(
        (
            ("root@example.com", "wrong"),
            ("off@example.com", PASSWORD),
            ("invited@example.com", ""),
            ("nobody@example.com", PASSWORD),
            ("\x00", PASSWORD),
        )
    ):
        asking = Browser(application(database), ip=f"192.0.2.{number + 10}")
        answer = await asking.sign_in(email, password)
        error = answer.json()["error"]
        assert (answer.status_code, error.pop("request_id") != "") == (401, True)
        assert "set-cookie" not in answer.headers
        bodies.add(str(error))
    assert len(bodies) == 1


async def test_a_session_of_before_is_over_and_one_from_outside_is_never_taken(
    browser: Browser,
) -> None:
    browser.client.cookies.set("orouter_session", "oras_" + "x" * 49)
    await browser.sign_in("root@example.com")
    first = browser.cookies["orouter_session"]
    assert first != "oras_" + "x" * 49
    await browser.sign_in("root@example.com")
    second = browser.cookies["orouter_session"]
    browser.client.cookies.set("orouter_session", first, domain="test.local")
    assert first != second
    browser.client.cookies.clear()
    browser.client.cookies.set("orouter_session", first)
    assert (await browser.ask("GET", "/session")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"origin": "http://test"}, 201),
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"x-xsrf-token": ""}, 403),
        ({"x-xsrf-token": "0" * 64}, 403),
        ({"x-xsrf-token": "é".encode()}, 403),
    ],
)
async def test_a_change_must_come_from_a_page_of_ours(
    browser: Browser, headers: dict[str, str | bytes], status: int
) -> None:
    await browser.sign_in("root@example.com")
    answer = await browser.ask("POST", "/orgs", json={"name": "acme"}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "cross_site_request"


@pytest.mark.parametrize("path", ["/session", "/session/link"])
async def test_nobody_is_signed_in_by_a_page_of_others(browser: Browser, path: str) -> None:
    body = {"email": "root@example.com", "password": PASSWORD, "token": "x"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = await browser.ask("POST", path, json=body, headers=headers)
        assert answer.status_code == 403


async def test_guessing_is_stopped_for_the_account_and_for_the_address(
    management: Management, browser: Browser
) -> None:
    answers = [await browser.sign_in("root@example.com", "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    elsewhere = Browser(application(management.database), ip="198.51.100.1")
    assert (await elsewhere.sign_in("root@example.com")).status_code == 429
    assert (await browser.sign_in("somebody@example.com")).status_code == 429
    await management.database.run(users.set_password, "root@example.com", "x", CLI)
    assert (await elsewhere.sign_in("root@example.com")).status_code == 401


async def test_of_many_guesses_at_once_five_are_looked_at(browser: Browser) -> None:
    asked = [browser.sign_in("root@example.com", f"wrong {number}") for number in range(12)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_a_link_sets_a_password_once(management: Management, browser: Browser) -> None:
    token = await link_of(management.database, "ada@example.com")
    shown = (await browser.ask("GET", f"/session/link?token={token}")).json()
    assert (shown["email"], shown["purpose"]) == ("ada@example.com", "invite")
    weak = await browser.ask("POST", "/session/link", json={"token": token, "password": "short"})
    assert (weak.status_code, weak.json()["error"]["param"]) == (400, "password")
    body = {"token": token, "password": NEW, "name": "Ada"}
    opened = await browser.ask("POST", "/session/link", json=body)
    assert (opened.status_code, opened.json()["user"]["name"]) == (200, "Ada")
    assert (await browser.ask("GET", "/session")).json()["user"]["status"] == "active"
    assert (await browser.ask("POST", "/session/link", json=body)).status_code == 404
    assert (await browser.ask("GET", f"/session/link?token={token}")).status_code == 404
    again = Browser(application(management.database), ip="192.0.2.9")
    assert (await again.sign_in("ada@example.com", NEW)).status_code == 200


async def test_a_link_used_by_several_at_once_opens_for_one(
    management: Management, browser: Browser
) -> None:
    token = await link_of(management.database, "ada@example.com")
    body = {"token": token, "password": NEW}
    asked = [browser.ask("POST", "/session/link", json=body) for _ in range(4)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]


async def test_only_the_first_administrator_chooses_an_address(
    management: Management, browser: Browser
) -> None:
    token = await link_of(management.database, "ada@example.com")
    body = {"token": token, "password": NEW, "email": "other@example.com"}
    assert (await browser.ask("POST", "/session/link", json=body)).status_code == 409


async def test_changing_ones_password_ends_the_other_sessions(
    management: Management, browser: Browser
) -> None:
    other = Browser(application(management.database))
    for each in (browser, other):
        await each.sign_in("root@example.com")
    body = {"current_password": "wrong", "new_password": NEW}
    refused = await browser.ask("PUT", "/session/password", json=body)
    assert (refused.status_code, refused.json()["error"]["param"]) == (401, "current_password")
    body["current_password"] = PASSWORD
    assert (await browser.ask("PUT", "/session/password", json=body)).status_code == 204
    assert (await browser.ask("GET", "/session")).status_code == 200
    assert (await other.ask("GET", "/session")).status_code == 401


async def test_others_can_be_signed_out(management: Management, browser: Browser) -> None:
    other = Browser(application(management.database))
    for each in (browser, other):
        await each.sign_in("root@example.com")
    listed = (await browser.ask("GET", "/users/me/sessions")).json()["items"]
    assert sorted(each["current"] for each in listed) == [False, True]
    assert (await browser.ask("DELETE", "/session/others")).status_code == 204
    assert (await other.ask("GET", "/session")).status_code == 401
    assert (await browser.ask("GET", "/session")).status_code == 200


async def test_whether_somebody_is_waited_for_is_public(management: Management) -> None:
    browser = Browser(application(management.database))
    assert (await browser.ask("GET", "/session/state")).json()["setup_needed"] is True
    person(management.database, "root@example.com")
    assert (await browser.ask("GET", "/session/state")).json()["setup_needed"] is False


async def test_a_disabled_person_is_out_at_the_next_request(
    management: Management, browser: Browser
) -> None:
    ada: UserPublic = person(management.database, "ada@example.com", "operator")
    await browser.sign_in("ada@example.com")
    await management.database.run(users.disable, ada.id, CLI)
    assert (await browser.ask("GET", "/session")).status_code == 401
    assert (await browser.ask("GET", "/orgs")).status_code == 401
