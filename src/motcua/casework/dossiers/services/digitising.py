"""Making papers searchable: asked for at the desk, done by a job, kept beside what was handed in.

A paper is all files of one component that were handed in (`Paper`), of a dossier or of a draft at a counter.
Source: vietnam.md 8 (scan and check at reception, before processing); Circular 01/2023/TT-VPCP art. 8.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.digitising_errors import NothingToDigitise
from motcua.casework.dossiers.forms import component_names
from motcua.casework.dossiers.models import Component, Digitisation, Dossier, Draft, DraftPaper, Origin
from motcua.casework.dossiers.policies import find_readable, may_digitise, own_drafts
from motcua.foundation.files import digitising
from motcua.foundation.files.digitising_errors import (
    DigitisingFailed,
    NoReader,
    NotDigitised,
    UnreadableScan,
)
from motcua.foundation.files.errors import DamagedFile, QuarantinedFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file, store_bytes
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Agency

logger = logging.getLogger(__name__)

State = Digitisation.State
_OPEN = (State.WAITING, State.RUNNING)
PDF = "application/pdf"
# By then a job has ended or was given up; the clerk may ask again.
STUCK_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Held:
    """A dossier, or the draft at a counter that may become it, as far as its papers matter here."""

    id: UUID
    owner_id: UUID
    agency: Agency
    code: str = ""
    is_test: bool = False
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One component and the files that were handed in for it, in their order. `rows`: ids of their rows."""

    held: Held
    code: str
    name: str
    files: tuple[StoredFile, ...]
    rows: tuple[int, ...]

    @property
    def sources(self) -> list[str]:
        return [str(file.pk) for file in self.files]


def find_held(actor: Actor, subject: UUID) -> Held:
    """The dossier or the counter's draft whose papers the actor may digitise. Raises NotFound, Refused."""
    dossiers = Dossier.objects.select_related("agency", "counter").defer(*VERSION_CONTENT)
    dossier = find_readable(actor, dossiers, Q(pk=subject))
    if dossier:
        if not may_digitise(actor, dossier):
            raise Refused
        # Who took it in at another agency's counter certifies for that one.
        agency = dossier.agency
        if dossier.counter and not actor.holds("reception", agency.path):
            agency = dossier.counter
        return Held(dossier.id, dossier.owner_id, agency, str(dossier), dossier.is_test)
    drafts = Draft.objects.filter(own_drafts(actor), counter__isnull=False, pk=subject)
    draft = drafts.select_related("counter").first() if actor.is_officer else None
    if not draft or not draft.counter:
        raise NotFound
    return Held(draft.id, draft.owner_id, draft.counter, is_draft=True)


def list_scans(held: Held) -> list[Paper]:
    """The papers with files of their own, in the order in which they came; what was used again is digital already."""
    papers: dict[str, list[Component | DraftPaper]] = {}
    names: dict[str, str] = {}
    if held.is_draft:
        draft = Draft.objects.select_related("version").get(pk=held.id)
        names = component_names(draft.version)
        for row in draft.papers.filter(origin=Origin.UPLOADED).select_related("file").order_by("id"):
            papers.setdefault(row.component, []).append(row)
    else:
        handed_in = Component.objects.filter(dossier=held.id, origin=Origin.UPLOADED)
        for paper in handed_in.select_related("file").order_by("id"):
            names.setdefault(paper.code, paper.name)
            papers.setdefault(paper.code, []).append(paper)
    return [
        Paper(held, code, names.get(code, code), tuple(it.file for it in rows), tuple(it.pk for it in rows))
        for code, rows in papers.items()
    ]


def find_scan(held: Held, component: str) -> Paper:
    """Raises NotFound where nothing was handed in for the component."""
    paper = next((it for it in list_scans(held) if it.code == component), None)
    if not paper:
        raise NotFound
    return paper


def list_digitised(held: Held) -> dict[str, Digitisation]:
    """Component -> its latest digitisation. One query."""
    rows = Digitisation.objects.filter(subject=held.id).select_related("file", "copy")
    return {row.component: row for row in rows.order_by("asked_at", "id")}


def find_digitised(held: Held, component: str) -> Digitisation | None:
    """The latest of a component, whether or not files were added since."""
    rows = Digitisation.objects.filter(subject=held.id, component=component).select_related("file", "copy")
    return rows.order_by("-asked_at", "-id").first()


def is_current(row: Digitisation, paper: Paper) -> bool:
    """Whether it was made of the very files that are there."""
    return bool(row.sources == paper.sources)


def may_ask(row: Digitisation | None, paper: Paper, *, at: datetime) -> bool:
    """Whether there is anything to be asked for: not done yet, failed, lost, or of other files."""
    if not row or not is_current(row, paper) or row.state == State.FAILED:
        return True
    return row.is_under_way and row.asked_at < at - STUCK_AFTER


@transaction.atomic
def ask(*, actor: Actor, subject: UUID, component: str, at: datetime) -> Digitisation:
    """Have a paper digitised by a job; one that failed or was lost is tried again. Twice is once.

    Raises NotFound, Refused, NothingToDigitise, NoReader.
    """
    held = find_held(actor, subject)
    paper = next((it for it in list_scans(held) if it.code == component), None)
    if not paper:
        raise NothingToDigitise
    if digitising.missing():
        raise NoReader
    row, is_new = Digitisation.objects.get_or_create(
        subject=held.id,
        component=component,
        sources=paper.sources,
        defaults={"asked_by": actor.person, "asked_at": at},
    )
    if not is_new and not _revive(row, actor, at):
        return row
    lane = zlib.crc32(row.pk.bytes) % settings.OCR_AT_ONCE
    jobs.configure_task("dossiers.digitise", lock=f"dossiers.digitise {lane}").defer(
        digitisation_id=str(row.pk)
    )
    row.refresh_from_db()
    return row


def _revive(row: Digitisation, actor: Actor, at: datetime) -> int:
    """Let one that failed, or whose job was lost, wait again; 0 for any other."""
    dead = Q(state=State.FAILED) | Q(state__in=_OPEN, asked_at__lt=at - STUCK_AFTER)
    return Digitisation.objects.filter(dead, pk=row.pk).update(
        state=State.WAITING,
        problem="",
        problem_fields={},
        pages=0,
        pages_done=0,
        finished_at=None,
        asked_by=actor.person,
        asked_at=at,
    )


def run(digitisation_id: UUID, *, now: Callable[[], datetime]) -> None:
    """Digitise it, outside of any transaction. Running again changes nothing once there is a result or a reason.

    A run that was killed left no result, so that the next does it anew; of two runs one keeps its result. Anything
    unexpected is raised: the job tries again.
    """
    row = Digitisation.objects.filter(pk=digitisation_id, state__in=_OPEN).first()
    if not row:
        return
    _under_way(row).update(state=State.RUNNING, pages_done=0)
    try:
        done = digitising.digitise(_parts(row), told=lambda count, pages: _tell(row, count, pages))
    except DigitisingFailed as error:
        fail(row.pk, error, at=now())
    else:
        _keep(row, done, at=now())


def _under_way(row: Digitisation) -> QuerySet[Digitisation]:
    return Digitisation.objects.filter(pk=row.pk, state__in=_OPEN)


def _tell(row: Digitisation, count: int, pages: int) -> None:
    _under_way(row).update(pages=pages, pages_done=count)


def _parts(row: Digitisation) -> Sequence[bytes]:
    """The files that were handed in. Raises UnreadableScan."""
    files = StoredFile.objects.in_bulk([UUID(it) for it in row.sources])
    parts = []
    for number, source in enumerate(row.sources, start=1):
        file = files.get(UUID(source))
        try:
            if file is None:
                raise UnreadableScan(part=number)
            parts.append(read_file(file))
        except (QuarantinedFile, DamagedFile) as error:
            raise UnreadableScan(part=number) from error
    return parts


def fail(digitisation_id: UUID, error: DigitisingFailed, *, at: datetime) -> None:
    """Note why it was not done; what has a result keeps it."""
    fields = {name: value for name, value in error.fields.items() if isinstance(value, int)}
    Digitisation.objects.filter(pk=digitisation_id, state__in=_OPEN).update(
        state=State.FAILED, problem=error.code, problem_fields=fields, finished_at=at
    )


def give_up(digitisation_id: UUID, *, at: datetime) -> None:
    """After the last try: the clerk reads that it failed, and can ask again."""
    logger.error("digitising_given_up digitisation=%s", digitisation_id)
    fail(digitisation_id, NotDigitised(), at=at)


@transaction.atomic
def _keep(row: Digitisation, done: digitising.Digitised, *, at: datetime) -> None:
    locked = Digitisation.objects.select_for_update(of=("self",)).filter(pk=row.pk, state__in=_OPEN)
    found = locked.first()
    if not found:
        return
    owner_id, name, is_test = _whose(found)
    if owner_id is None:  # thrown away meanwhile
        found.delete()
        return
    found.file = store_bytes(
        content=done.pdf, name=f"{name}.{found.component}.pdf", media_type=PDF, belongs_to=found.subject
    )
    found.state, found.finished_at = State.DONE, at
    found.pages = found.pages_done = done.pages
    found.has_words, found.empty_pages = done.words, list(done.empty)
    found.save()
    scanned = Component.objects.filter(dossier=found.subject, file__in=found.sources)
    scanned.filter(digitisation=0).update(digitisation=1)
    digests = StoredFile.objects.in_bulk([UUID(it) for it in found.sources])
    facts = {
        "component": found.component,
        "pages": done.pages,
        "sha256": found.file.sha256,
        "of": [digests[UUID(it)].sha256 for it in found.sources],
        **({"test": True} if is_test else {}),
    }
    happening = Happening(
        kind="dossier.paper_digitised",
        object_kind="dossier",
        object_id=found.subject,
        concerns_id=owner_id,
        facts=facts,
    )
    record(actor=SYSTEM, happening=happening, at=at)


def _whose(row: Digitisation) -> tuple[UUID | None, str, bool]:
    """Owner, code or reference, whether a test; no owner where the draft is gone."""
    dossier = Dossier.objects.filter(pk=row.subject).defer("answers").first()
    if dossier:
        return dossier.owner_id, str(dossier), dossier.is_test
    draft = Draft.objects.filter(pk=row.subject).first()
    return (draft.owner_id, str(draft.id)[:8], False) if draft else (None, "", False)
