"""Results on standard output, in the form that the reader asked for.

``table`` is for people, ``plain`` (tab-separated with a header) for pipes, the others for programs.
Lists and single things are the same rows; only JSON and YAML tell them apart.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol

Row = Mapping[str, Any]
_WIDEST = 160
FORMATS = ("table", "json", "ndjson", "csv", "yaml", "plain", "markdown")


class Model(Protocol):
    """Anything of pydantic."""

    def model_dump(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Style:
    """How results are written: format, zone of times (None: UTC), colours."""

    format: str = "plain"
    zone: tzinfo | None = None
    color: bool = False


def write_list(items: Iterable[Model | Row], columns: Sequence[str], style: Style) -> None:
    """Writes a list; ``columns`` are what people and pipes see, programs get every field."""
    rows = [_row(item, style) for item in items]
    if style.format == "json":
        _put(_json(rows, indent=2))
    elif style.format == "yaml":
        _put(_yaml(rows))
    else:
        _WRITERS[style.format](rows, columns, style)


def write_one(item: Model | Row, style: Style) -> None:
    """Writes one thing with all its fields: one name and value a line for people."""
    row = _row(item, style)
    if style.format == "json":
        _put(_json(row, indent=2))
    elif style.format == "yaml":
        _put(_yaml(row))
    elif style.format in ("table", "markdown"):
        pairs = [{"field": name, "value": value} for name, value in row.items()]
        _WRITERS[style.format](pairs, ("field", "value"), style)
    else:
        _WRITERS[style.format]([row], tuple(row), style)


def write_more(
    items: Iterable[Model | Row], columns: Sequence[str], style: Style, *, first: bool
) -> None:
    """Writes some more of a list that has no end, the header with the ``first`` of it.

    JSON is one object a line, tables have no borders: neither can wait for an end.
    """
    form = {"json": "ndjson", "table": "plain"}.get(style.format, style.format)
    rows = [{name: row.get(name) for name in columns} for row in (_row(i, style) for i in items)]
    if form == "yaml":
        _put(_yaml(rows) if rows else "")
    elif form == "ndjson":
        _ndjson(rows, columns, style)
    else:
        _WRITERS[form](rows, columns, style, head=first)
    sys.stdout.flush()


def write_lines(lines: Iterable[str]) -> None:
    """Writes bare values, one a line: ids, or a secret."""
    for line in lines:
        _put(line)


def _put(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")


def _row(item: Model | Row, style: Style) -> dict[str, Any]:
    fields = item if isinstance(item, Mapping) else item.model_dump()
    if "id" in fields:
        fields = {"id": fields["id"], **fields}
    return {name: _value(value, style) for name, value in fields.items()}


def _value(value: Any, style: Style) -> Any:
    if isinstance(value, datetime):
        return _time(value, style)
    if isinstance(value, Mapping):
        return {str(key): _value(inner, style) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_value(inner, style) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _time(moment: datetime, style: Style) -> str:
    if style.format in ("table", "markdown"):
        return moment.astimezone(style.zone or UTC).strftime("%Y-%m-%d %H:%M")
    text = moment.astimezone(style.zone or UTC).isoformat()
    return text.removesuffix("+00:00") + "Z" if style.zone in (None, UTC) else text


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False)


def _yaml(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _json(value)


def _visible(text: str) -> str:
    """Nothing in a value can move the cursor or end a line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _ndjson(rows: Sequence[Row], _: Sequence[str], __: Style) -> None:
    write_lines(_json(row) for row in rows)


def _csv(rows: Sequence[Row], columns: Sequence[str], _: Style, *, head: bool = True) -> None:
    names = list(rows[0]) if rows else list(columns)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if head:
        writer.writerow(names)
    writer.writerows([_unarmed(row.get(name)) for name in names] for row in rows)
    _put(buffer.getvalue())


def _unarmed(value: Any) -> str:
    """No spreadsheet takes the cell for a formula."""
    cell = _cell(value)
    return f"'{cell}" if isinstance(value, str) and cell[:1] in tuple("=+-@\t\r") else cell


def _plain(rows: Sequence[Row], columns: Sequence[str], _: Style, *, head: bool = True) -> None:
    if head:
        _put("\t".join(columns))
    write_lines("\t".join(_visible(_cell(row.get(name))) for name in columns) for row in rows)


def _markdown(rows: Sequence[Row], columns: Sequence[str], _: Style, *, head: bool = True) -> None:
    if head:
        _put("| " + " | ".join(columns) + " |")
        _put("| " + " | ".join("---" for _ in columns) + " |")
    for row in rows:
        cells = [_visible(_cell(row.get(name))).replace("|", "\\|") for name in columns]
        _put("| " + " | ".join(cells) + " |")


def _table(rows: Sequence[Row], columns: Sequence[str], style: Style) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    console = Console(color_system="auto" if style.color else None, highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_visible(_cell(row.get(name)))) for name in columns))
    # Wider than the terminal reads better than ids cut into pieces.
    natural = Measurement.get(console, console.options.update(width=_WIDEST), table).maximum
    console.width = max(console.width, natural)
    console.print(table)


_WRITERS: dict[str, Callable[..., None]] = {
    "table": _table,
    "ndjson": _ndjson,
    "csv": _csv,
    "plain": _plain,
    "markdown": _markdown,
}
