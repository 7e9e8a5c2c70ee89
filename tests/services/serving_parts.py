"""A gateway put together from parts of tests: scripted upstreams and a recorder in memory."""

from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec

from orouter.db.session import Database
from orouter.ids import ulid
from orouter.providers.catalogue import Catalogue, Source, shipped_entries
from orouter.schemas.chat_reading import read_chat
from orouter.services import chat
from orouter.services.accounting import Arrival, Call
from orouter.services.continuations import Continuations
from orouter.services.gateway import Gateway, Plan
from orouter.services.key_ring import Caller, KeyRing
from orouter.services.routing import Routes
from orouter.upstream.attempts import RetryPolicy
from orouter.usage.admission import Admission
from orouter.usage.gates import Gate
from orouter.usage.periods import Calendar
from orouter.usage.records import Intent, Settlement
from tests.upstream.scripted import ScriptedClient, endpoint, no_pause

CALLER = Caller(
    key_id="key_1",
    key_name="ci",
    org_id="org_1",
    org_name="acme",
    permission="write",
    expires_at_us=None,
)
NOW = 1_795_000_000_000_000


class Recorded:
    """Remembers intents and settlements; refuses intents with ``refusal``."""

    def __init__(self) -> None:
        self.intents: list[Intent] = []
        self.settled: list[Settlement] = []
        self.refusal: Exception | None = None

    def intend(self, intent: Intent) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.intents.append(intent)

    def settle(self, settlement: Settlement) -> None:
        self.settled.append(settlement)


async def nothing_kept(_: object) -> dict[Any, Any]:
    return {}


async def nobody(_: object) -> list[Any]:
    return []


def gateway(**clients: ScriptedClient) -> Gateway:
    """Serves the shipped models of OpenAI under each of the names given."""
    sources = [Source(name=name, kind="openai") for name in clients]
    entries = [entry for source in sources for entry in shipped_entries(source)]
    routes = Routes(
        catalogue=Catalogue(entries, sources, {}),
        endpoints={name: endpoint(name, client) for name, client in clients.items()},
    )
    calendar = Calendar(ZoneInfo("UTC"))
    return Gateway(
        plan=Plan(routes=routes, retries=RetryPolicy(pause_s=no_pause), max_body=1 << 20),
        keys=KeyRing(b"pepper", nobody),
        recorder=Recorded(),
        calendar=calendar,
        continuations=Continuations(nothing_kept),
        # Nobody has limits here, and nothing below asks the database.
        admission=Admission(cast(Gate, None), "worker", calendar),
        database=cast(Database, None),
    )


def recorded(of: Gateway) -> Recorded:
    return cast(Recorded, of.recorder)


def call(of: Gateway, caller: Caller = CALLER, **fields: Any) -> Call:
    """A call as the edge would begin it."""
    body = {"model": "up/gpt-4", "messages": [{"role": "user", "content": "hi"}], **fields}
    request = read_chat(msgspec.json.encode(body))
    return chat.begin(of, caller, request, Arrival(ulid(NOW), "req_1", NOW, 0))
