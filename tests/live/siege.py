"""One gateway on SQLite for all attacks: starting one takes longer than most of them."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from orouter.db.session import Database
from orouter.models.api_key import KeyCreate
from orouter.models.organization import OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import key_secrets, keys, organizations
from tests.live.gateway import SECRET_KEY, Gateway
from tests.live.raw import RawProvider, until
from tests.live.upstream import Upstream

HI = [{"role": "user", "content": "hello there"}]
PROVIDER_KEY = "canary-of-the-provider-0815"
HEADER_VALUE = "canary-of-a-header-0815"
ORIGIN = "https://app.example"
MAX_BODY = 1 << 20
KEYS = {"read": "home", "write": "home", "admin": "home", "stranger": "abroad"}


@dataclass
class Siege:
    """A gateway, a provider with manners (``openai/…``) and one without (``raw/…``), and keys."""

    gateway: Gateway
    database: Path
    upstream: Upstream
    raw: RawProvider
    keys: dict[str, str]
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20))

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.keys['write']}"}

    def get(self, path: str, key: str = "write", **headers: str) -> httpx.Response:
        """GET with one of the keys."""
        bearer = {"authorization": f"Bearer {self.keys.get(key, key)}"}
        return self.client.get(self.gateway.url + path, headers={**bearer, **headers})

    def post(self, content: bytes, **headers: str) -> httpx.Response:
        """A chat request of these bytes."""
        url = f"{self.gateway.url}/v1/chat/completions"
        return self.client.post(url, content=content, headers={**self.bearer, **headers})

    def ask(self, model: str, key: str = "write", **fields: Any) -> httpx.Response:
        """A chat request; a stream is read to its end."""
        body = {"model": model, "messages": HI, **fields}
        bearer = {"authorization": f"Bearer {self.keys.get(key, key)}"}
        url = f"{self.gateway.url}/v1/chat/completions"
        return self.client.post(url, json=body, headers=bearer)

    def usage(self, request_id: str) -> list[dict[str, Any]]:
        """The usage rows of a request, as soon as there are any."""
        rows: list[dict[str, Any]] = []

        def recorded() -> bool:
            rows[:] = self.query("SELECT * FROM usage_records WHERE request_id = ?", request_id)
            return bool(rows)

        until(recorded)
        return rows

    def query(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What stands in the database."""
        with sqlite3.connect(self.database) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def memory_kb(self) -> int:
        """Resident memory of the serving process."""
        status = Path(f"/proc/{self.gateway.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1])


def besiege(folder: Path, upstream: Upstream, raw: RawProvider, database: Path) -> Siege:
    """Configures and starts the gateway."""
    providers = {
        "openai": {"type": "openai", "api_key": PROVIDER_KEY, "base_url": f"{upstream.url}/v1"},
        "raw": {
            "type": "compatible",
            "base_url": f"http://127.0.0.1:{raw.port}/v1",
            "allow_unlisted_models": True,
            "headers": {"x-team": HEADER_VALUE},
        },
    }
    gateway = Gateway(
        folder,
        f"sqlite:///{database}",
        providers=providers,
        routing={"timeout_s": 1, "max_retries": 1},
        server={"cors_origins": [ORIGIN], "max_body_mb": 1},
        logging={"level": "DEBUG", "format": "json"},
    )
    issued = issue(f"sqlite:///{database}", KEYS)
    siege = Siege(gateway, database, upstream, raw, issued)
    gateway.start()
    return siege


def issue(url: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """A key of each name, in the organization named beside it; ``read`` and ``admin`` are that."""
    database = Database(url)
    pepper = key_secrets.pepper(SECRET_KEY)
    issued = {}
    with database.begin() as session:
        for org in dict.fromkeys(wanted.values()):
            organizations.create(session, OrganizationCreate(name=org), CLI)
        for name, org in wanted.items():
            permission = name if name in ("read", "admin") else "write"
            new = KeyCreate.model_validate({"name": name, "permission": permission})
            issued[name] = keys.issue(session, org, new, CLI, pepper=pepper).key
    database.close()
    return issued
