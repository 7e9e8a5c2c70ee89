"""Which form an answer takes, and what is said beside it."""

import pytest

from tests.cli.conftest import Run, Terminal


def test_a_terminal_is_coloured_unless_told_otherwise(
    cli: Run, acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in cli("org", "list", terminal=True).out
    assert "\x1b[" not in cli("org", "list", "--no-color", terminal=True).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cli("org", "list", terminal=True).out


def test_a_question_is_asked_on_a_terminal_and_its_answer_obeyed(cli: Run, acme: str) -> None:
    refused = cli("org", "delete", "acme", input=Terminal("n\n"))
    assert refused.code == 1
    assert "Delete the organization acme" in refused.err
    assert cli("org", "delete", "acme", input=Terminal("y\n")).code == 0


def test_cron_hears_nothing_of_a_purge_and_a_person_does(cli: Run) -> None:
    done = cli("db", "purge", "--older-than", "90d", "--yes")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert "Requests deleted: 0" in cli("db", "purge", "--yes", terminal=True).err
    assert cli("db", "purge", "--yes", "-o", "json").out == '{\n  "requests": 0\n}\n'


def test_limits_that_are_well_are_silent(cli: Run, acme: str) -> None:
    cli("limits", "set", "acme", "--requests", "5")
    done = cli("limits", "check")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_list_without_an_end_has_one_header(cli: Run) -> None:
    ends = ("-f", "--times", "2")
    assert cli("logs", "tail", *ends, "-o", "csv").out.startswith("at,id,org,")
    assert len(cli("logs", "tail", *ends, "-o", "plain").lines) == 1
    assert cli("logs", "tail", *ends, "-o", "json").out == ""
    assert cli("logs", "tail", *ends, "-o", "yaml").out == ""
