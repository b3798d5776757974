"""The lint of packs: every finding of a whole pack, of one procedure's folder, or of files that were handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from motcua.casework.packs.examples.cast import example_files, filled_in, read_example
from motcua.casework.packs.opening import Pack, home_findings, open_pack, pack_of
from motcua.casework.packs.reading import Files, read_files, read_folder
from motcua.casework.packs.rules.advice import advise_procedure, parse_plain
from motcua.casework.packs.rules.examples import lint_example
from motcua.casework.packs.rules.findings import Fault, Finding, did_you_mean, fault, finding, in_order
from motcua.casework.packs.rules.lint import lint_limits, lint_places, lint_procedure
from motcua.casework.packs.rules.surroundings import Surroundings, read_held
from motcua.casework.packs.rules.worked import BadExample
from motcua.casework.packs.templates import lint_compiled

_ALONE = "procedures/_/"  # where the files of a single procedure are looked at
# What a folder may hold beside; readers look at neither.
_SPARE = frozenset({"README.md", "LICENSE"})
_KNOWN = (
    "procedure.yaml",
    "form.json",
    "process.yaml",
    "process.bpmn",
    "result.typ",
    "example.json",
    "tests.yaml",
)


def lint_pack(
    pack: Pack, *, today: date | None = None, templates: bool = False, only: str = ""
) -> Iterator[Finding]:
    """Everything that is wrong with a pack, or could be better: each with file, line, why and how to mend it.

    templates: compile them too, which takes long. only: the folder of one procedure, all if empty.
    """
    yield from pack.findings
    around = surroundings_of(pack, today=today)
    for name in pack.parts:
        if only in {"", name}:
            yield from _lint_folder(pack, name, around, templates=templates)
    yield from _lint_listed(pack, around)
    yield from _lint_life_events(pack)
    yield from _lint_codes(pack)
    yield from advise_pack(pack)


def lint_path(path: Path, *, today: date | None = None, templates: bool = False) -> list[Finding]:
    """A whole pack, or one procedure's folder (within its pack if it lies in one), in the order of files and lines."""
    if not (path / "procedure.yaml").exists():
        pack = open_pack(path)
        return in_order([*lint_pack(pack, today=today, templates=templates), *lint_examples(pack)])
    folder = path.resolve()
    if folder.parent.name != "procedures" or not (folder.parent.parent / "catalogue.yaml").exists():
        return _lint_alone(read_folder(path, _ALONE), Surroundings(today=today), templates=templates)
    pack, start = open_pack(folder.parent.parent), f"procedures/{folder.name}/"
    found = in_order(list(lint_pack(pack, today=today, templates=templates, only=folder.name)))
    return [replace(it, file=it.file.removeprefix(start)) for it in found if it.file.startswith(start)]


def lint_files(
    files: Mapping[str, bytes],
    *,
    around: Surroundings | None = None,
    today: date | None = None,
    templates: bool = False,
) -> list[Finding]:
    """The files of one procedure ("procedure.yaml", "form.json", …) or of a whole pack, as somebody handed them in.

    around: the pack they are meant for (`surroundings_of`); without it nothing outside of them is known.
    """
    if "catalogue.yaml" in files:
        pack = pack_of(read_files(files))
        return in_order(list(lint_pack(pack, today=today, templates=templates)))
    read = read_files({f"{_ALONE}{name}": content for name, content in files.items()})
    around = around or Surroundings()
    return _lint_alone(read, replace(around, today=today or around.today), templates=templates)


def _lint_alone(files: Files, around: Surroundings, *, templates: bool) -> list[Finding]:
    pack = pack_of(files, whole=False)
    found = list(pack.findings)
    for name in pack.parts:
        found += _lint_folder(pack, name, around, templates=templates)
    return in_order([replace(it, file=it.file.removeprefix(_ALONE)) for it in found])


def surroundings_of(pack: Pack, *, today: date | None = None) -> Surroundings:
    """What a procedure may refer to in a pack."""
    held, results = pack.files.content("personal_data.yaml"), pack.files.content("result_codes.yaml")
    codes = {str(it["code"]) for it in _rows(results, "results") if "code" in it}
    codes |= {
        it["code"]
        for parts in pack.parts.values()
        if parts["procedure"]
        for it in parts["procedure"]["results"]
    }
    codes |= {it["result"] for it in pack.listed if it.get("result")}
    return Surroundings(
        sectors=frozenset(pack.words["sectors"]) if pack.words["sectors"] else None,
        fees=frozenset(pack.words["fees"]) if pack.words["fees"] else None,
        life_events=frozenset(it["code"] for it in pack.life_events) if pack.life_events else None,
        results=frozenset(codes) if results else None,
        held=read_held(held),
        today=today,
    )


def advise_pack(pack: Pack) -> Iterator[Finding]:
    """What would help its readers; it hinders no loading.

    Looks only at procedures with a form of their own. Without plain_language.yaml there is no advice.
    """
    source = pack.files.sources.get("plain_language.yaml")
    if source is None:
        return
    try:
        plain = parse_plain(source.content)
    except ValueError as error:
        yield finding("bad-plain-language", source.name, 1, why=str(error))
        return
    for name, parts in pack.parts.items():
        own = f"procedures/{name}/form.json" in pack.files.sources
        if own and parts["procedure"] and parts["form"]:
            yield from home_findings(pack, name, advise_procedure(parts, plain))


def lint_examples(pack: Pack) -> Iterator[Finding]:
    """What is wrong with the shape of a pack's worked examples (docs/examples.md), which nothing but tests need; the
    command `motcua examples` plays them."""
    online = {files["procedure"]["code"] for files in pack.procedures.values()} | set(pack.homes)
    for path in example_files(pack.path):
        place = path.relative_to(pack.path).as_posix()
        try:
            example = read_example(path)
            filled_in(pack.path, example)
        except BadExample as error:
            yield from (finding("worked-example", place, why=it) for it in error.findings)
            continue
        if example.procedure not in online:
            why = f"procedure: {example.procedure} cannot be applied for in this pack"
            yield finding("worked-example", place, why=why)


def _lint_folder(pack: Pack, name: str, around: Surroundings, *, templates: bool) -> Iterator[Finding]:
    parts = pack.parts[name]
    home, found = pack.homes[name], lint_procedure(parts, around)
    if name.startswith("linked/"):
        # What is made of its members is told there.
        own = pack.files.sources[home.file].content
        found = (it for it in found if it.file == "procedure.yaml" and it.at and it.at[0] in own)
    yield from home_findings(pack, name, found)
    if not home.folder:
        return
    yield from home_findings(pack, name, _folder_faults(pack, name))
    if parts["procedure"] and parts["form"]:
        yield from home_findings(pack, name, lint_example(parts))
    if templates:
        yield from home_findings(pack, name, lint_compiled(parts))
    for file in _files_of(pack, home.folder):
        if file not in _KNOWN and file not in _SPARE:
            hint = did_you_mean(file, _KNOWN)
            yield finding("unused-file", f"{home.folder}/{file}", name=file, hint=hint)


def _folder_faults(pack: Pack, name: str) -> Iterator[Fault]:
    """Files that a procedure should have, and its folder's name."""
    procedure, folder = pack.parts[name]["procedure"], pack.homes[name].folder
    if not procedure:
        return
    if name not in {procedure["code"], "_"}:
        yield fault("procedure.yaml", ("code",), "other-folder", code=procedure["code"], folder=name)
    template = procedure["result"].get("template")
    if not pack.files.has(f"{folder}/result.typ"):
        if template:
            yield fault("procedure.yaml", ("result", "template"), "template-missing", name=template)
        else:
            yield fault("procedure.yaml", ("result",), "no-template")
    if pack.files.has(f"{folder}/form.json") and not pack.files.has(f"{folder}/example.json"):
        yield fault("procedure.yaml", (), "no-example")
    for key in ("form", "process", "example"):
        file = procedure.get(key)
        if file and not pack.files.has(f"{folder}/{file}"):
            yield fault("procedure.yaml", (key,), "named-file-missing", name=file)


def _files_of(pack: Pack, folder: str) -> list[str]:
    start = f"{folder}/"
    return sorted(
        it.removeprefix(start) for it in [*pack.files.sources, *pack.files.others] if it.startswith(start)
    )


def _lint_listed(pack: Pack, around: Surroundings) -> Iterator[Finding]:
    source = pack.files.sources.get("catalogue.yaml")
    if source is None:
        return
    places = {id(row): number for number, row in enumerate(_rows(source.content, "procedures"))}
    for listed in pack.listed:
        at = ("procedures", places[id(listed)])
        for found in (*lint_limits(listed, source.name, at), *lint_places(listed, around, source.name, at)):
            yield source.finding(found)


def _lint_life_events(pack: Pack) -> Iterator[Finding]:
    source = pack.files.sources.get("life_events.yaml")
    known = {parts["procedure"]["code"] for parts in pack.parts.values() if parts["procedure"]}
    known |= {it["code"] for it in pack.listed} | {it.folder for it in pack.linked} | set(pack.homes)
    if source is None:
        return
    first: dict[str, int] = {}
    for number, event in enumerate(pack.life_events):
        if event["code"] in first:
            values = {
                "what": "the life event",
                "name": event["code"],
                "first": ("life_events", first[event["code"]]),
            }
            yield source.finding(
                fault(source.name, ("life_events", number, "code"), "stands-twice", **values)
            )
        first.setdefault(event["code"], number)
        for position, code in enumerate(event["procedures"]):
            if code not in known:
                at = ("life_events", number, "procedures", position)
                values = {"who": event["code"], "name": code, "hint": did_you_mean(code, sorted(known))}
                yield source.finding(fault(source.name, at, "unknown-procedure", **values))


def _lint_codes(pack: Pack) -> Iterator[Finding]:
    """Folders, groups and listings of one code. A listing may stand beside the folder that replaced it."""
    first: dict[str, str] = {}
    for name, parts in pack.parts.items():
        home = pack.homes[name]
        if not parts["procedure"] or (not home.folder and home.at):
            continue
        code = parts["procedure"]["code"]
        if code in first:
            yield pack.files.sources[home.file].finding(
                fault(home.file, ("code",), "code-twice", code=code, other=first[code])
            )
        first.setdefault(code, home.file)
    source = pack.files.sources.get("catalogue.yaml")
    seen: dict[str, int] = {}
    for number, listed in enumerate(_rows(source.content, "procedures") if source else ()):
        code = listed.get("code")
        if source and isinstance(code, str) and code in seen:
            other = f"line {source.line(('procedures', seen[code]))}"
            at = ("procedures", number, "code")
            yield source.finding(fault(source.name, at, "code-twice", code=code, other=other))
        if isinstance(code, str):
            seen.setdefault(code, number)


def _rows(content: Any, key: str) -> list[Mapping[str, Any]]:
    """The tables of a list in a file whose shape nobody has checked; empty ones in the place of what is none."""
    rows = content.get(key) if isinstance(content, Mapping) else None
    return [it if isinstance(it, Mapping) else {} for it in rows] if isinstance(rows, list) else []
