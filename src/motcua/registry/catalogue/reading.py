"""Reading the portal's files line by line: bounded, and whatever is wrong with a line is said with its number."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.rules.codes import ProcedureCode, parse_code
from motcua.registry.catalogue.rules.rows import COLUMNS, faults

MOST_BYTES = 200 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
MOST_FAULTS = 20
SOURCES = {".jsonl": "local", ".csv": "index"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file and how to mend it. line: from 1; 0 for the whole file."""

    file: str
    line: int
    problem: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.problem}\n  mend: {self.mend}"


class BadFile(DomainError):
    code = "bad_file"
    message = _("Nothing was imported:\n%(faults)s")
    status = 422

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(faults="\n".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Row:
    """A procedure of a file. `source`: "index" or "local"; `content` as read."""

    source: str
    line: int
    code: ProcedureCode
    content: dict[str, Any]
    digest: str


class FileReader:
    """The rows of one file, of which the bad ones are left out and kept in `faults`.

    After `MOST_FAULTS` it reads no further. `seen`: codes read before in this call, with file and line; shared by the
    files of one source.
    """

    def __init__(self, path: Path, seen: dict[tuple[str, str], str]) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.hash = hashlib.sha256()
        self.bytes_read = 0
        self._seen = seen
        self._line = 0
        # The line read last had no end.
        self._is_cut = False

    @property
    def source(self) -> str:
        return SOURCES.get(self.path.suffix.lower(), "")

    def size(self) -> int:
        """Bytes. Raises BadFile for a file that cannot be read at all: missing, another kind, too large."""
        try:
            if not self.path.is_file():
                raise OSError("there is no such file")
            size = self.path.stat().st_size
        except OSError as error:
            raise BadFile([self._fault(str(error), "Enter the path of a file.", 0)]) from error
        if not self.source:
            problem = f"the name ends in {self.path.suffix!r}"
            raise BadFile([self._fault(problem, "Give procedures_local.jsonl or procedures_index.csv.", 0)])
        if size > MOST_BYTES:
            problem = f"it has {size // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} MB are read"
            raise BadFile([self._fault(problem, "Split the file and give its parts in one call.", 0)])
        return size

    def rows(self) -> Iterator[Row]:
        contents = self._json() if self.source == "local" else self._csv()
        try:
            for line, content in contents:
                if row := self._row(line, content):
                    yield row
                if len(self.faults) >= MOST_FAULTS:
                    return
        except _CannotGoOn as stop:
            self.faults.append(stop.fault)
        except OSError as error:
            self.faults.append(self._fault(str(error), "Look whether the disk is in order."))

    def _fault(self, problem: str, mend: str, line: int | None = None) -> Fault:
        return Fault(self.path.name, self._line if line is None else line, problem, mend)

    def _lines(self) -> Iterator[str]:
        """The lines with their ends. Raises _CannotGoOn for what is no text, or too long, or has no end."""
        with self.path.open("rb") as file:
            while data := file.readline(LONGEST_LINE + 1):
                self._line += 1
                self._is_cut = not data.endswith(b"\n")
                self.hash.update(data)
                self.bytes_read += len(data)
                if len(data) > LONGEST_LINE:
                    problem = f"the line is longer than {LONGEST_LINE:,} bytes"
                    raise _CannotGoOn(self._fault(problem, "Write one procedure a line."))
                yield self._text(data)

    def _text(self, data: bytes) -> str:
        try:
            text = data.decode("utf-8-sig" if self._line == 1 else "utf-8")
        except UnicodeDecodeError as error:
            problem = f"byte {error.start + 1} of the line is no UTF-8"
            raise _CannotGoOn(self._fault(problem, "Save the file as UTF-8 and import it again.")) from error
        if "\x00" in text:
            raise _CannotGoOn(self._fault("it is no text", "Save the file as UTF-8 and import it again."))
        return text

    def _json(self) -> Iterator[tuple[int, Any]]:
        for text in self._lines():
            if not text.strip():
                continue
            try:
                yield self._line, json.loads(text, parse_constant=_no_number)
            except (ValueError, RecursionError) as error:
                problem = "the file ends inside this line" if self._is_cut else f"this is no JSON: {error}"
                mend = "Fetch the whole file again." if self._is_cut else "Write one JSON object a line."
                self.faults.append(self._fault(problem, mend))

    def _csv(self) -> Iterator[tuple[int, Any]]:
        reader = csv.reader(self._lines(), strict=True)
        try:
            header = tuple(next(reader, ()))
            if header != COLUMNS:
                problem = f"the columns are {', '.join(header)[:300] or 'missing'}"
                raise _CannotGoOn(self._fault(problem, f"The first line must be {','.join(COLUMNS)}"))
            for values in reader:
                if values:
                    yield self._line, self._named(values)
        except csv.Error as error:
            problem, mend = f"this is no CSV: {error}", "Look for a quotation mark that is not closed."
            raise _CannotGoOn(self._fault(problem, mend)) from error
        if self._is_cut:
            problem = "the last line has no end, so the file may have been cut"
            raise _CannotGoOn(self._fault(problem, "Fetch the whole file again, or end its last line."))

    def _named(self, values: list[str]) -> dict[str, str] | None:
        if len(values) == len(COLUMNS):
            return dict(zip(COLUMNS, values, strict=True))
        problem = f"{len(values)} columns instead of {len(COLUMNS)}"
        self.faults.append(self._fault(problem, "Fetch the whole file again, or mend the line."))
        return None

    def _row(self, line: int, content: Any) -> Row | None:
        if content is None:
            return None
        problems = list(faults(self.source, content))
        code = None if problems else parse_code(content["code"])
        if not problems and not code:
            problems = [f"code: {content['code']!r} is no procedure code"]
        for problem in problems:
            self.faults.append(self._fault(problem, "Correct the value, or fetch the file again.", line))
        return None if problems or not code else self._single(line, code, content)

    def _single(self, line: int, code: ProcedureCode, content: dict[str, Any]) -> Row | None:
        here = f"{self.path.name}:{line}"
        before = self._seen.setdefault((self.source, code.base), here)
        if before != here:
            problem = f"{code.base} stands in {before} already"
            self.faults.append(self._fault(problem, "Leave one of the two lines.", line))
            return None
        try:
            written = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            self.faults.append(self._fault("half a character", "Correct the value.", line))
            return None
        if b"\\u0000" in written:
            self.faults.append(self._fault("a character of number 0", "Correct the value.", line))
            return None
        return Row(self.source, line, code, content, hashlib.sha256(written).hexdigest())


class _CannotGoOn(Exception):
    """Nothing after this can be read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
