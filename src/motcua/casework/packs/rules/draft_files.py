"""The files of a procedure as text: what a draft of a version holds. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

PROCEDURE, FORM, PROCESS, BPMN, TEMPLATE = (
    "procedure.yaml",
    "form.json",
    "process.yaml",
    "process.bpmn",
    "result.typ",
)
# example.json: sample answers, for the preview; linked.yaml: which procedures are applied for together.
EXAMPLE, LINKED = "example.json", "linked.yaml"
NAMES = (PROCEDURE, FORM, PROCESS, BPMN, TEMPLATE, EXAMPLE, LINKED)
# Characters; the longest file of a real pack has 60,000.
MOST_IN_FILE, MOST_IN_ALL = 400_000, 1_000_000
# In which order a procedure.yaml reads best; what is not named comes after, by name.
_ORDER = (
    "code", "number", "name", "official_name", "lead", "everyday_words", "sector", "level", "agency", "agency_note",
    "applicants", "audience", "life_events", "valid_from", "publication", "who_may_apply", "legal_basis", "limit",
    "counting", "silence", "cases", "fee", "fees", "channels", "results", "components", "steps", "minutes_to_apply",
    "result",
)  # fmt: skip
_ROW_ORDER = (
    "code", "number", "name", "title", "field", "kind", "needed", "value", "working_hours", "amount_vnd", "vi", "en",
    "de", "text", "condition", "hint", "source",
)  # fmt: skip


class BadFile(ValueError):
    """A file that cannot be read. `line` from 1, 0 where it is not known."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file, self.line, self.problem = file, line, problem
        super().__init__(f"{file}:{line}: {problem}")


def files_of(definition: Mapping[str, Any], template: str) -> dict[str, str]:
    """A published version as files: those that give the same version when they are read again."""
    found = {
        PROCEDURE: yaml_text(definition["procedure"]),
        FORM: json_text(definition["form"]),
        PROCESS: yaml_text(definition["process"]),
    }
    if template:
        found[TEMPLATE] = template
    if "linked" in definition:
        found[LINKED] = yaml_text(definition["linked"])
    return found


def yaml_text(data: Any) -> str:
    """Data as YAML for people: keys in a sensible order, texts unbroken, no anchors."""
    return yaml.dump(
        _ordered(data, _ORDER), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000
    )


def json_text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _ordered(data: Any, order: tuple[str, ...]) -> Any:
    if isinstance(data, Mapping):
        rank = {name: at for at, name in enumerate(order)}
        keys = sorted(data, key=lambda key: (rank.get(key, len(rank)), str(key)))
        return {key: _ordered(data[key], _ROW_ORDER) for key in keys}
    return [_ordered(it, _ROW_ORDER) for it in data] if isinstance(data, list) else data


def check_bounds(files: Mapping[str, str]) -> None:
    """Raises BadFile for an unknown name and for what is too long."""
    for name, text in files.items():
        if name not in NAMES:
            raise BadFile(name[:60], 0, "is none of the files of a procedure")
        if len(text) > MOST_IN_FILE:
            raise BadFile(name, 0, f"is longer than {MOST_IN_FILE} characters")
    if sum(map(len, files.values())) > MOST_IN_ALL:
        raise BadFile(PROCEDURE, 0, f"and the others are longer than {MOST_IN_ALL} characters together")
