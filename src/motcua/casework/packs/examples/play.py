"""A worked example from its first act to its last: what the program made of it beside what the example says."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import answer_class, class_of
from motcua.casework.packs.examples.acts import Differs, Scene, do
from motcua.casework.packs.examples.cast import Cast, filled_in
from motcua.casework.packs.rules.worked import STANDING, VERBS, Example, Played
from motcua.casework.process.models import Task
from motcua.casework.process.services import publish_definition
from motcua.casework.warehouse.selectors import find_document_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.worktime.moments import local
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.catalogue.services import Listing, Publication, publish_version


def play(example: Example, cast: Cast, pack: Path) -> list[str]:
    """What the program does otherwise than the example says, one sentence each; nothing of it stays in the database.

    Raises BadExample where nothing says how the procedure's form is filled in, NotFound for an unknown procedure.
    """
    with translation.override("en"), transaction.atomic():
        try:
            return list(_played(example, cast, pack))
        finally:
            transaction.set_rollback(True)


def _played(example: Example, cast: Cast, pack: Path) -> Iterator[str]:
    first = example.acts[0].at
    scene = Scene(cast, _version(example, on=first.date(), at=first), filled_in(pack, example))
    holds: dict[str, Any] = {"rounds": 0, "decided_by": "first"}
    for position, played in enumerate(example.acts):
        place = f"acts[{position}] ({played.at:%a %Y-%m-%d %H:%M}, {played.who}, {played.does})"
        holds |= {key: value for key, value in played.holds.items() if key in STANDING}
        try:
            found = list(_refused(scene, played) if played.refused else _done(scene, played))
        except (DomainError, Differs) as error:
            code = getattr(error, "code", "shown otherwise")
            yield f"{place}: it is refused: {code}: {error}"
            return
        if position or not played.refused:
            found += _compared(scene, played, holds)
        yield from (f"{place}: {finding}" for finding in found)


def _version(example: Example, *, on: date, at: datetime) -> ProcedureVersion:
    """The published version; where the example is about a made-up procedure, one that differs from it as it says."""
    version = get_version(example.procedure, at=on)
    if not example.as_if:
        return version
    definition = copy.deepcopy(dict(version.definition))
    as_if = dict(example.as_if)
    if limit := as_if.pop("limit", ""):
        definition["procedure"]["limit"]["value"] = limit
    definition["procedure"] |= as_if
    digest = hashlib.sha256(json.dumps([example.code, definition], sort_keys=True).encode()).hexdigest()
    code, procedure = example.procedure, version.procedure
    publish_definition(code=code, digest=digest, content=definition["process"])
    listing = Listing(
        code=code,
        names=procedure.names,
        everyday=[],
        sector=procedure.sector,
        level=procedure.level,
        limit=definition["procedure"]["limit"]["value"],
        fee={},
        sector_names={},
        is_online=True,
    )
    made_up = Publication(listing, on, definition, digest, version.result_template)
    return publish_version(actor=SYSTEM, publication=made_up, at=at)


def _done(scene: Scene, played: Played) -> Iterator[str]:
    """The act, and the papers and entries it made."""
    papers, entries = _papers(scene), _entries(scene)
    do(scene, played)
    made = sorted(kind for pk, kind in _papers(scene).items() if pk not in papers)
    wanted = sorted(played.holds.get("papers", []))
    if made != wanted:
        yield f"papers: the example says {wanted}, the program made {made}"
    written = [words for pk, words in _entries(scene).items() if pk not in entries]
    said = list(played.holds.get("journal", VERBS[played.does][0]))
    if written != said:
        yield f"journal: the example says {said}, the program wrote {written}"


def _refused(scene: Scene, played: Played) -> Iterator[str]:
    """The act is refused for that reason, and changes nothing."""
    before = _everything(scene)
    try:
        with transaction.atomic():
            do(scene, played)
    except DomainError as error:
        if error.code != played.refused:
            yield f"refused: the example says {played.refused}, the program {error.code}: {error}"
        elif played.because not in str(error):
            yield f"because: {played.because!r} is not in the program's sentence: {error}"
    else:
        yield f"refused: the example says {played.refused}, the program did it"
    if _everything(scene) != before:
        yield "refused: and yet something changed"


def _papers(scene: Scene) -> dict[Any, str]:
    found = Dossier.objects.filter(pk=scene.dossier_id, documents__isnull=False)
    return dict(found.values_list("documents__pk", "documents__kind"))


def _entries(scene: Scene) -> dict[Any, str]:
    """The dossier's entries in their order: the kind, of a warning its code, and "late" where the journal says so."""
    rows = Entry.objects.filter(object_id=scene.dossier_id).order_by("sequence")
    return {row.pk: " ".join([row.kind, *_said(row.facts)]) for row in rows}


def _said(facts: Mapping[str, Any]) -> Iterator[str]:
    if warning := facts.get("warning"):
        yield str(warning)
    if facts.get("late"):
        yield "late"


def _everything(scene: Scene) -> tuple[Any, ...]:
    row = Dossier.objects.filter(pk=scene.dossier_id).values().first()
    tasks = Task.objects.filter(subject=scene.dossier_id).order_by("opened_at", "pk")
    return row, list(tasks.values_list("pk", "due_at", "completed_at")), _papers(scene), _entries(scene)


def _compared(scene: Scene, played: Played, standing: Mapping[str, Any]) -> Iterator[str]:
    """What holds of the dossier now, beside what the example says."""
    dossier = scene.dossier
    found = _stands(dossier, scene, played.at)
    asked = dict(standing) | {key: value for key, value in played.holds.items() if key in _ONCE}
    for key, said in asked.items():
        real = found[key] if key in found else _ONCE[key](dossier)
        said = sorted(said) if isinstance(said, list) else [said] if key == "step" else said
        if real != said:
            yield f"{key}: the example says {_words(said)}, the program {_words(real)}"


def _stands(dossier: Dossier, scene: Scene, at: datetime) -> dict[str, Any]:
    return {
        "status": dossier.status,
        "due": dossier.due_at,
        "original_due": dossier.basis_at,
        "class": str(class_of(dossier, at)) or "none",
        "answer": str(answer_class(dossier.answer_by, dossier.answered_at, at)) or "none",
        "rounds": dossier.supplements.count(),
        "decided_by": "first" if dossier.agency_id == scene.cast.first.id else "other",
    }


def _bring_by(dossier: Dossier) -> datetime | None:
    request = dossier.supplements.filter(answered_at=None).first()
    return request.due_at if request else None


def _tasks(dossier: Dossier) -> list[Task]:
    return list(Task.objects.filter(subject=dossier.pk, completed_at=None).order_by("step"))


def _step_due(dossier: Dossier) -> datetime | None:
    tasks = _tasks(dossier)
    return tasks[0].due_at if len(tasks) == 1 else None


def _result(dossier: Dossier) -> str:
    if not dossier.finished_at or not find_document_of(dossier.id):
        return "none"
    return "refused" if dossier.is_declined else "granted"


_ONCE = {
    "answer_by": lambda dossier: dossier.answer_by,
    "bring_by": _bring_by,
    "silence_at": lambda dossier: dossier.silent_at,
    "step": lambda dossier: [it.step for it in _tasks(dossier)],
    "step_due": _step_due,
    "result": _result,
}


def _words(value: Any) -> str:
    return f"{local(value):%a %Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
