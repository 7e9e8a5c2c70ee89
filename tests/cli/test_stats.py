"""``orouter stats``."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orouter.db.session import Database
from tests.cli.conftest import Run
from tests.services.owned_usage import Owner

UTC = ZoneInfo("UTC")


@pytest.fixture
def used(cli: Run, tmp_path: Path) -> Owner:
    """Requests of this moment and of October 2026 in the installation's database."""
    database = Database(f"sqlite:///{tmp_path}/data/orouter.db")
    owner = Owner(database, "acme", UTC)
    owner.use("2026-10-03T10:00")
    owner.use("2026-10-03T11:00", model="a/b", provider="a", cost=None)
    owner.use(datetime.now(UTC).replace(tzinfo=None).isoformat())
    database.close()
    return owner


def test_usage_is_shown_by_group_with_the_totals_beside_it(cli: Run, used: Owner) -> None:
    shown = cli("stats", "show", "--month", "2026-10", "--by", "org,model", "-o", "json")
    rows = json.loads(shown.out)
    assert [(row["org"], row["model"], row["requests"], row["cost_usd"]) for row in rows] == [
        ("acme", "a/b", 1, None),
        ("acme", "openai/gpt-4o", 1, "0.0015"),
    ]
    assert "2 requests, 0 errors, 30 tokens, $0.0015" in shown.err
    assert (
        cli("stats", "show", "--month", "2026-10", "--org", "acme").lines[0].startswith("model\t")
    )
    assert cli("stats", "show", "--month", "2026-10", "--key", "acme-ci", "-q").lines == [
        *("a/b", "openai/gpt-4o")
    ]


def test_a_quiet_month_is_an_empty_list(cli: Run, used: Owner) -> None:
    assert cli("stats", "show", "--month", "2020-01", "-o", "json").out == "[]\n"


def test_the_top_and_what_happens_today(cli: Run, used: Owner) -> None:
    top = cli("stats", "top", "--year", "2026", "--by", "model", "--measure", "requests", "-q")
    assert top.lines[0] == "openai/gpt-4o"
    watched = cli("stats", "watch", "--times", "2", "--interval", "0.2", "-o", "ndjson")
    assert [json.loads(line)["requests"] for line in watched.lines] == [1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        ("show", "--by", "colour"),
        ("show", "--month", "2026-10", "--year", "2026"),
        ("show", "--month", "soon"),
        ("export", "--csv", "--json"),
        ("export", "--out", "missing/file.csv"),
    ],
)
def test_what_cannot_be_understood_is_refused(cli: Run, wrong: tuple[str, ...]) -> None:
    result = cli("stats", *wrong)
    assert result.code == 2
    assert result.err.startswith("error: ")
    assert "hint: " in result.err


def test_an_organization_that_is_not_there_is_not_found(cli: Run) -> None:
    assert cli("stats", "show", "--org", "nobody").code == 3


def test_filters_take_any_of_several(cli: Run, used: Owner) -> None:
    Owner(used.database, "zeta", UTC).use("2026-10-03T10:00")
    used.database.close()
    asked = ("stats", "show", "--by", "org", "--month", "2026-10", "-o", "json")
    both = cli(*asked, "--org", "acme", "--org", "zeta")
    assert {row["org"] for row in json.loads(both.out)} == {"acme", "zeta"}
    one = cli(*asked, "--org", "zeta")
    assert {row["org"] for row in json.loads(one.out)} == {"zeta"}


def test_an_export_is_silent_whole_and_named_by_its_month(
    cli: Run, used: Owner, tmp_path: Path
) -> None:
    result = cli("stats", "export", "--month", "2026-10", "--out", "usage-{month}.csv")
    assert (result.code, result.out, result.err) == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "usage-2026-10.csv").read_text())))
    assert [(row["period"], row["org"], row["cost_usd"]) for row in rows] == [
        ("2026-10", "acme", ""),
        ("2026-10", "acme", "0.0015"),
    ]
    assert [path.name for path in tmp_path.glob(".usage*")] == []


def test_an_empty_month_is_a_header(cli: Run, tmp_path: Path) -> None:
    result = cli("stats", "export", "--month", "2020-01", "--out", "usage.csv")
    assert result.code == 0
    assert (tmp_path / "usage.csv").read_text().startswith("period,org_id,")


def test_details_compressed_are_the_same_file_twice(cli: Run, used: Owner, tmp_path: Path) -> None:
    for name in ("one.gz", "two.gz"):
        said = ("--month", "2026-10", "--detail", "--ndjson", "--gzip", "--out", name)
        assert cli("stats", "export", *said).code == 0
    one, two = ((tmp_path / name).read_bytes() for name in ("one.gz", "two.gz"))
    assert one == two
    lines = gzip.decompress(one).decode().splitlines()
    assert [json.loads(line)["model"] for line in lines] == ["openai/gpt-4o", "a/b"]


def test_a_pipe_gets_the_bytes(cli: Run, used: Owner, tmp_path: Path) -> None:
    program = "import sys; from orouter.cli.main import run; run(sys.argv[1:])"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, "stats", "export", "--month", "2026-10", "--json"],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
    )
    assert [row["requests"] for row in json.loads(done.stdout)] == [1, 1]


def test_rebuilding_tells_the_days(cli: Run, used: Owner) -> None:
    result = cli("stats", "rebuild", "--since", "2026-10-01", "--until", "2026-10-31", "-o", "json")
    days = json.loads(result.out)
    assert days[0] == {"day": "2026-10-03", "requests": 2, "state": "rebuilt"}
    assert (len(days), sum(day["requests"] for day in days)) == (29, 2)
