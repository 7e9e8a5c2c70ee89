import pytest

from orouter.services import keys
from tests.api.management import PEPPER, Management


async def test_the_life_of_a_key(management: Management) -> None:
    admin = await management.issue("acme", "admin")
    body = {"name": "ci 😀", "permission": "read", "expires_at": "2099-01-01T00:00:00+02:00"}
    issued = await management.ask(admin, "POST", "/orgs/acme/keys", json=body)
    assert issued.status_code == 201
    key = issued.json()
    assert key["expires_at"] == "2098-12-31T22:00:00Z"
    opened = await management.database.run(keys.verify, key["key"], pepper=PEPPER)
    assert opened.id == key["id"]

    own = f"/keys/{key['id']}"
    shown = (await management.ask(admin, "GET", own)).json()
    assert shown == {name: value for name, value in key.items() if name != "key"}
    disabled = await management.ask(admin, "PATCH", own, json={"enabled": False})
    assert disabled.json()["status"] == "disabled"
    rotated = await management.ask(admin, "POST", f"{own}/rotate", json={"grace_s": 60})
    assert rotated.json()["key"] != key["key"]
    assert (await management.ask(admin, "DELETE", own)).json()["status"] == "deleted"
    gone = (await management.ask(admin, "GET", "/keys?status=deleted")).json()
    assert [item["id"] for item in gone["items"]] == [key["id"]]
    assert (await management.ask(admin, "POST", f"{own}/restore")).json()["status"] == "disabled"


async def test_no_answer_but_the_first_holds_a_secret_or_digest(management: Management) -> None:
    admin = await management.issue("acme", "admin")
    for path in ("/keys", "/orgs/acme/keys", f"/keys/{admin.id}"):
        text = (await management.ask(admin, "GET", path)).text
        assert (admin.key or "") not in text
        assert "digest" not in text
        assert "pepper" not in text


async def test_foreign_keys_are_not_there(management: Management) -> None:
    admin = await management.issue("acme", "admin")
    foreign = await management.issue("other", "ci")
    own = f"/keys/{foreign.id}"
    answers = [
        await management.ask(admin, "GET", own),
        await management.ask(admin, "PATCH", own, json={"enabled": False}),
        await management.ask(admin, "POST", f"{own}/rotate", json={}),
        await management.ask(admin, "POST", f"{own}/move", json={"org": "acme"}),
        await management.ask(admin, "DELETE", own),
        await management.ask(admin, "POST", f"{own}/restore"),
        await management.ask(admin, "GET", "/orgs/other/keys"),
        await management.ask(admin, "POST", "/orgs/other/keys", json={"name": "x"}),
        await management.ask(admin, "GET", "/keys?org=other"),
        await management.ask(admin, "POST", f"/keys/{admin.id}/move", json={"org": "other"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 10
    opened = await management.database.run(keys.verify, foreign.key or "", pepper=PEPPER)
    assert opened.status == "active"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "a", "org_id": "org_1"}, "org_id"),
        ({"name": "a", "permission": "root"}, "permission"),
        ({"name": "a", "expires_at": "2099-01-01T00:00:00"}, "expires_at"),
    ],
)
async def test_a_wrong_body_is_refused_by_name(
    management: Management, body: dict[str, str], field: str
) -> None:
    admin = await management.issue("acme", "admin")
    answer = await management.ask(admin, "POST", "/orgs/acme/keys", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, field)


async def test_a_name_is_taken_once(management: Management) -> None:
    admin = await management.issue("acme", "admin")
    answer = await management.ask(admin, "POST", "/orgs/acme/keys", json={"name": "admin"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
