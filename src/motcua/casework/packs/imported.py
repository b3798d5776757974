"""The lint of procedures that were imported: what the general form and the shared process make of each.

Nobody here can change what the national portal says: words in other languages, templates and laws that it does not give
are warnings. What is doubtful in the figures themselves, the import tells (docs/catalogue.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from motcua.casework.packs.captured import Usual, files_of, usual
from motcua.casework.packs.reading import read_source
from motcua.casework.packs.rules.captured import procedure_of_captured
from motcua.casework.packs.rules.findings import Fault, Finding, fault, finding
from motcua.casework.packs.rules.lint import lint_procedure
from motcua.casework.packs.rules.shape import lint_shape
from motcua.casework.packs.rules.surroundings import Surroundings, read_held
from motcua.registry.catalogue.models import Captured

Rows = Iterator[tuple[str, Mapping[str, Any]]]
_WARNED = frozenset({"missing-language", "no-template", "no-legal-basis", "steps-too-long"})


def captured_rows() -> Rows:
    """What was captured of every procedure, as `procedure_of_captured` takes it, by code."""
    code, found = "", dict[str, Any]()
    rows = Captured.objects.order_by("procedure_id").values_list("procedure_id", "source", "content")
    for own, source, content in rows.iterator(chunk_size=500):
        if own != code and found:
            yield code, found
            found = {}
        code = own
        found[source] = content
    if found:
        yield code, found


def lint_captured(rows: Rows, pack: Path) -> Iterator[Finding]:
    """Findings of every captured procedure, one a rule, under "imported/CODE". pack: says what is usual."""
    known, around = usual(pack), surroundings(pack)
    for code, captured in rows:
        try:
            faults = list(_faults(captured, known, around))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            faults = [fault("imported", (), "not-a-procedure", why=f"{type(error).__name__}: {error}")]
        yield from _said(f"imported/{code}", faults)


def surroundings(pack: Path) -> Surroundings:
    """What the state holds, by the pack; sectors and events of the portal are its own."""
    path = pack / "personal_data.yaml"
    read = read_source(path.name, path.read_bytes()) if path.exists() else []
    return Surroundings(held=() if isinstance(read, list) else read_held(read.content))


def _faults(captured: Mapping[str, Any], known: Usual, around: Surroundings) -> Iterator[Fault]:
    files = files_of(procedure_of_captured(captured), known)
    shaped = _as_written(files["procedure"])
    wrong = list(lint_shape("procedure", "procedure.yaml", shaped))
    yield from wrong
    yield fault("procedure.yaml", (), "no-template")
    if any(it.rule != "missing-language" for it in wrong):
        return
    yield from (
        it for it in lint_procedure(files | {"procedure": shaped}, around) if it.rule != "missing-language"
    )


def _as_written(procedure: Mapping[str, Any]) -> dict[str, Any]:
    """As procedure.yaml would have it: without what captured.py adds for itself; sectors of the portal are words, and
    laws that it does not name are left unnamed."""
    laws = [{key: it for key, it in law.items() if it} for law in procedure["legal_basis"]]
    components = [_without(it, {"case"}) for it in procedure["components"]]
    limit = _without(procedure["limit"], {"stated", "is_stated"})
    made = _without(procedure, {"levels", "notes", "captured", "decided"})
    return made | {"sector": "imported", "legal_basis": laws, "components": components, "limit": limit}


def _without(row: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _said(file: str, faults: list[Fault]) -> Iterator[Finding]:
    """One finding a rule; how many more there are of it stands behind."""
    by_rule: dict[str, list[Fault]] = {}
    for found in faults:
        by_rule.setdefault(found.rule, []).append(found)
    for rule, many in by_rule.items():
        values: dict[str, Any] = {
            key: ".".join(map(str, it)) if isinstance(it, tuple) else it for key, it in many[0].values.items()
        }
        said = finding(rule, file, **values)
        more = f" ({len(many) - 1} more)" if len(many) > 1 else ""
        yield replace(said, problem=said.problem + more, level="warning" if rule in _WARNED else said.level)
