"""Print a table, keep the numbers as JSON."""

import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.stand.contenders import OUT


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as columns; a number keeps three digits that count, None becomes a dash."""
    names = list(rows[0])
    cells = [names, *[[_cell(row[name]) for name in names] for row in rows]]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    print(f"\n{title}")
    for line in cells:
        first, *others = zip(line, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *[text.rjust(width) for text, width in others]]))


def keep(benchmark: str, numbers: Any) -> None:
    """Write ``benchmarks/out/<benchmark>.json``, with what they were measured on."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{benchmark}.json"
    machine = {
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }
    taken = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    text = json.dumps({"taken": taken, "machine": machine, "results": numbers}, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"\nwritten: benchmarks/out/{path.name}")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)
