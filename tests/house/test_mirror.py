"""Whoever changes ``orouter/x/y.py`` finds its tests at ``tests/x/test_y.py`` or ``tests/x/y/``.

A package inside a package, as each dialect is one, is tested as a whole: any test in its folder.
"""

from pathlib import Path

from tests.house.source import functions, modules

# Below this a module mostly declares; it is tested through those who use it.
LINES_OF_LOGIC = 30


def logic(path: Path, text: str) -> int:
    return sum(each.body_lines for each in functions(path, text))


def has_tests(module: Path, tests: list[Path]) -> bool:
    inside = module.relative_to("orouter")
    beside = Path("tests") / inside.parent / f"test_{inside.stem}.py"
    folder = Path("tests") / (inside.parent if len(inside.parts) > 2 else inside.with_suffix(""))
    return beside in tests or any(
        folder in test.parents and test.name.startswith("test_") for test in tests
    )


def test_every_module_with_logic_has_its_tests() -> None:
    tests = list(modules("tests"))
    missing = [
        str(path)
        for path, text in modules().items()
        if logic(path, text) > LINES_OF_LOGIC and not has_tests(path, tests)
    ]
    assert missing == []
