"""Checks of a group of linked procedures, and the procedure it becomes. Pure.

What is found is (path into linked.yaml, one sentence) inside, a `Fault` outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from motcua.casework.dossiers.rules.linked import Member, members_of
from motcua.casework.forms.rules.definition import BadForm, FormDefinition
from motcua.casework.forms.rules.parsing import parse_form

from .findings import Fault, fault
from .merging import NotMergeable, merged_components, merged_form

Place = tuple[str | int, ...]
Said = tuple[Place, str]
FILE = "linked.yaml"
Files = Mapping[str, Mapping[str, Any]]


def lint_members(data: Mapping[str, Any], files: Files) -> Iterator[Fault]:
    """What does not fit together, once the shape is right. files: of the pack's modelled procedures, by code."""
    for at, why in _members(data, files):
        yield linked_fault(at, why)


def linked_fault(at: Place, why: str) -> Fault:
    return fault(FILE, at, "linked", place=".".join(map(str, at)) or "the file", why=why)


def _members(data: Mapping[str, Any], files: Files) -> Iterator[Said]:
    members = members_of(data)
    if members[0].question or members[0].after:
        yield ("members", 0), "the first member waits for nothing and cannot be left out"
    before: list[str] = []
    for position, member in enumerate(members):
        place: Place = ("members", position)
        if member.name in before:
            yield (*place, "name"), f"{member.name} stands twice"
        for name in set(member.after) - set(before):
            yield (*place, "after"), f"{name} is no member before it"
        if member.procedure not in files:
            yield (*place, "procedure"), f"{member.procedure} is not modelled in this pack"
        else:
            yield from _lint_member(place, member, members[:position], files)
        before.append(member.name)


def _lint_member(place: Place, member: Member, before: Sequence[Member], files: Files) -> Iterator[Said]:
    try:
        form = parse_form(files[member.procedure]["form"])
    except BadForm:
        return  # told where the form is
    for key in ("ask_as", "answers", "papers"):
        for name in getattr(member, key):
            if name not in form.fields:
                yield (*place, key, name), f"the form of {member.procedure} has no question {name}"
    for name in member.answers.keys() & (member.ask_as.keys() | member.papers.keys()):
        yield (*place, "answers", name), f"{name} is asked or met elsewhere as well"
    for name, source in member.answers.items():
        if source.kind == "result" and source.name not in member.after:
            yield (*place, "answers", name), f"{source.name} is not among those it waits for (after)"
    yield from _papers(place, member, form, {it.name: it.procedure for it in before}, files)


def _papers(
    place: Place, member: Member, form: FormDefinition, before: Mapping[str, str], files: Files
) -> Iterator[Said]:
    components = {it.get("field"): it for it in files[member.procedure]["procedure"]["components"]}
    for name, other in member.papers.items():
        at = (*place, "papers", name)
        if other not in member.after or before.get(other) not in files:
            yield at, f"{other} is not among those it waits for (after)"
            continue
        if name in form.fields and form.fields[name].kind != "file":
            yield at, f"{name} asks for no paper"
        results = {it["code"] for it in files[before[other]]["procedure"]["results"]}
        accepted = set(components.get(name, {}).get("accepts", ()))
        if not results & accepted:
            yield at, f"no result of {other} is accepted for {name} (accepts of {member.procedure})"


def files_of_group(data: Mapping[str, Any], files: Files, process: Mapping[str, Any]) -> dict[str, Any]:
    """The files of the procedure that the group is: {"procedure", "form", "process", "template", "linked"}.

    Its process is run by nobody: each member has its own. Raises NotMergeable, BadForm.
    """
    members = members_of(data)
    procedures = {it.procedure: files[it.procedure]["procedure"] for it in members}
    form = merged_form(data["title"], members, {it.procedure: files[it.procedure]["form"] for it in members})
    lint_sources(members, parse_form(form))
    own = {key: it for key, it in data.items() if key not in {"members", "title"}}
    results = {it["code"]: it for code in procedures for it in procedures[code]["results"]}
    procedure = own | {
        "linked": True,
        "fees": [],
        "results": [_result(it) for it in results.values()],
        "components": list(merged_components(members, procedures)),
        "result": {"language": "vi"},
    }
    return {
        "procedure": procedure,
        "form": form,
        "process": {**process, "code": data["code"]},
        "template": "",
        "linked": {"members": data["members"]},
    }


def _result(result: Mapping[str, Any]) -> dict[str, Any]:
    """Whom it is about its own dossier says."""
    return {key: it for key, it in result.items() if key != "about"}


def lint_sources(members: Sequence[Member], form: FormDefinition) -> None:
    """Whether every answer that is passed on is asked or computed. Raises NotMergeable."""
    names = {*form.fields, *form.computed_names}
    for member in members:
        for name, source in member.answers.items():
            if source.kind == "answer" and source.name not in names:
                raise NotMergeable(f"{member.name}: {name} comes from {source.name}, which nobody asks")
