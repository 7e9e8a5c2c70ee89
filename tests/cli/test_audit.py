"""``orouter audit``."""

import json


def test_what_was_done_on_the_command_line_is_listed(cli, acme):
    cli("org", "update", "acme", "--description", "new")
    found = json.loads(cli("audit", "list", "-o", "json").out)
    assert [entry["action"] for entry in found] == ["org.update", "org.create"]
    assert found[0]["before"] == {"description": ""}
    assert found[0]["after"] == {"description": "new"}
    assert {entry["via"] for entry in found} == {"cli"}


def test_filters(cli, acme):
    cli("key", "issue", "--org", "acme", "--name", "ci")
    assert len(cli("audit", "list", "-q").lines) == 2
    for options in (
        *(["--action", "key.issue"], ["--kind", "key"], ["--limit", "1"], ["--search", "ci"]),
        *(["--target", acme], ["--since", "1h", "--action", "org.create"]),
    ):
        assert len(cli("audit", "list", "-q", *options).lines) == 1, options
    assert cli("audit", "list", "-q", "--until", "1h").lines == []
    assert len(cli("audit", "list", "-q", "--org", "acme").lines) == 2
    assert cli("audit", "list", "--since", "soon").code == 2
