"""Nothing grows past what a reader holds in mind."""

from statistics import median, quantiles

from tests.house.source import Function, functions, modules

FUNCTION_LINES = 50
MODULE_LINES = 400
PARAMETERS = 6
HANDLER_LINES = 10
COMMAND_LINES = 15
HTTP_VERBS = ("get", "post", "put", "patch", "delete")


def every_function(folder: str = "orouter") -> list[Function]:
    return [each for path, text in modules(folder).items() for each in functions(path, text)]


def is_command(function: Function) -> bool:
    """A typer command: its parameters are the command's options, so they are not counted."""
    return function.where.startswith("orouter/cli/") and function.is_decorated_with(
        "command", "callback"
    )


def test_no_function_is_long() -> None:
    found = [f"{f.where}: {f.lines}" for f in every_function() if f.lines > FUNCTION_LINES]
    assert found == []


def test_most_functions_are_short() -> None:
    lines = [each.lines for each in every_function()]
    assert median(lines) <= 8
    assert quantiles(lines, n=10)[-1] <= 20


def test_no_module_is_long() -> None:
    sizes = {str(path): len(text.splitlines()) for path, text in modules().items()}
    assert {path: size for path, size in sizes.items() if size > MODULE_LINES} == {}
    assert quantiles(sizes.values(), n=10)[-1] <= 220


def test_no_function_takes_many_parameters() -> None:
    found = [
        f"{f.where}: {len(f.parameters)}"
        for f in every_function()
        if len(f.parameters) > PARAMETERS and not is_command(f)
    ]
    assert found == []


def test_edges_only_parse_call_and_answer() -> None:
    handlers = [
        f"{f.where}: {f.body_lines}"
        for f in every_function()
        if f.where.startswith("orouter/api/")
        and f.is_decorated_with(*HTTP_VERBS)
        and f.body_lines > HANDLER_LINES
    ]
    commands = [
        f"{f.where}: {f.body_lines}"
        for f in every_function()
        if is_command(f) and f.body_lines > COMMAND_LINES
    ]
    assert handlers + commands == []


def test_no_test_is_long() -> None:
    found = [f"{f.where}: {f.lines}" for f in every_function("tests") if f.lines > FUNCTION_LINES]
    assert found == []
