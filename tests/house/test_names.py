"""A name says what is inside; these say only that somebody did not know."""

import ast

from tests.house.source import modules, tracked

EMPTY_NAMES = {
    *("common", "handler", "handlers", "helper", "helpers", "manager", "managers"),
    *("misc", "util", "utils"),
}
EMPTY_ENDINGS = ("Helper", "Manager", "Util", "Utils")


def test_no_file_has_an_empty_name() -> None:
    words = {path: {part.split(".")[0] for part in path.parts} for path in tracked()}
    found = [str(path) for path, parts in words.items() if parts & EMPTY_NAMES]
    assert found == []


def test_no_class_has_an_empty_name() -> None:
    classes = [
        f"{path}: {node.name}"
        for path, text in modules().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    ]
    assert [each for each in classes if each.endswith(EMPTY_ENDINGS)] == []
