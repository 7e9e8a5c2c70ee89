import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from orouter.db.session import Database
from orouter.schemas.actor import CLI
from orouter.schemas.requests import RequestListing
from orouter.services import exports
from orouter.services.exports import Format
from orouter.services.statistics import StatsQuery
from tests.services.owned_usage import ZONE, Owner, between

YEAR = StatsQuery(span=between("2026-01-01", "2027-01-01"), stored_zone=ZONE)
HEADER = (
    "period,org_id,org,key_id,key,provider,model,requests,errors,"
    "input_tokens,output_tokens,total_tokens,cost_usd\n"
)


def summary(database: Database, form: Format = "csv", wanted: StatsQuery = YEAR) -> str:
    with database.read() as session:
        return b"".join(exports.summary(session, wanted, CLI, form)).decode()


def detail(database: Database, form: Format = "csv") -> str:
    with database.read() as session:
        pieces = exports.detail(session, RequestListing(), YEAR, CLI, form)
        return b"".join(pieces).decode()


def test_the_default_export_has_the_promised_columns_and_order(database: Database) -> None:
    acme = Owner(database, "acme")
    acme.use("2026-11-03T10:00")
    acme.use("2026-10-03T10:00", cost=None)
    acme.use("2026-11-03T11:00", code="upstream_error", status=502, cost=0)
    mine = f"{acme.org},acme,{acme.key},acme-ci,openai,openai/gpt-4o"
    assert summary(database) == (
        f"{HEADER}2026-10,{mine},1,0,10,5,15,\n2026-11,{mine},2,1,20,10,30,0.0015\n"
    )


def test_an_empty_range_is_a_header_or_an_empty_list(database: Database) -> None:
    assert summary(database) == HEADER
    assert summary(database, "json") == "[]\n"
    assert summary(database, "ndjson") == ""
    assert detail(database).count("\n") == 1


def test_json_and_ndjson_say_the_same_as_csv(sqlite: Database) -> None:
    acme = Owner(sqlite, "acme")
    for day in range(1, 9):
        acme.use(f"2026-11-0{day}T10:00", cost=None if day > 6 else 10**9)
    wanted = StatsQuery(span=YEAR.span, stored_zone=ZONE, group_by=("day",))
    rows = list(csv.DictReader(io.StringIO(summary(sqlite, "csv", wanted))))
    objects = json.loads(summary(sqlite, "json", wanted))
    lines = [json.loads(line) for line in summary(sqlite, "ndjson", wanted).splitlines()]
    assert objects == lines
    assert [
        {name: "" if value is None else str(value) for name, value in each.items()}
        for each in objects
    ] == rows
    assert [each["cost_usd"] for each in objects] == ["1"] * 6 + [None] * 2


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%0A", "\t=1"])
def test_no_cell_of_text_is_a_formula(evil: str) -> None:
    def rows() -> Iterator[dict[str, object]]:
        yield {"text": evil, "number": -5}

    data = b"".join(exports.encode(rows(), ("text", "number"), "csv")).decode()
    (_, row) = csv.reader(io.StringIO(data))
    assert row == [f"'{evil}", "-5"]


def test_details_are_requests_oldest_first_with_their_attempts(database: Database) -> None:
    acme = Owner(database, "acme")
    late = acme.use("2026-11-03T10:00", tries='[{"provider": "openai"}]', error='a "b", c\nd')
    early = acme.use("2026-11-02T10:00")
    acme.use("2025-11-02T10:00")
    rows = list(csv.DictReader(io.StringIO(detail(database))))
    assert [row["id"] for row in rows] == [early.id, late.id]
    assert rows[1]["error"] == 'a "b", c\nd'
    assert json.loads(rows[1]["tries"]) == [{"provider": "openai"}]
    assert json.loads(detail(database, "json"))[1]["tries"] == [{"provider": "openai"}]


def test_a_long_export_needs_no_more_memory_than_a_short_one() -> None:
    def rows(count: int) -> Iterator[dict[str, object]]:
        return ({"number": number, "text": "x" * 100} for number in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in exports.encode(rows(count), ("number", "text"), "csv"):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20_000) < 1.5 * peak(2_000)
