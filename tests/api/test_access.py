import pytest

from orouter.schemas.actor import CLI
from orouter.services import keys
from tests.api.management import Management


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ork_junk", "Basic YTpi", "bearer  ", "ork_x"]
)
async def test_without_a_key_nothing_is_said(
    management: Management, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    answer = await management.client.get("/api/v1/keys", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")


@pytest.mark.parametrize("permission", ["read", "write"])
async def test_only_administrators_manage(management: Management, permission: str) -> None:
    key = await management.issue("acme", "ci", permission)
    answer = await management.ask(key, "GET", "/keys")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "permission_denied")


async def test_a_disabled_key_manages_nothing(management: Management) -> None:
    key = await management.issue("acme", "ci")
    assert (await management.ask(key, "GET", "/keys")).status_code == 200
    await management.database.run(keys.disable, key.id, CLI)
    assert (await management.ask(key, "GET", "/keys")).status_code == 401
