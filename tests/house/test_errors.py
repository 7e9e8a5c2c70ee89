"""The drawing in ``orouter/errors.py`` is the tree of classes below it."""

import inspect
import re

import pytest

from orouter import errors

BRANCH = re.compile(r"^ *[│ ]*[├└]── (?P<name>\w+)(?: +(?P<status>\d{3}) (?P<code>\w+))?")


def drawn() -> dict[str, tuple[str, str | None, str | None]]:
    """Name of each class below the root → (parent, status, code), from the docstring."""
    parents, tree = ["OrouterError"], {}
    for line in inspect.cleandoc(errors.__doc__ or "").splitlines():
        if branch := BRANCH.match(line):
            depth = branch.start("name") // 4 - 1
            parents[depth:] = [branch["name"]]
            tree[branch["name"]] = (parents[depth - 1], branch["status"], branch["code"])
    return tree


def classes() -> dict[str, type[errors.OrouterError]]:
    """Every error of the module but the root."""
    return {
        name: each
        for name, each in vars(errors).items()
        if inspect.isclass(each)
        and issubclass(each, errors.OrouterError)
        and each is not errors.OrouterError
    }


def test_the_drawing_shows_every_class() -> None:
    assert drawn().keys() == classes().keys()


@pytest.mark.parametrize("name", drawn())
def test_a_branch_tells_the_truth(name: str) -> None:
    parent, status, code = drawn()[name]
    found = classes()[name]
    assert found.__base__ is not None
    assert found.__base__.__name__ == parent
    if status is not None:
        assert (str(found.status), found.code) == (status, code)


@pytest.mark.parametrize("name", drawn())
def test_a_status_that_callers_see_is_drawn(name: str) -> None:
    own = vars(classes()[name]).keys() & {"status", "code"}
    is_leaf = not classes()[name].__subclasses__()
    assert drawn()[name][1] is not None or not (own and is_leaf)
