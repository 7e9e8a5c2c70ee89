"""``docs/dependencies.md`` tells the reason for each package that ``pyproject.toml`` asks for."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.source import ROOT, modules

ROW = re.compile(
    r"^\| `(?P<name>[\w.-]+)` \| (?P<loaded_by>[^|]+) \| (?P<reason>[^|]+) \|$", re.MULTILINE
)
NAME = re.compile(r"^[\w.-]+")
OURSELVES = "orouter"
PARTS = {"pydantic_core": "pydantic"}  # a package that comes, at one exact version, with another


def project() -> dict[str, list[str]]:
    """The packages asked for at run time and for development, by their bare names."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"runtime": told["project"]["dependencies"], "dev": told["dependency-groups"]["dev"]}
    return {
        kind: [found[0] for line in lines if (found := NAME.match(line))]
        for kind, lines in wanted.items()
    }


def table(heading: str) -> dict[str, str]:
    """Package → who loads it, from the table below a heading."""
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    section = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return {row["name"]: row["loaded_by"].strip() for row in ROW.finditer(section)}


def imported() -> set[str]:
    """The distributions that our own code imports."""
    distributions = packages_distributions()
    roots: set[str] = set()
    for text in [*modules().values(), *modules("migrations").values()]:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                roots |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                roots.add(node.module.split(".")[0])
    foreign = roots - set(sys.stdlib_module_names) - {OURSELVES}
    names = {distributions[root][0].lower() for root in foreign}
    return {PARTS.get(name, name) for name in names}


def test_every_runtime_package_has_its_reason() -> None:
    assert sorted(table("At run time")) == sorted(project()["runtime"])


def test_every_development_package_has_its_reason() -> None:
    assert sorted(table("For development")) == sorted(project()["dev"])


def test_what_we_import_is_asked_for_and_nothing_else_is() -> None:
    ours = {name for name, loaded_by in table("At run time").items() if loaded_by == OURSELVES}
    assert sorted(imported()) == sorted(ours)


def test_every_pin_is_locked() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    every = re.findall(r"^([\w.-]+)==", pins, re.MULTILINE)
    assert set(project()["runtime"]) <= set(every)
    assert pins.count("--hash=sha256:") >= len(every)
