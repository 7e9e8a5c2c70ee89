"""The project's own files, as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Function:
    """One function or method; lines are counted without its docstring and without blank ones."""

    where: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    lines: int
    body_lines: int

    @property
    def parameters(self) -> list[str]:
        """The names that a caller gives: everything but ``self`` and ``cls``."""
        spec = self.node.args
        every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
        return [arg.arg for arg in every if arg.arg not in {"self", "cls"}]

    def is_decorated_with(self, *verbs: str) -> bool:
        """Whether a decorator calls one of these methods, as ``@router.get(...)`` calls ``get``."""
        calls = [d.func for d in self.node.decorator_list if isinstance(d, ast.Call)]
        return any(isinstance(call, ast.Attribute) and call.attr in verbs for call in calls)


@cache
def tracked() -> list[Path]:
    """Every file of the repository, also a new one that git does not ignore; relative paths."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(
        path for name in listed.stdout.splitlines() if (ROOT / (path := Path(name))).is_file()
    )


@cache
def modules(folder: str = "orouter") -> dict[Path, str]:
    """Path and text of every Python module below ``folder``."""
    chosen = [path for path in tracked() if path.parts[0] == folder and path.suffix == ".py"]
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in chosen}


def functions(path: Path, text: str) -> Iterator[Function]:
    """Every function of a module, nested ones and methods too."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text, str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = node.body[0] if ast.get_docstring(node) is not None else None
            skipped = range(told.lineno, _end(told) + 1) if told else range(0)
            code = [
                n
                for n in range(node.lineno, _end(node) + 1)
                if n not in skipped and lines[n - 1].strip()
            ]
            signature_end = node.body[0].lineno
            body = [n for n in code if n >= signature_end]
            yield Function(f"{path}:{node.lineno} {node.name}", node, len(code), len(body))


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
