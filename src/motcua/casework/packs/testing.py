"""`tests.yaml` beside a procedure: cases that are tried by the rules alone, without a database (rules.tested)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.rules.tested import BadCaseOfTest, Mismatch, Tested, parse_case, try_case
from motcua.casework.packs.services import BadPack, read_pack
from motcua.casework.process.rules.definition import BadProcess, parse_process
from motcua.registry.organisations.rules.calendars import parse_calendar

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
    root = path.parent.parent if (path / "procedure.yaml").is_file() else path
    pack = read_pack(root)
    try:
        calendar = parse_calendar(yaml.safe_load((root / CALENDAR).read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, ValueError) as error:
        raise BadPack(findings=f"{CALENDAR}: {error}") from error
    for folder in sorted({it.parent for it in (root / "procedures").glob(f"*/{NAME}")}):
        if path in {root, folder} and folder.name in pack.procedures:
            yield from _try_folder(folder, pack.procedures[folder.name], calendar)


def _try_folder(folder: Path, files: Mapping[str, Any], calendar: Any) -> Iterator[Tried]:
    name, code = f"procedures/{folder.name}/{NAME}", str(files["procedure"]["code"])
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
        rows, node = yaml.safe_load(text), yaml.compose(text, Loader=yaml.SafeLoader)
        example = folder / "example.json"
        tested = Tested(
            procedure=files["procedure"],
            form=parse_form(files["form"]),
            process=parse_process(files["process"]),
            example=json.loads(example.read_text(encoding="utf-8")) if example.is_file() else {},
            calendar=calendar,
        )
    except (OSError, ValueError, yaml.YAMLError, BadForm, BadProcess) as error:
        yield Tried(name, 1, code, "", str(error))
        return
    if not isinstance(rows, list) or not rows:
        yield Tried(name, 1, code, "", "must be a list of cases")
        return
    for at, row in enumerate(rows):
        yield _try_row(name, tested, row, node.value[at])


def _try_row(name: str, tested: Tested, row: Any, node: Any) -> Tried:
    code, line = str(tested.procedure["code"]), node.start_mark.line + 1
    called = str(row.get("name", "")) if isinstance(row, Mapping) else ""
    try:
        found = try_case(tested, parse_case(row))
    except BadCaseOfTest as error:
        return Tried(name, _line(node, error.at), code, called, str(error))
    except (KeyError, TypeError, ValueError) as error:
        return Tried(name, line, code, called, f"cannot be tried: {error!r}")
    return Tried(name, line, code, called, "", tuple((_line(node, ("expect", it.what)), it) for it in found))


def _line(node: Any, at: tuple[str, ...]) -> int:
    """Of the last key on the way that is there."""
    line = int(node.start_mark.line) + 1
    for step in at:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == step), None)
        if found is None:
            break
        line, node = int(found[0].start_mark.line) + 1, found[1]
    return line
