"""The entry point: runs a command and turns whatever happens into an exit code and two lines."""

import gc
import os
import sys
from typing import Any

import typer
from typer._completion_classes import completion_init

from orouter.cli.frame import root
from orouter.cli.invocation import Invocation
from orouter.errors import OrouterError

COLLECT_EVERY = 300_000
"""New objects before a collection: imports alone make 100,000 that stay, and to look at them again
every 700, as Python does, is a sixth of most commands."""


def run(argv: list[str] | None = None) -> None:
    """``orouter``. Ends the process."""
    gc.set_threshold(COLLECT_EVERY)
    code = main(sys.argv[1:] if argv is None else argv)
    gc.freeze()  # else Python collects as it ends, a quarter of a command's time
    sys.exit(code)


def main(argv: list[str]) -> int:
    """One command; returns its exit code."""
    invocation = Invocation()
    if "_OROUTER_COMPLETE" in os.environ:
        completion_init()
    try:
        code = root().main(argv, prog_name="orouter", standalone_mode=False, obj=invocation)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except typer.Abort:
        return 130
    except Exception as error:  # noqa: BLE001  the last place where it can be told decently
        return _failed(error, invocation)
    finally:
        invocation.close()
    return code if isinstance(code, int) else 0


def _failed(error: Exception, invocation: Invocation) -> int:
    if invocation.debug:
        import traceback

        sys.stderr.write(_without_secrets("".join(traceback.format_exception(error))))
    code, message, hint = _told(error)
    sys.stderr.write(f"error: {message}\nhint: {hint}\n")
    return code


def _told(error: Exception) -> tuple[int, str, str]:
    """Exit code, what happened, what to do."""
    if isinstance(error, OrouterError):
        return error.exit_code, error.message, error.hint or _help(None)
    if isinstance(error, typer.TyperException):
        return error.exit_code, error.format_message(), _help(getattr(error, "ctx", None))
    if type(error).__name__ == "ValidationError" and hasattr(error, "errors"):
        return 2, _invalid(error.errors(include_url=False, include_input=False)), _help(None)
    reason = _without_secrets(f"{type(error).__name__}: {error}").splitlines()[0]
    return 1, reason, "this should not happen; --debug shows where it did"


def _invalid(details: list[dict[str, Any]]) -> str:
    return "; ".join(map(_problem, details))


def _problem(detail: dict[str, Any]) -> str:
    field = ".".join(map(str, detail["loc"])) or "input"
    return f"{field}: {detail['msg'].removeprefix('Value error, ')}"


def _help(context: Any) -> str:
    return f"`{context.command_path if context else 'orouter'} --help` tells what is possible"


def _without_secrets(text: str) -> str:
    from orouter.logs import redact

    return redact(text)


def _forget_output() -> None:
    """The reader has left; Python would complain about it once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
