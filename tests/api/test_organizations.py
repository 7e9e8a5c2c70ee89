from orouter.schemas.actor import CLI
from orouter.services import organizations
from tests.api.management import Management


async def test_an_administrator_sees_the_own_organization_only(management: Management) -> None:
    key = await management.issue("acme 😀", "admin")
    other = await management.issue("other", "admin")
    listed = (await management.ask(key, "GET", "/orgs")).json()
    assert [item["name"] for item in listed["items"]] == ["acme 😀"]
    assert (listed["total"], listed["page"], listed["page_size"]) == (1, 1, 50)
    own = await management.ask(key, "GET", f"/orgs/{key.org_id}")
    assert {**own.json(), "usage": None} == listed["items"][0]
    for ref in (other.org_id, "other", "nobody", "%00"):
        assert (await management.ask(key, "GET", f"/orgs/{ref}")).status_code == 404


async def test_organizations_are_the_operators_business(management: Management) -> None:
    key = await management.issue("acme", "admin")
    own = f"/orgs/{key.org_id}"
    refused = [
        await management.ask(key, "POST", "/orgs", json={"name": "more"}),
        await management.ask(key, "PATCH", own, json={"enabled": False}),
        await management.ask(key, "DELETE", own),
        await management.ask(key, "POST", f"{own}/restore"),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    found = await management.database.run(organizations.get, "acme", CLI)
    assert found.status == "active"


async def test_wrong_questions_are_refused_by_name(management: Management) -> None:
    key = await management.issue("acme", "admin")
    for query, field in [
        ("page_size=201", "page_size"),
        ("page=0", "page"),
        ("status=gone", "status"),
        ("filter=x", "filter"),
        ("created_after=yesterday", "created_after"),
    ]:
        answer = await management.ask(key, "GET", f"/orgs?{query}")
        assert (answer.status_code, answer.json()["error"]["param"]) == (422, field)
    answer = await management.ask(key, "GET", "/orgs?sort=version")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "sort")
