"""Every form, read back as its reader would."""

import csv
import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml

from orouter.cli.output import FORMATS, Style, write_list, write_one

AT = datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=UTC)
ROWS = [
    {"name": "a|b", "id": "1", "at": AT, "on": True, "more": {"x": [1, None]}},
    {"name": "=1+1\n\x1b[2J", "id": "2", "at": None, "on": False, "more": {}},
]
COLUMNS = ("id", "name", "on")


def listed(capsys, rows, style):
    write_list(rows, COLUMNS, Style(style))
    return capsys.readouterr().out


def test_json_is_an_array_of_whole_things(capsys):
    found = json.loads(listed(capsys, ROWS, "json"))
    assert found == yaml.safe_load(listed(capsys, ROWS, "yaml"))
    assert found == list(map(json.loads, listed(capsys, ROWS, "ndjson").splitlines()))
    assert found[0] == {
        "id": "1",
        "name": "a|b",
        "at": "2026-11-23T09:30:00.000005Z",
        "on": True,
        "more": {"x": [1, None]},
    }
    assert next(iter(found[0])) == "id"


def test_csv_can_be_read_back_and_holds_no_formula(capsys):
    first, second = csv.DictReader(io.StringIO(listed(capsys, ROWS, "csv")))
    assert first == {
        "id": "1",
        "name": "a|b",
        "at": "2026-11-23T09:30:00.000005Z",
        "on": "true",
        "more": '{"x": [1, null]}',
    }
    assert second["name"].startswith("'=1+1\n")


def test_pipes_get_tabs_a_header_and_one_line_each(capsys):
    assert listed(capsys, ROWS, "plain").splitlines() == [
        "id\tname\ton",
        "1\ta|b\ttrue",
        "2\t=1+1\\n\\x1b[2J\tfalse",
    ]


def test_markdown_keeps_its_columns(capsys):
    assert listed(capsys, ROWS, "markdown").splitlines() == [
        "| id | name | on |",
        "| --- | --- | --- |",
        "| 1 | a\\|b | true |",
        "| 2 | =1+1\\n\\x1b[2J | false |",
    ]


def test_tables_are_for_people_and_do_not_obey_what_they_show(capsys):
    shown = listed(capsys, [*ROWS, {"id": "[bold]3[/]" + "x" * 90}], "table")
    assert "\x1b" not in shown
    assert "[bold]3[/]" + "x" * 90 in shown
    assert [line.split()[0] for line in shown.splitlines() if line.strip()][:1] == ["id"]


@pytest.mark.parametrize(
    ("style", "nothing"),
    [
        ("json", "[]\n"),
        ("yaml", "[]\n"),
        ("ndjson", ""),
        ("csv", "id,name,on\n"),
        ("plain", "id\tname\ton\n"),
        ("markdown", "| id | name | on |\n| --- | --- | --- |\n"),
    ],
)
def test_an_empty_list(capsys, style, nothing):
    assert listed(capsys, [], style) == nothing


def test_one_thing_is_an_object(capsys):
    write_one(ROWS[0], Style("json"))
    assert json.loads(capsys.readouterr().out)["id"] == "1"
    write_one({"id": "1", "at": AT}, Style("plain"))
    assert capsys.readouterr().out == "id\tat\n1\t2026-11-23T09:30:00.000005Z\n"
    write_one({"id": "1", "at": AT}, Style("markdown", ZoneInfo("Europe/Berlin")))
    assert capsys.readouterr().out.splitlines()[2:] == ["| id | 1 |", "| at | 2026-11-23 10:30 |"]


def test_times_are_in_the_zone_that_was_asked_for(capsys):
    write_one({"at": AT}, Style("json", ZoneInfo("Europe/Berlin")))
    assert json.loads(capsys.readouterr().out) == {"at": "2026-11-23T10:30:00.000005+01:00"}


@pytest.mark.parametrize("style", FORMATS)
def test_every_form_shows_every_id(capsys, style):
    assert all(number in listed(capsys, ROWS, style) for number in "12")
