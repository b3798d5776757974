"""Who plays in a worked example, where, and how an application to a procedure is filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.packs.rules.worked import BadExample, Example, parse_example
from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.models import Agency

FOLDER, FILLED_IN = Path("tests") / "examples", Path("tests") / "filled_in.yaml"


@dataclass(frozen=True, slots=True)
class Cast:
    """`actors`: by the names of `rules.worked.PEOPLE`; `first` decides until a dossier is transferred to `other`."""

    actors: Mapping[str, Actor]
    first: Agency
    other: Agency


@dataclass(frozen=True, slots=True)
class FilledIn:
    """Answers of an application without its papers. `papers`: fields of the form for which a file is handed in."""

    answers: Mapping[str, Any]
    papers: tuple[str, ...]


def example_files(pack: Path) -> list[Path]:
    """The files of a pack's worked examples, in the order of their names; none where it has none."""
    return sorted((pack / FOLDER).glob("*.yaml"))


def read_example(path: Path) -> Example:
    """Raises BadExample: the file is no YAML, or says what an example does not."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadExample([f"cannot be read: {error}"]) from error
    return parse_example(path.stem, data)


def filled_in(pack: Path, example: Example) -> FilledIn:
    """How the example's application is filled in: by `tests/filled_in.yaml` of the pack, else by the example.json
    beside the procedure; the example's own answers go before both. Raises BadExample where neither knows it."""
    known, own = _filled_in(pack), pack / "procedures" / example.procedure / "example.json"
    if example.procedure in known:
        base = known[example.procedure]
        answers, papers = dict(base["answers"]), tuple(base.get("papers", ()))
    elif own.is_file():
        answers = json.loads(own.read_text(encoding="utf-8"))["answers"]
        # The cast's commune decides, whichever the example of the form names.
        answers.pop("registration_commune", None)
        papers = _file_fields(own.parent / "form.json", answers)
    else:
        raise BadExample([f"procedure: nothing in {FILLED_IN} says how {example.procedure} is filled in"])
    papers = papers if example.papers is None else example.papers
    kept = {key: value for key, value in (answers | dict(example.answers)).items() if value is not None}
    return FilledIn({key: value for key, value in kept.items() if key not in papers}, papers)


@cache
def _filled_in(pack: Path) -> dict[str, Any]:
    path = pack / FILLED_IN
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _file_fields(form: Path, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Answers that are ids of files stand for papers."""
    text = form.read_text(encoding="utf-8") if form.is_file() else ""
    return tuple(name for name, value in answers.items() if _is_file(value) and f'"{name}"' in text)


def _is_file(value: Any) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, str) and first.startswith("0198c0de-")
