"""Reading the files of a pack safely: bounded, plain files only, and every key and value with its line.

Whoever wrote a pack may be careless or hostile. Nothing here raises for what a file says: it becomes findings.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from motcua.casework.packs.contributions import is_contributed
from motcua.casework.packs.rules.findings import At, Fault, Finding, finding
from motcua.casework.packs.yaml_reading import BadYaml, depth_of, mark_of, read_yaml
from motcua.casework.process.rules.bpmn.reading import explain, read_bpmn
from motcua.casework.process.rules.definition import BadProcess

MOST_BYTES = 4_000_000  # of one file
MOST_IN_ALL = 200_000_000  # of a pack
MOST_FILES = 40_000
DEEPEST_FOLDER = 6
DEEPEST = 60  # lists and tables in each other
_KINDS = frozenset({".yaml", ".json", ".bpmn", ".typ"})
# What of a pack is read here; calendars, papers, tests and the like belong to others.
_FOLDERS = frozenset({"procedures", "processes", "linked"})
_FILES = frozenset(
    {
        *(
            "catalogue.yaml",
            "life_events.yaml",
            "result_codes.yaml",
            "personal_data.yaml",
            "plain_language.yaml",
        ),
        *("synonyms.yaml", "everyday.yaml", "guides.yaml", "essential.yaml"),
    }
)
_NAME = re.compile(r"[^\s/\\\x00-\x1f.][^/\\\x00-\x1f\x7f]{0,119}")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_LINE = re.compile(r"line (\d+)")

Mark = tuple[int, int]  # line and column, both from 1


@dataclass(frozen=True)
class Source:
    """One file as read. `content`: parsed YAML or JSON, the process of a BPMN file, the text of any other."""

    name: str
    text: str = field(repr=False)
    content: Any = field(repr=False)
    node: Any = field(repr=False, default=None, compare=False)

    def mark(self, at: At, *, key: bool = False) -> Mark:
        """Where the value (or its key) stands that keys and places lead to; the last of them that is there."""
        if self.node is not None:
            return mark_of(self.node, at, key=key)
        if not self.name.endswith(".json"):
            return (at[0], 1) if at and isinstance(at[0], int) else (1, 1)  # a template: its line
        marks: Mark = (1, 1)
        for length in range(len(at), -1, -1):
            if at[:length] in self._marks:
                own, value = self._marks[at[:length]]
                return own if key or length < len(at) else value
        return marks

    def line(self, at: At, *, key: bool = False) -> int:
        return self.mark(at, key=key)[0]

    def excerpt(self, line: int) -> str:
        """The line as it stands in the file; "" for none."""
        lines = self.text.splitlines()
        return lines[line - 1] if 0 < line <= len(lines) else ""

    def finding(self, found: Fault) -> Finding:
        """The fault with its line."""
        line, column = self.mark(found.at, key=found.key)
        # Another place that the words name is told by its line.
        values = {
            key: f"line {self.line(it)}" if isinstance(it, tuple) else it for key, it in found.values.items()
        }
        return finding(found.rule, self.name, line, column, **values)

    @cached_property
    def _marks(self) -> Mapping[At, tuple[Mark, Mark]]:
        return dict(json_marks(self.text))


@dataclass(frozen=True)
class Files:
    """The files of a pack or folder. `sources`: by name, those that could be read; `others`: files of other kinds."""

    sources: Mapping[str, Source]
    others: Sequence[str] = ()
    findings: Sequence[Finding] = ()

    def content(self, name: str) -> Any:
        """What a file says; None where it is not there or could not be read."""
        return self.sources[name].content if name in self.sources else None

    def has(self, name: str) -> bool:
        """Whether the file is there, readable or not."""
        return name in self.sources or any(it.file == name for it in self.findings)

    def under(self, folder: str) -> list[str]:
        """Names of the folders in a folder, in order."""
        start = f"{folder}/"
        names = {it.removeprefix(start) for it in self._all if it.startswith(start)}
        return sorted({it.partition("/")[0] for it in names if "/" in it})

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset([*self.sources, *self.others, *(it.file for it in self.findings)])


def read_folder(path: Path, at: str = "") -> Files:
    """Every file in a folder and the folders in it. Links, devices and what is too large are findings, not followed.

    at: where in a pack the folder stands, with a slash behind. A path that is no folder gives one finding.
    """
    found: list[Finding] = []
    contents: dict[str, bytes] = {}
    if not path.is_dir():
        what = "no folder" if path.exists() else "not there"
        return Files({}, findings=[finding("not-a-file", path.name or ".", what=what)])
    total = 0
    for name, entry in _walk(path, at, found):
        if len(contents) >= MOST_FILES or total > MOST_IN_ALL:
            found.append(finding("too-many-files", name, most=MOST_FILES))
            break
        content = _bytes_of(Path(entry.path), name, found)
        if content is not None:
            contents[name] = content
            total += len(content)
    return read_files(contents, found)


def read_files(files: Mapping[str, bytes], found: Sequence[Finding] = ()) -> Files:
    """The same for files in memory, by their names in the folder, with slashes. found: what was found before."""
    sources, others, findings = {}, [], list(found)
    for name in sorted(files):
        if not _is_name(name):
            findings.append(finding("bad-name", name or "?", name=name, deepest=DEEPEST_FOLDER))
        elif not _is_read(name):
            others.append(name)
        else:
            read = read_source(name, files[name])
            if isinstance(read, Source):
                sources[name] = read
            else:
                findings += read
    return Files(sources, others, findings)


def read_source(name: str, content: bytes) -> Source | list[Finding]:
    """One file of a kind that is read; the kind by its name. What keeps it from being read as findings."""
    if len(content) > MOST_BYTES:
        return [finding("too-large", name, size=len(content), most=MOST_BYTES)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [finding("not-utf-8", name, content.count(b"\n", 0, error.start) + 1, why=error.reason)]
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        return [finding("control-character", name, line, code=f"U+{ord(control[0]):04X}")]
    match Path(name).suffix:
        case ".yaml":
            return _yaml(name, text)
        case ".json":
            return _json(name, text)
        case ".bpmn":
            return _bpmn(name, text)
    return Source(name, text, text)


def bpmn_findings(name: str, text: str, error: BadProcess) -> list[Finding]:
    """What is wrong with the process of a BPMN file, with the lines of its elements."""
    with suppress(BadProcess, StopIteration):  # of a file that cannot be read the findings have lines already
        error = explain(text.encode(), error)
    return [_of_bpmn(name, str(it.place), it.why) for it in error.findings]


def _of_bpmn(name: str, place: str, why: str) -> Finding:
    line = _LINE.search(place) or _LINE.search(why)
    rule = "doctype" if why.startswith("DTDs") else "bad-bpmn"
    return finding(rule, name, int(line[1]) if line else 1, 1, why=f"{place}: {why}" if place else why)


def _walk(path: Path, prefix: str, found: list[Finding]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Plain files by name, with folders gone into; what begins with a dot is left out."""
    with os.scandir(path) as entries:
        listed = sorted((it for it in entries if not it.name.startswith(".")), key=lambda it: it.name)
    for entry in listed:
        name = f"{prefix}{entry.name}"
        if entry.is_symlink():
            found.append(finding("not-a-file", _shown(name), what="a link"))
        elif not _is_name(name):
            found.append(finding("bad-name", _shown(name), name=_shown(name), deepest=DEEPEST_FOLDER))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{name}/", found)
        elif entry.is_file(follow_symlinks=False):
            yield name, entry
        else:
            found.append(finding("not-a-file", name, what="a device, pipe or socket"))


def _bytes_of(path: Path, name: str, found: list[Finding]) -> bytes | None:
    """At most MOST_BYTES, of a plain file only; of kinds that nobody parses, nothing is read."""
    if not _is_read(name):
        return b""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        found.append(finding("not-a-file", name, what=f"not to be opened ({error.strerror})"))
        return None
    with os.fdopen(handle, "rb") as stream:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            found.append(finding("not-a-file", name, what="no plain file"))
            return None
        if state.st_size > MOST_BYTES:
            found.append(finding("too-large", name, size=state.st_size, most=MOST_BYTES))
            return None
        return stream.read(MOST_BYTES + 1)


def _is_name(name: str) -> bool:
    parts = name.split("/")
    return len(parts) <= DEEPEST_FOLDER and all(_NAME.fullmatch(it) for it in parts)


def _is_read(name: str) -> bool:
    folder, slash, _rest = name.partition("/")
    return Path(name).suffix in _KINDS and (
        folder in _FOLDERS if slash else name in _FILES or is_contributed(name)
    )


def _shown(name: str) -> str:
    """A file name that need not be text."""
    return name.encode("utf-8", "replace").decode("utf-8", "replace")


def _yaml(name: str, text: str) -> Source | list[Finding]:
    try:
        content, node = read_yaml(text, deepest=DEEPEST)
    except BadYaml as error:
        return [finding(rule, name, *mark, **values) for rule, mark, values in error.faults]
    return Source(name, text, content, node)


class _Repeated(ValueError):
    """A key that stands twice in a table of a JSON file."""


def _json(name: str, text: str) -> Source | list[Finding]:
    try:
        content = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except _Repeated:
        return list(_repeated(name, text))
    except json.JSONDecodeError as error:
        return [finding("bad-json", name, error.lineno, error.colno, why=error.msg)]
    except RecursionError:
        return [finding("too-deep", name, 1, most=DEEPEST)]
    except ValueError:  # a constant, or a number with thousands of figures
        return [_no_number(name, text)]
    if depth_of(content) > DEEPEST:
        return [finding("too-deep", name, 1, most=DEEPEST)]
    return Source(name, text, content)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Repeated
    return made


def _constant(name: str) -> Any:
    raise ValueError(name)


def _no_number(name: str, text: str) -> Finding:
    wrong = re.search(r"-?Infinity|NaN|\d{4000,}", text)
    line = text.count("\n", 0, wrong.start()) + 1 if wrong else 1
    return finding("not-a-number", name, line, value=wrong[0][:40] if wrong else "this")


def _repeated(name: str, text: str) -> Iterator[Finding]:
    first: dict[At, int] = {}
    for at, (own, _value) in json_marks(text):
        if at in first and at and isinstance(at[-1], str):
            yield finding("duplicate-key", name, *own, key=at[-1], first=first[at])
        first.setdefault(at, own[0])


def json_marks(text: str) -> Iterator[tuple[At, tuple[Mark, Mark]]]:
    """Keys and places of a JSON text with the marks of key and value (in a list both are the value's).

    The text is JSON that could be parsed; of one that could not the walk ends somewhere.
    """
    path: list[str | int] = []
    keys: list[Mark | None] = [None]  # of the entry that is being read, one for each open list or table
    is_key = False
    line, start, before = 1, 0, 0
    for token in _TOKEN.finditer(text):
        if newlines := text.count("\n", before, token.start()):
            line += newlines
            start = text.rindex("\n", before, token.start()) + 1
        before = token.start()
        mark, word = (line, token.start() - start + 1), token[0]
        if word in "}]":
            path.pop()
            keys.pop()
            is_key = False
        elif word == ",":
            if isinstance(path[-1], int):
                path[-1] += 1
            else:
                is_key = True
        elif word == ":":
            is_key = False
        elif is_key:
            path[-1], keys[-1] = json.loads(word), mark
        else:
            yield tuple(path), (keys[-1] or mark, mark)
            if word in "{[":
                path.append("" if word == "{" else 0)
                keys.append(None)
                is_key = word == "{"


def _bpmn(name: str, text: str) -> Source | list[Finding]:
    try:
        return Source(name, text, read_bpmn(text.encode()))
    except BadProcess as error:
        return bpmn_findings(name, text, error)
