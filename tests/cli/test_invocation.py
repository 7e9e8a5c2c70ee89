"""What commands ask of their surroundings: a form, a zone, a yes."""

import io
from zoneinfo import ZoneInfo

import pytest

from orouter.cli.invocation import Invocation, every_page, given
from orouter.errors import InvalidRequest
from orouter.schemas.pages import Page
from tests.cli.conftest import Terminal


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("stream", "asked", "form", "color"),
    [
        (Terminal, None, "table", True),
        (Terminal, "json", "json", True),
        (io.StringIO, None, "plain", False),
        (io.StringIO, "table", "table", False),
    ],
)
def test_the_form_follows_from_who_reads(monkeypatch, stream, asked, form, color):
    monkeypatch.setattr("sys.stdout", stream())
    style = Invocation(output=asked).style
    assert (style.format, style.color) == (form, color)


def test_no_color_is_no_color(monkeypatch):
    monkeypatch.setattr("sys.stdout", Terminal())
    assert not Invocation(no_color=True).style.color


def test_people_read_times_in_the_reporting_zone_and_programs_in_utc(monkeypatch):
    monkeypatch.setenv("OROUTER_REPORTING_TIMEZONE", "Asia/Tokyo")
    assert Invocation(output="table").style.zone == ZoneInfo("Asia/Tokyo")
    assert Invocation(output="json").style.zone is None
    assert Invocation(output="json", tz="Europe/Berlin").style.zone == ZoneInfo("Europe/Berlin")


def test_an_unknown_zone_is_a_usage_error():
    with pytest.raises(InvalidRequest, match="not an IANA time zone"):
        _ = Invocation(tz="Mars/Olympus").zone


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1)])
def test_a_person_is_asked(cli, acme, answer, code):
    done = cli("org", "delete", "acme", input=Terminal(answer))
    assert done.code == code
    assert "Delete the organization acme and stop its keys?" in done.err
    assert cli("org", "list", "-q").out == ("" if code == 0 else f"{acme}\n")


def test_quiet_notes_are_not_told(cli):
    assert cli("db", "check").err.startswith("The schema is at")
    assert cli("db", "check", "-q").err == ""


def test_all_pages_are_fetched_and_no_more():
    asked = []

    def ask(number):
        asked.append(number)
        items = list(range(5))[number * 2 - 2 : number * 2]
        return Page(items=items, total=5, page=number, page_size=2)

    assert list(every_page(ask)) == [0, 1, 2, 3, 4]
    assert asked == [1, 2, 3]


def test_a_list_that_shrinks_meanwhile_ends():
    empty = Page(items=[], total=5, page=1, page_size=2)
    assert list(every_page(lambda _: empty)) == []


def test_options_that_were_not_said_are_left_out():
    assert given(a=None, b="", c=0) == {"b": "", "c": 0}
