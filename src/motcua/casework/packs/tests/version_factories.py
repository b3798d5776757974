"""Drafts of versions, as far as a test needs them. The limit of the marital status certificate becomes two days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import yaml

from motcua.casework.dossiers.tests.factories import MORNING, World
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.draft_files import PROCEDURE, PROCESS
from motcua.casework.packs.rules.editing import Path, with_values
from motcua.casework.packs.rules.limits import following
from motcua.casework.packs.versions import services
from motcua.casework.packs.versions.services import About, Change, Verdict
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.selectors import identify_officer

CODE = "1.004873"
NOTE = "Shortened by Decision 12/QĐ-UBND."


def keeper() -> Actor:
    """The province's second keeper of the catalogue, who reviews."""
    identity = identify_officer(Account.objects.get(username="demo.catalogue.H44"))
    assert identity
    return identity.actor


def change(draft: VersionDraft, path: Path = ("minutes_to_apply",), value: Any = 1) -> Change:
    """One value of its procedure.yaml."""
    files = {**draft.files, PROCEDURE: with_values(draft.files[PROCEDURE], {path: value})}
    return Change(draft.revision, files)


def shortened(draft: VersionDraft) -> Change:
    """The limit one day shorter, in all places that speak of it."""
    text = draft.files[PROCEDURE]
    changes = following(yaml.safe_load(text), {("limit", "value"): "2wd"})
    procedure = with_values(text, changes)
    process = with_values(draft.files[PROCESS], {("steps", 1, "limit_hours"): 4})
    files = {**draft.files, PROCEDURE: procedure, PROCESS: process}
    return Change(draft.revision, files, About(note=NOTE))


def sent(
    world: World,
    *,
    draft: VersionDraft | None = None,
    files: Mapping[str, str] | None = None,
    about: About | None = None,
) -> VersionDraft:
    """In review, with the limit shortened or with these files."""
    draft = draft or services.start_draft(actor=world.catalogue, code=CODE, at=MORNING)
    made = Change(draft.revision, files) if files is not None else shortened(draft)
    draft = services.save_draft(
        actor=world.catalogue,
        draft_id=draft.pk,
        change=replace(made, about=about or About(note=NOTE)),
        at=MORNING,
    )
    return services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)


def approved(world: World, **values: Any) -> VersionDraft:
    draft = sent(world, **values)
    verdict = Verdict(draft.revision, is_approved=True)
    return services.review_draft(actor=keeper(), draft_id=draft.pk, verdict=verdict, at=MORNING)


def published(
    world: World, *, day: date | None = None, backdating: str = "", **values: Any
) -> ProcedureVersion:
    draft = approved(world, about=About(NOTE, day, backdating), **values)
    return services.publish_draft(
        actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING
    )
