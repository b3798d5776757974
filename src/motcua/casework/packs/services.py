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

from motcua.casework.packs.processes import add_called, read_process
from motcua.casework.packs.rules.lint import lint_listing, lint_procedure
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


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_pack(path: Path) -> Pack:
    """Parse a pack folder. Raises BadPack naming the file that cannot be read."""
    try:
        procedures = {
            folder.name: _read_procedure(folder) for folder in sorted((path / "procedures").iterdir())
        }
        add_called(path, procedures)
        catalogue = _yaml(path / "catalogue.yaml")
        return Pack(
            path=path,
            procedures=procedures,
            listed=catalogue["procedures"],
            life_events=_yaml(path / "life_events.yaml")["life_events"],
            words={"sectors": catalogue["sectors"], "fees": catalogue["fees"]},
        )
    except (OSError, yaml.YAMLError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise BadPack(findings=str(error)) from error


def _read_procedure(folder: Path) -> dict[str, Any]:
    procedure = _yaml(folder / "procedure.yaml")
    return {
        "procedure": procedure,
        "form": json.loads((folder / "form.json").read_text(encoding="utf-8")),
        "process": read_process(folder),
        "template": (folder / "result.typ").read_text(encoding="utf-8"),
    }


def lint_pack(pack: Pack) -> Iterator[str]:
    """Everything that is wrong with a pack, one sentence a finding, the place first."""
    for name, files in pack.procedures.items():
        for finding in lint_procedure(files):
            yield f"procedures/{name}: {finding}"
    for listed in pack.listed:
        for finding in lint_listing(listed):
            yield f"catalogue.yaml: {finding}"
    known = {files["procedure"]["code"] for files in pack.procedures.values()}
    known |= {listed["code"] for listed in pack.listed}
    for event in pack.life_events:
        for code in event["procedures"]:
            if code not in known:
                yield f"life_events.yaml: {event['code']} names the unknown procedure {code}"


@transaction.atomic
def load_pack(*, actor: Actor, path: Path, at: datetime) -> dict[str, int]:
    """Check a pack and publish everything in it, or nothing. Loading again changes only what changed.

    Returns counts: modelled, listed, life_events. Raises BadPack with the findings.
    """
    pack = read_pack(path)
    if findings := list(lint_pack(pack)):
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
    return {
        "modelled": len(pack.procedures),
        "listed": len(pack.listed),
        "life_events": len(pack.life_events),
    }


def _publish(actor: Actor, pack: Pack, files: Mapping[str, Any], at: datetime) -> None:
    definition = {name: _plain(files[name]) for name in ("procedure", "form", "process")}
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
    )


def _fee_words(pack: Pack, procedure: Mapping[str, Any]) -> Mapping[str, str]:
    """The fee in a few words; a modelled procedure that begins without one is free of charge."""
    if "fee" in procedure:
        return dict(pack.words["fees"].get(procedure["fee"]["words"], {}))
    first = procedure["fees"][0] if procedure["fees"] else {"amount_vnd": 0}
    return dict(pack.words["fees"]["free"]) if first.get("amount_vnd") == 0 else {}
