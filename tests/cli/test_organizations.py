"""``orouter org``, verb by verb."""

import csv
import io
import json

import pytest
import yaml

PARSERS = {
    "json": json.loads,
    "yaml": yaml.safe_load,
    "ndjson": lambda text: [json.loads(line) for line in text.splitlines()],
    "csv": lambda text: list(csv.DictReader(io.StringIO(text))),
    "plain": lambda text: list(csv.DictReader(io.StringIO(text), delimiter="\t")),
}
VERBS = [
    ["list"],
    ["show", "acme"],
    ["create", "other", "--description", "an other one"],
    ["update", "acme", "--description", "new"],
    ["enable", "acme"],
    ["disable", "acme"],
    ["delete", "acme", "--yes"],
    ["delete", "acme", "--dry-run"],
]


@pytest.mark.parametrize("style", PARSERS)
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: "-".join(verb[:3]))
def test_every_verb_in_every_form(cli, acme, verb, style):
    done = cli("org", *verb, "-o", style)
    assert done.code == 0, done.err
    found = PARSERS[style](done.out)
    found = found[0] if isinstance(found, list) else found
    assert found["id"].startswith("org_")
    assert found["name"] == ("other" if verb[0] == "create" else "acme")


def test_people_get_a_table(cli, acme):
    shown = cli("org", "list", terminal=True).out
    assert "acme" in shown
    assert "─" in shown


def test_pipes_get_tabs_and_quiet_only_ids(cli, acme):
    assert cli("org", "list").lines[0] == "id\tname\tstatus\tdescription\tcreated_at"
    assert cli("org", "list", "-q").out == f"{acme}\n"
    assert cli("-q", "org", "show", "acme").out == f"{acme}\n"


def test_creating_twice_is_a_conflict_unless_one_is_content(cli, acme):
    assert cli("org", "create", "acme").code == 5
    again = cli("org", "create", "acme", "--if-not-exists", "-q")
    assert (again.code, again.out) == (0, f"{acme}\n")


def test_filters(cli, acme):
    cli("org", "create", "beta")
    cli("org", "disable", "beta")
    names = ("org", "list", "-o", "csv")
    assert "beta" not in cli(*names, "--status", "active").out
    assert "acme" not in cli(*names, "--search", "bet").out
    assert cli("org", "list", "--created-before", "2020-01-01", "-o", "json").out == "[]\n"
    assert len(cli("org", "list", "-q", "--created-after", "1h", "--sort", "name").lines) == 2
    assert cli("org", "list", "--created-after", "yesterday").code == 2


def test_deleting_asks_and_can_be_taken_back(cli, acme):
    assert cli("org", "delete", "acme").code == 9
    assert cli("org", "delete", "acme", "--dry-run").code == 0
    assert cli("org", "show", "acme", "-o", "json").out.count('"active"') == 1
    assert cli("org", "delete", "acme", "-y").code == 0
    assert cli("org", "list", "-q").out == ""
    assert cli("org", "list", "-q", "--status", "deleted").out == f"{acme}\n"
    assert cli("org", "restore", acme, "-q").out == f"{acme}\n"
