"""`tests.yaml` beside a procedure: cases that are tried by the rules alone, without a database (rules.tested)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.opening import BadPack, read_pack
from motcua.casework.packs.reading import Source
from motcua.casework.packs.rules.tested import BadCaseOfTest, Mismatch, Tested, parse_case, try_case
from motcua.casework.process.rules.definition import BadProcess, parse_process
from motcua.foundation.worktime.calendars import Calendar
from motcua.registry.organisations.rules.calendars import parse_calendar
from motcua.registry.organisations.selectors import get_calendar

NAME = "tests.yaml"
CALENDAR = Path("calendars") / "default.yaml"


@dataclass(frozen=True, slots=True)
class Tried:
    """A case and what came of it. file: in the pack; line: from 1, of the case or of what differs.

    problem: why it could not be tried, "" where it could. mismatches: () where all holds.
    """

    file: str
    line: int
    procedure: str
    case: str
    problem: str = ""
    mismatches: tuple[tuple[int, Mismatch], ...] = ()

    @property
    def holds(self) -> bool:
        return not self.problem and not self.mismatches


def try_pack(path: Path) -> Iterator[Tried]:
    """Every case of a pack, or of one procedure's folder in it. Raises BadPack."""
    root = path.resolve().parent.parent if (path / "procedure.yaml").is_file() else path
    pack = read_pack(root)
    calendar = _calendar(root / CALENDAR)
    for folder, files in pack.procedures.items():
        source = pack.files.sources.get(f"procedures/{folder}/{NAME}")
        if source and path in {root, Path(path.parent, folder)}:
            yield from _try_source(source, files, pack.parts[folder].get("example") or {}, calendar)


def _calendar(path: Path) -> Calendar:
    """The pack's own working time, else the installation's. Raises BadPack."""
    if not path.is_file():
        return get_calendar()
    try:
        return parse_calendar(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadPack(findings=f"{CALENDAR}: {error}") from error


def _try_source(
    source: Source, files: Mapping[str, Any], example: Mapping[str, Any], calendar: Calendar
) -> Iterator[Tried]:
    code, rows = str(files["procedure"]["code"]), source.content
    try:
        form, process = parse_form(files["form"]), parse_process(files["process"])
    except (BadForm, BadProcess) as error:
        yield Tried(source.name, 1, code, "", str(error))
        return
    if not isinstance(rows, list) or not rows:
        yield Tried(source.name, 1, code, "", "must be a list of cases")
        return
    tested = Tested(files["procedure"], form, process, example, calendar)
    for at, row in enumerate(rows):
        yield _try_row(source, tested, at, row)


def _try_row(source: Source, tested: Tested, at: int, row: Any) -> Tried:
    code, line = str(tested.procedure["code"]), source.line((at,))
    called = str(row.get("name", "")) if isinstance(row, Mapping) else ""
    try:
        found = try_case(tested, parse_case(row))
    except BadCaseOfTest as error:
        return Tried(source.name, source.line((at, *error.at), key=True), code, called, str(error))
    except (KeyError, TypeError, ValueError) as error:
        return Tried(source.name, line, code, called, f"cannot be tried: {error!r}")
    told = tuple((source.line((at, "expect", it.what), key=True), it) for it in found)
    return Tried(source.name, line, code, called, "", told)
