"""Loading a pack: read, check, publish. A pack with a finding is not loaded at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.casework.forms.rules.generic import generic_form
from motcua.casework.forms.rules.shapes import with_shared
from motcua.casework.packs.common import keep_common, lint_common, read_common
from motcua.casework.packs.examples.cast import example_files, filled_in, read_example
from motcua.casework.packs.linked import Group, read_groups
from motcua.casework.packs.processes import add_called, read_process
from motcua.casework.packs.rules.advice import advise_procedure, parse_plain
from motcua.casework.packs.rules.lint import lint_listing, lint_procedure
from motcua.casework.packs.rules.listed import lint_generic, procedure_of_listing
from motcua.casework.packs.rules.worked import BadExample
from motcua.casework.process.services import publish_definition
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.services import (
    Listing,
    Publication,
    enter_life_event,
    list_procedure,
    publish_version,
)


class BadPack(DomainError):
    code = "bad_pack"
    message = _("The pack was not loaded: %(findings)s")
    status = 422


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's files, parsed. `procedures`: folder name -> {"procedure", "form", "process", "template"}."""

    path: Path
    procedures: Mapping[str, Mapping[str, Any]]
    listed: list[Mapping[str, Any]] = field(default_factory=list)
    life_events: list[Mapping[str, Any]] = field(default_factory=list)
    # Words that several procedures share: {"sectors": {code: texts}, "fees": {code: texts}}.
    words: Mapping[str, Any] = field(default_factory=dict)
    # Groups of linked procedures; those without findings stand among the procedures, under "linked/CODE".
    linked: list[Group] = field(default_factory=list)


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_pack(path: Path) -> Pack:
    """Parse a pack folder. Raises BadPack naming the file that cannot be read."""
    try:
        catalogue = _yaml(path / "catalogue.yaml")
        procedures = {
            folder.name: _read_procedure(folder) for folder in sorted((path / "procedures").iterdir())
        }
        modelled = {files["procedure"]["code"] for files in procedures.values()}
        findings = [
            it for listed in catalogue["procedures"] if listed.get("generic") for it in lint_generic(listed)
        ]
        if findings:
            raise BadPack(findings="; ".join(findings[:20]))
        for listed in catalogue["procedures"]:
            if listed.get("generic") and listed["code"] not in modelled:
                procedures[f"{listed['code']} (listed)"] = _read_listed(listed, catalogue["fees"], path)
        add_called(path, procedures)
        linked = read_groups(path, procedures, _yaml(path / "processes" / "generic.yaml"))
        procedures |= {f"linked/{it.folder}": dict(it.files) for it in linked if it.files}
        return Pack(
            path=path,
            procedures=procedures,
            listed=catalogue["procedures"],
            life_events=_yaml(path / "life_events.yaml")["life_events"],
            words={"sectors": catalogue["sectors"], "fees": catalogue["fees"]},
            linked=linked,
        )
    except (OSError, yaml.YAMLError, json.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        raise BadPack(findings=str(error)) from error


def _read_procedure(folder: Path) -> dict[str, Any]:
    """The files of a procedure; what it does not bring itself is shared, and the result is uploaded by the officer."""
    procedure, form, template = _yaml(folder / "procedure.yaml"), folder / "form.json", folder / "result.typ"
    return {
        "procedure": procedure,
        "form": json.loads(form.read_text(encoding="utf-8")) if form.exists() else generic_form(procedure),
        "process": _process_of(procedure, folder),
        "template": template.read_text(encoding="utf-8") if template.exists() else "",
    }


def _read_listed(listed: Mapping[str, Any], fees: Mapping[str, Any], pack: Path) -> dict[str, Any]:
    """The files of a procedure that has only its list of components."""
    procedure = procedure_of_listing(listed, fees)
    return {
        "procedure": procedure,
        "form": generic_form(procedure),
        "process": _shared_process(procedure, pack),
        "template": "",
    }


def _process_of(procedure: Mapping[str, Any], folder: Path) -> Any:
    """Its own, as YAML or BPMN, or the shared one."""
    own = any((folder / name).exists() for name in ("process.yaml", "process.bpmn"))
    return read_process(folder) if own else _shared_process(procedure, folder.parent.parent)


def _shared_process(procedure: Mapping[str, Any], pack: Path) -> Any:
    return _yaml(pack / "processes" / "generic.yaml") | {"code": procedure["code"]}


def lint_pack(pack: Pack) -> Iterator[str]:
    """Everything that is wrong with a pack, one sentence a finding, the place first."""
    for group in pack.linked:
        yield from group.findings
    for name, files in pack.procedures.items():
        place = name if name.startswith("linked/") else f"procedures/{name}"
        for finding in lint_procedure(files):
            yield f"{place}: {finding}"
    for listed in pack.listed:
        for finding in lint_listing(listed):
            yield f"catalogue.yaml: {finding}"
    known = {files["procedure"]["code"] for files in pack.procedures.values()}
    known |= {listed["code"] for listed in pack.listed} | {group.folder for group in pack.linked}
    for event in pack.life_events:
        for code in event["procedures"]:
            if code not in known:
                yield f"life_events.yaml: {event['code']} names the unknown procedure {code}"


def advise_pack(pack: Pack) -> Iterator[str]:
    """What would help its readers, one sentence a piece of advice, the place first; it hinders no loading.

    Looks only at procedures with files of their own. Raises ValueError, BadPack without plain_language.yaml.
    """
    try:
        plain = parse_plain(_yaml(pack.path / "plain_language.yaml"))
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise BadPack(findings=str(error)) from error
    for name, files in pack.procedures.items():
        if (pack.path / "procedures" / name / "form.json").exists():
            for advice in advise_procedure(files, plain):
                yield f"procedures/{name}: {advice}"


def lint_examples(pack: Pack) -> Iterator[str]:
    """What is wrong with the shape of a pack's worked examples (docs/examples.md), which nothing but tests need; the
    command `motcua examples` plays them."""
    online = {files["procedure"]["code"] for files in pack.procedures.values()}
    for path in example_files(pack.path):
        place = path.relative_to(pack.path)
        try:
            example = read_example(path)
            filled_in(pack.path, example)
        except BadExample as error:
            yield from (f"{place}: {finding}" for finding in error.findings)
            continue
        if example.procedure not in online:
            yield f"{place}: procedure: {example.procedure} cannot be applied for in this pack"


@transaction.atomic
def load_pack(*, actor: Actor, path: Path, at: datetime) -> dict[str, int]:
    """Check a pack and publish everything in it, or nothing. Loading again changes only what changed.

    Returns counts: modelled, listed, life_events. Raises BadPack with the findings.
    """
    pack = read_pack(path)
    common = read_common(path)
    if findings := [*lint_pack(pack), *lint_common(common)]:
        raise BadPack(findings="; ".join(findings[:20]))
    for listed in pack.listed:
        if listed["code"] not in {files["procedure"]["code"] for files in pack.procedures.values()}:
            list_procedure(_listing(pack, listed, is_online=False))
    for files in pack.procedures.values():
        _publish(actor, pack, files, at)
    for position, event in enumerate(pack.life_events, start=1):
        enter_life_event(
            code=event["code"],
            position=position,
            icon=event["icon"],
            texts={"names": event["name"], "descriptions": event["text"]},
            procedure_codes=list(event["procedures"]),
        )
    keep_common(common, actor=actor, at=at)
    return {
        "modelled": len(pack.procedures),
        "listed": len(pack.listed),
        "life_events": len(pack.life_events),
    }


def _publish(actor: Actor, pack: Pack, files: Mapping[str, Any], at: datetime) -> None:
    named = ("procedure", "form", "process", *(["linked"] if "linked" in files else []))
    definition = {name: _plain(files[name]) for name in named}
    # The stored schema stands alone, for programs that read it.
    definition["form"]["schema"] = with_shared(definition["form"]["schema"])
    content = json.dumps([definition, files["template"]], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(content.encode()).hexdigest()
    procedure = definition["procedure"]
    publish_definition(code=procedure["code"], digest=digest, content=definition["process"])
    publish_version(
        actor=actor,
        publication=Publication(
            listing=_listing(pack, procedure, is_online=True),
            valid_from=files["procedure"]["valid_from"],
            definition=definition,
            digest=digest,
            result_template=files["template"],
        ),
        at=at,
    )


def _plain(data: Any) -> Any:
    """YAML's dates as text, so that the definition is JSON."""
    return json.loads(json.dumps(data, default=str))


def _listing(pack: Pack, procedure: Mapping[str, Any], *, is_online: bool) -> Listing:
    return Listing(
        code=procedure["code"],
        names=procedure["name"],
        everyday=[word for words in procedure.get("everyday_words", {}).values() for word in words],
        sector=procedure["sector"],
        sector_names=pack.words["sectors"].get(procedure["sector"], {}),
        level=procedure["level"] if is_online else procedure["levels"][0],
        limit=procedure.get("limit", {}).get("value") or "",
        fee=_fee_words(pack, procedure),
        is_online=is_online,
        levels=procedure.get("levels", ()),
    )


def _fee_words(pack: Pack, procedure: Mapping[str, Any]) -> Mapping[str, str]:
    """The fee in a few words; a modelled procedure that begins without one is free of charge."""
    if "fee" in procedure:
        return dict(pack.words["fees"].get(procedure["fee"]["words"], {}))
    first = procedure["fees"][0] if procedure["fees"] else {"amount_vnd": 0}
    return dict(pack.words["fees"]["free"]) if first.get("amount_vnd") == 0 else {}
