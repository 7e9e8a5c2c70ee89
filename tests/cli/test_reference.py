"""``docs/cli.md`` tells every command with every option, and no others."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orouter.cli.frame import NOUNS, root

PAGE = (Path(__file__).parents[2] / "docs/cli.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^### `orouter (?P<words>[a-z][a-z -]*[a-z])(?: [^`]*)?`$", re.MULTILINE)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command of the command line by its words: ``key issue`` and its options."""
    for noun in NOUNS:
        command = root().get_command(None, noun)
        verbs = getattr(command, "commands", {})
        yield from ((f"{noun} {verb}", inner) for verb, inner in verbs.items())
        if not verbs:
            yield noun, command


COMMANDS = dict(commands())


def section(words: str) -> str:
    """What the page says below a command's heading."""
    starts = [found for found in HEADING.finditer(PAGE) if found["words"] == words]
    return re.split(r"^##", PAGE[starts[0].end() :], maxsplit=1, flags=re.MULTILINE)[0]


def test_every_command_has_its_section_and_nothing_else_has_one() -> None:
    assert sorted(found["words"] for found in HEADING.finditer(PAGE)) == sorted(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_of_a_command_is_told(words: str) -> None:
    told = section(words)
    assert len(told.strip()) > 10
    options = [each for each in COMMANDS[words].params if each.param_type_name == "option"]
    names = [each.opts[-1] for each in options if not each.hidden]
    assert [
        name for name in names if not re.search(rf"^- `[^`]*{name}\b", told, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("option", [each for each in root().params if each.opts[-1] != "--help"])
def test_the_options_of_all_commands_are_told(option: Any) -> None:
    assert f"{option.opts[-1]}" in PAGE.split("## In scripts")[0]
