"""A provider is a paragraph: one small file, named by its type, and one line in the registry."""

import ast
from pathlib import Path
from typing import get_args

from orouter.providers.registry import TYPES
from orouter.settings.schema import ProviderType
from tests.house.source import modules

PROVIDER_LINES = 30
ROOM = Path("orouter/providers")


def is_provider(text: str) -> bool:
    """Whether the module declares one: ``NAME = Provider(...)``."""
    values = [node.value for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    calls = [value.func for value in values if isinstance(value, ast.Call)]
    return any(isinstance(call, ast.Name) and call.id == "Provider" for call in calls)


def paragraphs() -> dict[str, str]:
    """Type → text of its file."""
    return {
        path.stem: text
        for path, text in modules().items()
        if path.parent == ROOM and is_provider(text)
    }


def test_every_type_is_a_file_and_a_line_in_the_registry() -> None:
    assert sorted(paragraphs()) == sorted(TYPES)


def test_a_configuration_can_name_every_type_and_no_other() -> None:
    assert sorted(get_args(ProviderType)) == sorted(TYPES)


def test_a_provider_is_short() -> None:
    lines = {name: len(text.splitlines()) for name, text in paragraphs().items()}
    assert {name: count for name, count in lines.items() if count > PROVIDER_LINES} == {}
