"""A file of agencies, units, posts and officers, read into rows. Pure.

YAML: the lists `agencies`, `units`, `posts`, `officers`. CSV and XLSX: one table whose column `kind` says agency,
unit, post or officer. Columns: `COLUMNS`. Nothing is looked up here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from zipfile import ZipFile

import yaml

from motcua.foundation.kernel.text import clean_line
from motcua.registry.organisations.rules.codes import code_form

MAX_BYTES = 700_000
_MAX_ROWS = 20_000
_MAX_UNPACKED = 30_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """values: the only ones allowed; () allows any. longest: in characters."""

    name: str
    required: bool = False
    values: tuple[str, ...] = ()
    longest: int = 200


_FROM = Column("from", longest=10)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "agency": (
        Column("code", True, longest=35),
        Column("name", True),
        Column("superior", longest=35),
        Column("level", True, ("ministry", "province", "department", "district", "commune")),
        Column("place_code", longest=5),
        Column("place_name", longest=100),
        Column("old_codes"),
        _FROM,
    ),
    "unit": (
        Column("agency", True, longest=35),
        Column("code", True, longest=20),
        Column("name", True),
        Column("parent", longest=20),
        Column("symbol", longest=30),
        Column("telephone", longest=30),
        _FROM,
    ),
    "post": (
        Column("agency", True, longest=35),
        Column("unit", True, longest=20),
        Column("title", True),
        Column("rank", values=("", "head", "deputy")),
        Column("count", longest=3),
        _FROM,
    ),
    "officer": (
        Column("username", True, longest=150),
        Column("full_name", True),
        Column("agency", True, longest=35),
        Column("unit", True, longest=20),
        Column("title", True),
        Column("signing_key", longest=100),
        _FROM,
    ),
}
_LISTS = {"agencies": "agency", "units": "unit", "posts": "post", "officers": "officer"}


@dataclass(frozen=True, slots=True)
class Problem:
    """line: of the file, from 1. code: what is wrong; the words belong to the pages. fields: what they name."""

    line: int
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    kind: str
    values: Mapping[str, str]

    @property
    def begins(self) -> date | None:
        """The row's `from`; None where it leaves that to the file's day."""
        return date.fromisoformat(self.values["from"]) if self.values.get("from") else None


class UnreadableFile(ValueError):
    """The file is no YAML, CSV or XLSX of this shape. line: where, 0 when it is not known."""

    def __init__(self, code: str, line: int = 0) -> None:
        self.code, self.line = code, line
        super().__init__(code)


def read_rows(content: bytes, name: str) -> list[Row]:
    """Rows of a file in its order; its name says the format. Raises UnreadableFile."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile("too_long")
    if name.lower().endswith(".xlsx"):
        return list(_table(_sheet(content)))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableFile("not_utf8") from problem
    if name.lower().endswith(".csv"):
        return list(_table(_lines(text)))
    return list(_lists(text))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as problem:
        raise UnreadableFile("not_csv", reader.line_num) from problem


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        from openpyxl import load_workbook
    except ImportError as problem:
        raise UnreadableFile("no_xlsx") from problem
    try:
        # A small archive can hold a huge sheet.
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise UnreadableFile("too_long")
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=_MAX_ROWS + 2), start=1):
            yield number, ["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in cells]
    except UnreadableFile:
        raise
    except Exception as problem:  # the library raises whatever a broken archive makes it stumble over
        raise UnreadableFile("not_xlsx") from problem


def _table(lines: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    heads: list[str] | None = None
    for number, cells in lines:
        cells = [clean_line(cell) for cell in cells]
        if not any(cells):
            continue
        if heads is None:
            heads = [cell.lower() for cell in cells]
            if "kind" not in heads:
                raise UnreadableFile("no_kind", number)
            continue
        if number > _MAX_ROWS + 1:
            raise UnreadableFile("too_long", number)
        values = {head: cell for head, cell in zip(heads, cells, strict=False) if cell}
        yield Row(number, values.pop("kind", "").lower(), values)


def _lists(text: str) -> Iterator[Row]:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise UnreadableFile("not_yaml", mark.line + 1 if mark else 0) from problem
    except (ValueError, RecursionError) as problem:
        raise UnreadableFile("not_yaml") from problem
    for key, items in _pairs(node):
        kind = _LISTS.get(key.value)
        if not kind or not isinstance(items, yaml.SequenceNode):
            raise UnreadableFile("unknown_list", key.start_mark.line + 1)
        for item in items.value:
            line = item.start_mark.line + 1
            yield Row(line, kind, {name.value: _text(value) for name, value in _pairs(item)})


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    if node is None:
        return []
    if not isinstance(node, yaml.MappingNode) or not all(
        isinstance(name, yaml.ScalarNode) for name, _ in node.value
    ):
        raise UnreadableFile("not_yaml", node.start_mark.line + 1)
    return node.value


def _text(node: yaml.Node) -> str:
    """A scalar as it is written, so that codes keep their zeros; a list as words with spaces between."""
    if isinstance(node, yaml.SequenceNode):
        return " ".join(str(item.value) for item in node.value)
    return "" if node.tag.endswith(":null") else clean_line(str(node.value))


def check_rows(rows: Iterable[Row]) -> list[Problem]:
    """Everything that is wrong with rows by themselves, all at once, by line."""
    return [problem for row in rows for problem in _check(row)]


def _check(row: Row) -> Iterator[Problem]:
    columns = {column.name: column for column in COLUMNS.get(row.kind, ())}
    if not columns:
        yield Problem(row.line, "unknown_kind", {"value": row.kind})
        return
    for name in row.values.keys() - columns.keys():
        yield Problem(row.line, "unknown_column", {"column": name, "kind": row.kind})
    for column in columns.values():
        value = row.values.get(column.name, "")
        if column.required and not value:
            yield Problem(row.line, "missing", {"column": column.name})
        elif len(value) > column.longest:
            yield Problem(row.line, "too_long_value", {"column": column.name, "most": str(column.longest)})
        elif value and column.values and value not in column.values:
            allowed = ", ".join(filter(None, column.values))
            yield Problem(
                row.line, "wrong_value", {"column": column.name, "value": value, "allowed": allowed}
            )
    yield from _check_forms(row)


def _check_forms(row: Row) -> Iterator[Problem]:
    values = row.values
    try:
        _begins = row.begins
    except ValueError:
        yield Problem(row.line, "wrong_day", {"value": values["from"]})
    if row.kind == "agency" and values.get("code") and code_form(values["code"]) != "new":
        yield Problem(row.line, "wrong_code", {"value": values["code"]})
    for code in values.get("old_codes", "").split():
        if not code_form(code):
            yield Problem(row.line, "wrong_code", {"value": code})
    place = values.get("place_code", "")
    if place and not (place.isascii() and place.isdigit() and len(place) in {2, 5}):
        yield Problem(row.line, "wrong_place", {"value": place})
    count = values.get("count", "1") or "1"
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 100):
        yield Problem(row.line, "wrong_count", {"value": count})


def superiors_first(rows: Iterable[Row]) -> list[Row]:
    """Agency rows so that a superior in the same file comes before those below it; who lies in a circle comes last."""
    waiting = list(rows)
    named = {row.values.get("code") for row in waiting}
    ordered: list[Row] = []
    while waiting:
        ready = [row for row in waiting if row.values.get("superior", "") not in named]
        if not ready:
            return ordered + waiting
        ordered += ready
        # Rows of the same code stay named while one of them waits.
        waiting = [row for row in waiting if row.values.get("superior", "") in named]
        named = {row.values.get("code") for row in waiting}
    return ordered


def as_table(content: bytes, name: str) -> str:
    """A file of any format as CSV with the same rows. Raises UnreadableFile."""
    rows = read_rows(content, name)
    heads = ["kind", *dict.fromkeys(name for row in rows for name in row.values)]
    output = io.StringIO()
    writer = csv.writer(output, delimiter=",", lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([row.kind, *(row.values.get(head, "") for head in heads[1:])] for row in rows)
    return output.getvalue()
