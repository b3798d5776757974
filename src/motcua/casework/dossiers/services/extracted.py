"""Values read from a digitised paper: proposed from its words, kept only once an officer has confirmed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from motcua.casework.dossiers.digitising_errors import (
    ConfirmedMeanwhile,
    NotDigitisedYet,
    PaperChanged,
    WrongValues,
)
from motcua.casework.dossiers.models import Digitisation
from motcua.casework.dossiers.rules.extracting import (
    PaperKind,
    Proposal,
    kind_of,
    load_kinds,
    propose,
    value_fault,
)
from motcua.casework.dossiers.services.digitising import Paper, find_held, find_scan, is_current
from motcua.foundation.files.digitising import page_lines
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line


@dataclass(frozen=True, slots=True)
class Found:
    """What a paper seems to say. kind: None where the pack describes no such paper."""

    kind: PaperKind | None
    proposals: Mapping[str, Proposal]


def look_for(row: Digitisation) -> Found:
    """Proposals for a digitised paper, made anew each time from its words: they are kept nowhere.

    Raises UnreadableFile, DamagedFile, QuarantinedFile.
    """
    if not row.file:
        return Found(None, {})
    pages = page_lines(read_file(row.file))
    kind = kind_of(load_kinds(settings.PACKS / "vn"), row.component, pages)
    return Found(kind, propose(kind, pages) if kind else {})


def seen_mark(row: Digitisation) -> str:
    """What a form carries, to notice that somebody else confirmed since it was shown."""
    return row.confirmed_at.isoformat() if row.confirmed_at else ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an officer typed or left as proposed: {field: value}, blank: not kept. seen: `seen_mark` of the page."""

    values: Mapping[str, str]
    seen: str


@transaction.atomic
def confirm_values(
    *, actor: Actor, subject: UUID, component: str, confirmation: Confirmation, at: datetime
) -> Digitisation:
    """Keep the values as the officer confirms them, whatever was read. One entry `dossier.values_confirmed`.

    Raises NotFound, Refused, NotDigitisedYet, PaperChanged, ConfirmedMeanwhile, WrongValues.
    """
    paper = find_scan(find_held(actor, subject), component)
    row = locked_result(paper)
    if seen_mark(row) != confirmation.seen:
        raise ConfirmedMeanwhile
    found = look_for(row)
    values = _checked(found.kind, confirmation.values)
    row.values, row.confirmed_by, row.confirmed_at = values, actor.person, at
    row.save(update_fields=["values", "confirmed_by", "confirmed_at"])
    corrected = [
        name
        for name, value in values.items()
        if name not in found.proposals or value != found.proposals[name].value
    ]
    facts = {"component": component, "fields": sorted(values), "corrected": sorted(corrected)}
    happening = Happening(
        kind="dossier.values_confirmed",
        object_kind="dossier",
        object_id=subject,
        concerns_id=paper.held.owner_id,
        facts=facts | ({"test": True} if paper.held.is_test else {}),
        details=dict(values) or None,
    )
    record(actor=actor, happening=happening, at=at)
    return row


def locked_result(paper: Paper) -> Digitisation:
    """The paper's digitisation, locked in the caller's transaction, if it is done and of the files that are there.

    Raises NotDigitisedYet, PaperChanged.
    """
    rows = Digitisation.objects.select_for_update(of=("self",)).select_related("file", "copy")
    latest = rows.filter(subject=paper.held.id, component=paper.code).order_by("-asked_at", "-id").first()
    if not latest or (latest.state != Digitisation.State.DONE and is_current(latest, paper)):
        raise NotDigitisedYet
    if not is_current(latest, paper):
        raise PaperChanged
    return latest


def _checked(kind: PaperKind | None, values: Mapping[str, str]) -> dict[str, str]:
    """Raises WrongValues."""
    kept: dict[str, str] = {}
    faults: dict[str, str] = {}
    for field in kind.fields if kind else ():
        value = clean_line(values.get(field.name, ""))
        if field.form == "personal_number":
            value = value.replace(" ", "")
        if not value:
            continue
        if wrong := value_fault(field.form, value):
            faults[field.name] = wrong
        kept[field.name] = value
    if faults:
        raise WrongValues(faults=faults)
    return kept
