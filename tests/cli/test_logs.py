"""``orouter logs``."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orouter.db.session import Database
from tests.cli.conftest import Run
from tests.services.owned_usage import Owner

UTC = ZoneInfo("UTC")


@pytest.fixture
def ids(cli: Run, tmp_path: Path) -> list[str]:
    """Three requests, oldest first: plain, failed, slow."""
    database = Database(f"sqlite:///{tmp_path}/data/orouter.db")
    owner = Owner(database, "acme", UTC)
    made = [
        owner.use("2026-10-03T10:00"),
        owner.use("2026-10-03T11:00", code="upstream_error", status=502, cost=None),
        owner.use("2026-10-03T12:00", latency=6_000_000),
    ]
    database.close()
    return [each.id for each in made]


def test_requests_are_listed_newest_first_and_page_by_page(cli: Run, ids: list[str]) -> None:
    assert cli("logs", "list", "-q").lines == ids[::-1]
    page = cli("logs", "list", "--limit", "2", "-o", "json")
    assert [row["id"] for row in json.loads(page.out)] == ids[:0:-1]
    assert f"--before {ids[1]}" in page.err
    assert cli("logs", "list", "--before", ids[1], "-q").lines == ids[:1]


def test_requests_are_filtered(cli: Run, ids: list[str]) -> None:
    assert cli("logs", "list", "--errors", "-q").lines == [ids[1]]
    assert cli("logs", "list", "--slow", "5s", "-q").lines == [ids[2]]
    assert cli("logs", "list", "--org", "acme", "--status", "200", "-q").lines == [ids[2], ids[0]]
    until = cli("logs", "list", "--since", "2026-10-03T11:00", "--until", "2026-10-03T12:00", "-q")
    assert until.lines == [ids[1]]
    assert cli("logs", "list", "--slow", "soon").code == 2


def test_the_tail_is_oldest_first_and_says_nothing_twice(cli: Run, ids: list[str]) -> None:
    tail = cli("logs", "tail", "-n", "2", "-f", "--times", "2", "-o", "json")
    rows = [json.loads(line) for line in tail.lines]
    assert [row["id"] for row in rows] == ids[1:]
    assert (rows[0]["status"], rows[0]["code"]) == (502, "upstream_error")
    assert cli("logs", "tail", "-n", "1", "-q").lines == ids[2:]


def test_one_request_is_shown_whole(cli: Run, ids: list[str]) -> None:
    shown = json.loads(cli("logs", "show", ids[0], "-o", "json").out)
    assert (shown["org"], shown["key"], shown["cost_usd"]) == ("acme", "acme-ci", "0.0015")
    assert cli("logs", "show", "01NOBODY").code == 3
