"""The permission table against the real application: every route, every caller, own and foreign."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount

from orouter import settings as configuration
from orouter.api import operations
from orouter.api.management import application
from orouter.db.session import Database
from orouter.services import sessions
from tests.api.permission_table import OPEN, PUBLIC, ROLES, Rule, rules
from tests.api.world import PEPPER, World, world

RULES = rules()
PREFIX = "/api/v1"
CALLERS = [f"{role} by {way}" for role in ROLES[:-1] for way in ("session", "token")] + ["key"]
LISTS = (
    *("orgs", "keys", "audit", "requests", "requests/export"),
    *("stats?group_by=org&year=2026", "stats/top?group_by=org&year=2026", "stats/export?year=2026"),
)
OF_OTHERS = ("{ref}", "{org}", "{request_id}")


def routes(found: Any) -> Iterator[Any]:
    """Every route of the application, also of the routers that it includes."""
    for route in found:
        inner = getattr(route, "original_router", None)
        yield from routes(inner.routes) if inner is not None else [route]


def every_route() -> set[str]:
    """``METHOD /path`` of each, those of management without their prefix."""
    app = application(configuration.load(None, {"secret_key": "x" * 32}, environ={}))
    found = [route for route in routes(app.routes) if not isinstance(route, Mount)]
    paths = [(route, route.path.replace(":path}", "}")) for route in found]
    managed = {
        f"{method} {path.removeprefix(PREFIX)}"
        for route, path in paths
        for method in route.methods or ()
    }
    asked = {f"{method} {path}" for path in operations.PATHS for method in operations.METHODS}
    return managed | asked


def headers_of(caller: str, place: World) -> dict[str, str]:
    """What proves who is asking."""
    secrets = place.secrets
    if caller == "nobody":
        return {}
    if caller.endswith("session"):
        token = sessions.anti_forgery(secrets["session"], pepper=PEPPER)
        cookie = f"orouter_session={secrets['session']}; XSRF-TOKEN={token}"
        return {"cookie": cookie, "x-xsrf-token": token}
    name = "token" if caller.endswith("token") else caller.replace("key", "admin", 1).split()[0]
    return {"authorization": f"Bearer {secrets[name]}"}


def expected(rule: Rule, caller: str, *, own: bool, route: str) -> set[int] | None:
    """The statuses that refuse; None: it is allowed."""
    role = caller.split(maxsplit=1)[0]
    if rule.flag == "session" and not caller.endswith("session"):
        return {401}
    if rule.flag == "no-token" and caller.endswith("token"):
        return {403} if own or rule.cells[role] == "*" else {403, 404}
    cell = rule.cells[role]
    if cell == "*" or (cell == "o" and own):
        return None
    knows = "/users" in route and role in ("superadmin", "operator", "auditor")
    return {404} if cell == "o" and not knows else {403, 404}


def test_every_route_is_classified_and_no_other() -> None:
    assert every_route() == RULES.keys() | PUBLIC | OPEN
    assert not RULES.keys() & (PUBLIC | OPEN)


@pytest.mark.parametrize("caller", CALLERS)
async def test_everybody_may_do_exactly_what_the_table_says(
    sqlite: Database, tmp_path: Path, caller: str
) -> None:
    wrong = []
    async with world(sqlite, tmp_path, caller.split(maxsplit=1)[0]) as place:
        headers = headers_of(caller, place)
        for route, rule in RULES.items():
            foreign = any(word in route for word in OF_OTHERS) and "restore" not in route
            for own in (True, False) if foreign else (True,):
                path = place.path(route, place.own if own else place.other)
                answer = await place.ask(route, path, headers)
                refused = expected(rule, caller, own=own, route=route)
                allowed = answer.status_code < 300 or answer.status_code == 409
                if allowed is not (refused is None) or answer.status_code not in (
                    refused or {answer.status_code}
                ):
                    wrong.append((route, "own" if own else "foreign", answer.status_code))
    await sqlite.aclose()
    assert wrong == []


@pytest.mark.parametrize(("caller", "status"), [("nobody", 401), ("read", 403), ("write", 403)])
async def test_others_may_do_nothing(
    sqlite: Database, tmp_path: Path, caller: str, status: int
) -> None:
    found = set()
    async with world(sqlite, tmp_path, caller) as place:
        for route, rule in RULES.items():
            answer = await place.ask(route, place.path(route, place.own), headers_of(caller, place))
            wanted = 401 if rule.flag == "session" else status
            if answer.status_code != wanted:
                found.add((route, answer.status_code))
        for route in PUBLIC:
            answer = await place.ask(route, route.split()[1], {})
            assert answer.status_code not in (401, 403), route
    await sqlite.aclose()
    assert found == set()


@pytest.mark.parametrize("caller", ["org_admin by session", "viewer by token", "key"])
async def test_what_belongs_to_others_is_told_like_what_does_not_exist(
    sqlite: Database, tmp_path: Path, caller: str
) -> None:
    async with world(sqlite, tmp_path, caller.split(maxsplit=1)[0]) as place:
        headers = headers_of(caller, place)
        for route, rule in RULES.items():
            if rule.cells[caller.split(maxsplit=1)[0]] != "o" or not any(
                word in route for word in OF_OTHERS
            ):
                continue
            path = place.path(route, place.other)
            nothing = path
            for there in (place.other.org, place.other.key, place.other.request, place.other.user):
                nothing = nothing.replace(there, there[:-4] + "0000")
            answers = [await place.ask(route, each, headers) for each in (path, nothing)]
            errors = [answer.json()["error"] for answer in answers]
            assert errors[0] | {"request_id": ""} == errors[1] | {"request_id": ""}, route
    await sqlite.aclose()


@pytest.mark.parametrize("caller", ["org_admin by session", "viewer by token"])
async def test_lists_and_sums_hold_all_of_ones_own_and_nothing_else(
    sqlite: Database, tmp_path: Path, caller: str
) -> None:
    async with world(sqlite, tmp_path, caller.split(maxsplit=1)[0]) as place:
        headers = headers_of(caller, place)

        for path in LISTS:
            answer = await place.served.client.get(f"{PREFIX}/{path}", headers=headers)
            assert answer.status_code == 200, path
            assert place.own.org in answer.text, path
            assert place.other.org not in answer.text, path
            assert place.other.key not in answer.text, path
    await sqlite.aclose()


def test_no_body_takes_a_field_that_it_does_not_know() -> None:
    app = application(configuration.load(None, {"secret_key": "x" * 32}, environ={}))
    description = app.openapi()
    open_bodies = []
    for path, described in description["paths"].items():
        for method, operation in described.items():
            if not path.startswith(PREFIX) or "requestBody" not in operation:
                continue
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            name = schema["$ref"].rpartition("/")[2]
            if description["components"]["schemas"][name].get("additionalProperties") is not False:
                open_bodies.append(f"{method} {path}: {name}")
    assert open_bodies == []
