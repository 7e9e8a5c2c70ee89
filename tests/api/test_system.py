"""What the installation tells of itself, and to whom."""

import orouter
from orouter.db import schema
from tests.api.edge import Edge

KINDS = {"sqlite": {"sqlite"}, "mysql": {"mysql", "mariadb"}, "postgresql": {"postgresql"}}


async def test_the_installation_is_told(served: Edge) -> None:
    await served.issue("ci")
    answer = await served.operate("GET", "/system")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["version"] == orouter.__version__
    assert told["counts"] == {"orgs": 1, "keys": 1, "users": 0}
    backend = served.database.primary.backend
    assert told["database"]["kind"] in KINDS[backend]
    assert told["database"]["version"][0].isdigit()
    assert told["database"]["schema_revision"] == schema.head()
    assert told["database"]["size_bytes"] > 10_000
    assert told["journal"]["writers"] == 1
    assert [node["workers"] for node in told["nodes"]] == [1]
    assert 0 <= told["uptime_s"] < 600


async def test_no_address_or_password_of_the_database_is_told(served_once: Edge) -> None:
    text = (await served_once.operate("GET", "/system")).text
    assert "a-secret-key" not in text
    assert "://" not in text


async def test_keys_may_not(served_once: Edge) -> None:
    admin = await served_once.issue("admin", "admin")
    assert (await served_once.ask("GET", "/api/v1/system", admin)).status_code == 403
