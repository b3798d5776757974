"""A pack put together from its files. What cannot be used is left out and told; loading wants nothing told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.casework.forms.rules.generic import generic_form
from motcua.casework.packs.linked import Group, read_groups
from motcua.casework.packs.processes import SHARED, add_called, find_process, shared_process
from motcua.casework.packs.reading import Files, Source, read_folder
from motcua.casework.packs.rules.findings import At, Fault, Finding, errors, finding
from motcua.casework.packs.rules.listed import lint_generic, procedure_of_listing
from motcua.casework.packs.rules.shape import lint_shape
from motcua.foundation.kernel.errors import DomainError

PARTS = {
    "procedure": "procedure.yaml",
    "form": "form.json",
    "process": "process.yaml",
    "example": "example.json",
}


class BadPack(DomainError):
    """`found`: the findings, where there are any; the message has the first of them."""

    code = "bad_pack"
    message = _("The pack was not loaded: %(findings)s")
    status = 422

    def __init__(self, found: Sequence[Finding] = (), **values: Any) -> None:
        self.found = tuple(found)
        words = values.pop("findings", "; ".join(map(str, self.found[:20])))
        super().__init__(findings=words, **values)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the parts of a procedure stand: a folder of its own, or a place in a file (`file`, `at`)."""

    folder: str
    file: str
    at: At = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's files, parsed. `procedures`: folder name -> {"procedure", "form", "process", "template"}, whole ones.

    `parts`: the same and "example" for every folder, None for what is missing or cannot be used.
    """

    path: Path
    procedures: Mapping[str, Mapping[str, Any]]
    listed: list[Mapping[str, Any]] = field(default_factory=list)
    life_events: list[Mapping[str, Any]] = field(default_factory=list)
    # Words that several procedures share: {"sectors": {code: texts}, "fees": {code: texts}}.
    words: Mapping[str, Any] = field(default_factory=dict)
    # Groups of linked procedures; those without findings stand among the procedures, under "linked/CODE".
    linked: list[Group] = field(default_factory=list)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    homes: Mapping[str, Home] = field(default_factory=dict)
    files: Files = field(default_factory=lambda: Files({}))
    # What was found while reading: files that cannot be read, and shapes that do not fit.
    findings: Sequence[Finding] = ()


def read_pack(path: Path) -> Pack:
    """Parse a pack folder. Raises BadPack naming the files and lines that cannot be used."""
    pack = open_pack(path)
    if wrong := errors(pack.findings):
        raise BadPack(wrong)
    return pack


def read_procedure(folder: Path) -> Mapping[str, Any]:
    """The files of one procedure's folder, with what it shares in the pack around it, if one is. Raises BadPack."""
    home = folder.resolve()
    around = home.parent.parent
    if home.parent.name == "procedures" and (around / "catalogue.yaml").is_file():
        pack, name = open_pack(around), home.name
    else:
        pack, name = pack_of(read_folder(folder, "procedures/_/"), folder, whole=False), "_"
    if name not in pack.procedures:
        start = f"procedures/{name}/"
        raise BadPack([it for it in errors(pack.findings) if it.file.startswith(start)] or pack.findings)
    return pack.procedures[name]


def open_pack(path: Path) -> Pack:
    """The same without raising: what cannot be used is left out and stands in `findings`."""
    return pack_of(read_folder(path), path)


def pack_of(files: Files, path: Path = Path(), *, whole: bool = True) -> Pack:
    """A pack of files that were read. whole: a pack has a catalogue and life events; a single folder has neither."""
    found = list(files.findings)
    if whole and (files.sources or files.others or not found):  # else there is no folder at all
        found += [
            finding("missing-file", it, name=it) for it in ("catalogue.yaml", SHARED) if not files.has(it)
        ]
    catalogue, listed = _catalogue(files, found)
    parts, homes = {}, {}
    for folder in files.under("procedures"):
        parts[folder] = _parts(files, folder, found)
        homes[folder] = Home(f"procedures/{folder}", f"procedures/{folder}/procedure.yaml")
    codes = {it["procedure"]["code"] for it in parts.values() if it["procedure"]}
    for number, row in listed:
        if row.get("generic") and row["code"] not in codes and row["code"] not in files.under("procedures"):
            name = f"{row['code']} (listed)"
            parts[name] = _generic(procedure_of_listing(row, catalogue["fees"]), files)
            homes[name] = Home("", "catalogue.yaml", ("procedures", number))
    add_called(files, parts)
    procedures: dict[str, Mapping[str, Any]] = {
        name: {key: it for key, it in own.items() if key != "example"}
        for name, own in parts.items()
        if _is_whole(own)
    }
    shared = files.content(SHARED)
    linked = read_groups(files, procedures, shared if isinstance(shared, Mapping) else {})
    for group in linked:
        found += group.findings
        if group.files:
            procedures[f"linked/{group.folder}"] = parts[f"linked/{group.folder}"] = dict(group.files)
            homes[f"linked/{group.folder}"] = Home("", f"linked/{group.folder}/linked.yaml")
    return Pack(
        path=path,
        procedures=procedures,
        listed=[row for _number, row in listed],
        life_events=_life_events(files, found),
        words={"sectors": catalogue["sectors"], "fees": catalogue["fees"]},
        linked=linked,
        parts=parts,
        homes=homes,
        files=files,
        findings=found,
    )


def _is_whole(parts: Mapping[str, Any]) -> bool:
    return all(parts[key] is not None for key in ("procedure", "form", "process", "template"))


def _catalogue(
    files: Files, found: list[Finding]
) -> tuple[dict[str, Any], list[tuple[int, Mapping[str, Any]]]]:
    """Sectors and words of fees, and the listed procedures that can be used, each with its number."""
    source = files.sources.get("catalogue.yaml")
    if source is None:
        return {"sectors": {}, "fees": {}}, []
    faults = list(lint_shape("catalogue", source.name, source.content))
    if any(it.at[:1] != ("procedures",) or len(it.at) < 2 for it in faults):
        found += [source.finding(it) for it in faults]
        return {"sectors": {}, "fees": {}}, []
    catalogue, rows = source.content, list(enumerate(source.content["procedures"]))
    wrong = {it.at[1] for it in faults}
    faults += [
        it
        for number, row in rows
        if number not in wrong
        for it in lint_generic(row, number, catalogue["fees"])
    ]
    found += [source.finding(it) for it in faults]
    wrong = {it.at[1] for it in faults}
    return catalogue, [(number, row) for number, row in rows if number not in wrong]


def _life_events(files: Files, found: list[Finding]) -> list[Mapping[str, Any]]:
    source = files.sources.get("life_events.yaml")
    if source is None:
        return []
    faults = list(lint_shape("life_events", source.name, source.content))
    found += [source.finding(it) for it in faults]
    return [] if faults else list(source.content["life_events"])


def _parts(files: Files, folder: str, found: list[Finding]) -> dict[str, Any]:
    """The files of a procedure; what it does not bring itself is shared, and the result is uploaded by the officer."""
    place = f"procedures/{folder}"
    if not files.has(f"{place}/procedure.yaml"):
        found.append(finding("missing-file", f"{place}/procedure.yaml", name="procedure.yaml"))
    if files.has(f"{place}/process.yaml") and files.has(f"{place}/process.bpmn"):
        found.append(finding("two-processes", f"{place}/process.bpmn", 1))
    procedure = _shaped(files.sources.get(f"{place}/procedure.yaml"), "procedure", found)
    own = {
        "procedure": procedure,
        "form": _shaped(files.sources.get(f"{place}/form.json"), "form", found),
        "process": _shaped(find_process(files, place), "process", found),
        "template": files.content(f"{place}/result.typ"),
        "example": _shaped(files.sources.get(f"{place}/example.json"), "example", found),
    }
    if procedure:
        if not files.has(f"{place}/form.json"):
            own["form"] = generic_form(procedure)
        if not any(files.has(f"{place}/{it}") for it in ("process.yaml", "process.bpmn")):
            own["process"] = shared_process(files, procedure["code"])
    if not files.has(f"{place}/result.typ"):
        own["template"] = ""
    return own


def _shaped(source: Source | None, schema: str, found: list[Finding]) -> Any:
    """What a file says, None where its shape is wrong."""
    if source is None:
        return None
    faults: list[Fault] = list(lint_shape(schema, PARTS[schema], source.content))
    found += [source.finding(it) for it in faults]
    return None if faults else source.content


def _generic(procedure: Mapping[str, Any], files: Files) -> dict[str, Any]:
    """The files of a procedure that has only its list of components."""
    process = shared_process(files, procedure["code"])
    return {
        "procedure": procedure,
        "form": generic_form(procedure),
        "process": process,
        "template": "",
        "example": None,
    }


def home_findings(pack: Pack, name: str, faults: Iterator[Fault]) -> Iterator[Finding]:
    """The faults of a procedure with file and line. What was made for it is told where it was made from."""
    home = pack.homes[name]
    for found in faults:
        file = f"{home.folder}/{found.file}"
        if (
            home.folder
            and found.file == PARTS["process"]
            and f"{home.folder}/process.bpmn" in pack.files.sources
        ):
            file = f"{home.folder}/process.bpmn"
        if home.folder and file in pack.files.sources:
            yield pack.files.sources[file].finding(found)
        elif home.file in pack.files.sources:
            at = (*home.at, *found.at) if found.file == PARTS["procedure"] else home.at
            yield pack.files.sources[home.file].finding(
                Fault(home.file, at, found.rule, found.values, found.key)
            )


__all__ = ["BadPack", "Home", "Pack", "home_findings", "open_pack", "pack_of", "read_pack", "read_procedure"]
