"""Reading dossiers. The actor comes first; permission is in the query; reading a record is journalled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from motcua.casework.dossiers.errors import DraftMissing
from motcua.casework.dossiers.figures import Promises as Promises
from motcua.casework.dossiers.figures import ReuseCount as ReuseCount
from motcua.casework.dossiers.figures import count_by_status as count_by_status
from motcua.casework.dossiers.figures import count_open as count_open
from motcua.casework.dossiers.figures import count_promises as count_promises
from motcua.casework.dossiers.figures import count_reuse as count_reuse
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.inboxes import Inbox as Inbox
from motcua.casework.dossiers.inboxes import InboxRow as InboxRow
from motcua.casework.dossiers.inboxes import Looking as Looking
from motcua.casework.dossiers.inboxes import list_inbox as list_inbox
from motcua.casework.dossiers.inboxes import list_signing_queue as list_signing_queue
from motcua.casework.dossiers.linking import with_parts
from motcua.casework.dossiers.models import (
    Component,
    Digitisation,
    Dossier,
    Draft,
    DraftPaper,
    OfficialDocument,
    Opinion,
    RegisterExport,
    SupplementPaper,
    Upload,
)
from motcua.casework.dossiers.policies import (
    CASE_RIGHTS,
    asked_of,
    find_readable,
    is_own,
    listed,
    own_drafts,
    readable,
    reads_as_own,
    reads_under,
)
from motcua.casework.dossiers.rules.sheet_codes import read_sheet_code
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.dossiers.statuses import STATUSES
from motcua.foundation.files.errors import DisposedFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import is_entry_about, list_entries, list_readings, make_proof
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.statements import planned_for_values
from motcua.foundation.kernel.text import clean_line, fold
from motcua.registry.access.clients.selectors import client_names
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.selectors import officer_posts

PAGE_SIZE = 20
# Words of so many letters and more are rare enough to be looked up beside the longest one.
_RARE = 5
# What may be a whole code or reference: one word with a digit and a hyphen.
_CODE = re.compile(r"(?=\S*\d)\S+-\S+")
# Official documents that are the applicant's as soon as they are made.
TO_APPLICANT = (
    OfficialDocument.Kind.RECEIPT,
    OfficialDocument.Kind.SUPPLEMENT,
    OfficialDocument.Kind.APOLOGY,
    OfficialDocument.Kind.REFUSAL,
    OfficialDocument.Kind.STOPPING,
    OfficialDocument.Kind.PAYMENT,
    OfficialDocument.Kind.RETURN,
)
# What a row of one's own list shows of a dossier, and of the whole it is the first of.
_OWN_ROW = [
    "code",
    "reference",
    "status",
    "answers",
    "is_declined",
    "is_test",
    "submitted_at",
    "answer_by",
    "due_at",
    "finished_at",
    "returned_at",
    "updated_at",
    "version__digest",
    "agency__name",
    *(f"linked__{name}" for name in ("code", "titles", "due_at", "is_test", "version__digest")),
]
READINGS = ("dossier.read", "dossier.file_read", "entry.read", "journal.searched")


def get_draft(actor: Actor, draft_id: UUID) -> Draft:
    """The actor's own draft. Raises DraftMissing."""
    # An organisation, and who brought it, are read where there is one.
    related = Draft.objects.select_related("version__procedure", "applicant")
    draft = related.defer(*VERSION_CONTENT).filter(own_drafts(actor), pk=draft_id).first()
    if not draft:
        raise DraftMissing
    return draft


def list_drafts(actor: Actor, *, procedure_code: str = "") -> list[Draft]:
    """The actor's drafts, latest first."""
    drafts = Draft.objects.filter(own_drafts(actor)).select_related("version__procedure", "applicant")
    drafts = drafts.only("updated_at", "version__procedure__names", "applicant__full_name")
    if procedure_code:
        drafts = drafts.filter(version__procedure=procedure_code)
    return list(drafts.order_by("-updated_at", "id")[:50])


def list_draft_papers(draft: Draft) -> list[DraftPaper]:
    """One query; a second where a paper came from the warehouse."""
    return list(draft.papers.select_related("file").prefetch_related("document").order_by("id"))


def find_draft_or_dossier(actor: Actor, draft_id: UUID) -> Draft | Dossier:
    """The actor's draft, or the dossier it became. Raises NotFound."""
    try:
        return get_draft(actor, draft_id)
    except DraftMissing:
        return get_dossier(actor, draft_id)


def list_own_dossiers(actor: Actor, *, before: datetime | None = None) -> list[Dossier]:
    """The citizen's dossiers, latest first, a page at a time (`before`: submission time of the last row shown)."""
    # Of a linked case the first dossier stands for the whole.
    alone = Q(linked=None) | Q(linked=F("pk"))
    dossiers = Dossier.objects.filter(readable(actor), alone)
    dossiers = dossiers.select_related("version", "agency", "linked__version").only(*_OWN_ROW)
    dossiers = dossiers.prefetch_related(with_parts("linked__parts"))
    if before:
        dossiers = dossiers.filter(submitted_at__lt=before)
    return list(dossiers.order_by("-submitted_at", "id")[: PAGE_SIZE + 1])


def get_dossier(actor: Actor, dossier_id: UUID) -> Dossier:
    """Raises NotFound, also when the actor may not know of it. Pages that show it use `open_dossier`."""
    return _get(actor, Q(pk=dossier_id))


def get_dossier_named(actor: Actor, id_or_code: str) -> Dossier:
    """`get_dossier` by id, legal code or reference."""
    typed = clean_line(id_or_code)
    try:
        return _get(actor, Q(pk=UUID(typed)))
    except ValueError:
        return _get(actor, Q(code=typed.upper()) | Q(reference=typed.upper()))


def _get(actor: Actor, named: Q) -> Dossier:
    related = Dossier.objects.select_related("version__procedure", "agency__parent", "applicant")
    dossier = find_readable(actor, related.defer(*VERSION_CONTENT), named)
    if not dossier:
        raise NotFound
    return dossier


def open_dossier(actor: Actor, dossier_id: UUID, *, at: datetime) -> Dossier:
    """`get_dossier`, with the reading on the record when it is not the owner's own. Raises NotFound."""
    dossier = get_dossier(actor, dossier_id)
    record_opening(actor, dossier, at=at)
    return dossier


@transaction.atomic
def record_opening(actor: Actor, dossier: Dossier, *, at: datetime) -> None:
    """Put on the record that a dossier was shown, when it is not the owner's own."""
    if not is_own(actor, dossier):
        record_reading(actor, dossier, "dossier.read", {}, at)


def record_reading(actor: Actor, dossier: Dossier, kind: str, facts: dict[str, Any], at: datetime) -> None:
    lent = reads_under(actor, dossier)
    record(
        actor=actor.under(lent) if lent else actor,
        happening=Happening(
            kind=kind,
            object_kind="dossier",
            object_id=dossier.id,
            concerns_id=dossier.owner_id,
            facts={**facts, **test_fact(dossier)},
        ),
        at=at,
    )


@transaction.atomic
def open_paper(actor: Actor, dossier_id: UUID, paper_id: int, *, at: datetime) -> StoredFile:
    """A paper the applicant handed in; the reading is journalled. Raises NotFound."""
    dossier = get_dossier(actor, dossier_id)
    paper = next((it for it in papers_for(actor, dossier) if it.pk == paper_id), None)
    if not paper:
        raise NotFound
    if not is_own(actor, dossier):
        # A document of the warehouse is named, so that its owner sees there who read it.
        document = {"document": str(paper.document_id)} if paper.document_id else {}
        record_reading(actor, dossier, "dossier.file_read", {"file": str(paper.file_id), **document}, at)
    return paper.file


def get_document(actor: Actor, dossier_id: UUID, document_id: UUID) -> OfficialDocument:
    """An official document of a readable dossier; drafts are for officers only,
    and the result for the applicant once it was returned. Raises NotFound."""
    dossier = get_dossier(actor, dossier_id)
    documents = OfficialDocument.objects.filter(dossier=dossier, pk=document_id).select_related("file")
    if not actor.is_officer:
        has_result = dossier.returned_at is not None and actor.may("receive")
        shown = [*TO_APPLICANT, *[OfficialDocument.Kind.RESULT] * has_result]
        documents = documents.filter(kind__in=shown)
    document = documents.first()
    if not document:
        raise NotFound
    document.dossier = dossier
    return document


@transaction.atomic
def open_document(actor: Actor, dossier_id: UUID, document_id: UUID, *, at: datetime) -> OfficialDocument:
    """`get_document` for a file that is handed out; an officer's reading is journalled. Raises NotFound."""
    document = get_document(actor, dossier_id, document_id)
    gone = document.dossier.disposed_at
    # It is not made anew of what is left.
    if gone and (not document.file or document.file.disposed_at):
        raise DisposedFile(day=f"{timezone.localdate(gone):%d/%m/%Y}")
    if not is_own(actor, document.dossier):
        record_reading(actor, document.dossier, "dossier.file_read", {"document": str(document.id)}, at)
    return document


def list_documents(dossier: Dossier) -> list[OfficialDocument]:
    return sorted(dossier.documents.select_related("file"), key=lambda it: (it.made_at, it.pk))


def list_papers(dossier: Dossier) -> list[Component]:
    papers = dossier.components.select_related("file", "document")
    # The code of the dossier an earlier paper was handed in with.
    earlier = Coalesce("earlier__dossier__code", "earlier__dossier__reference")
    return sorted(papers.annotate(earlier_code=earlier), key=attrgetter("pk"))


def papers_for(actor: Actor, dossier: Dossier) -> list[Component]:
    """The papers the actor may open: all, or for who reads it only as asked, those they were shown."""
    papers = list_papers(dossier)
    if not actor.is_officer or reads_as_own(actor, dossier):
        return papers
    asked = Opinion.objects.filter(asked_of(actor, CASE_RIGHTS), dossier=dossier, answered_at=None)
    shown = list(asked.values_list("shown", flat=True))
    if not shown or [] in shown:
        return papers
    codes = {code for row in shown for code in row}
    return [paper for paper in papers if paper.code in codes]


@dataclass(frozen=True, slots=True)
class Happened:
    """A journal entry with the names a page shows. `by` is empty for the citizen and the system."""

    entry: Entry
    by: str
    unit: str


def list_history(dossier: Dossier, *, with_readings: bool) -> list[Happened]:
    """The latest that happened to a dossier, oldest first. Two queries."""
    return _named(list_entries([dossier.id], without=() if with_readings else READINGS))


def list_readers(dossier: Dossier) -> list[Happened]:
    """Who looked at this dossier, latest first (the data tracker)."""
    return _named(list_readings(dossier.owner_id, kinds=READINGS, object_id=dossier.id))


def _named(entries: list[Entry]) -> list[Happened]:
    posts = officer_posts({entry.post_id for entry in entries if entry.post_id})
    clients = client_names({it.account_id for it in entries if it.actor_kind == "client" and it.account_id})
    named = []
    for entry in entries:
        key = (entry.post_id, entry.person_id)
        name, unit = posts.get(key, (clients.get(entry.account_id, "") if entry.account_id else "", ""))
        named.append(Happened(entry=entry, by=name, unit=unit))
    return named


def get_proof(actor: Actor, dossier_id: UUID, entry_id: UUID) -> bytes:
    """The inclusion proof of an entry about one of the citizen's own dossiers; see the journal's `make_proof`.

    Raises NotFound, also for an entry that is about something else; NotSealed.
    """
    dossier = get_dossier(actor, dossier_id)
    if not is_own(actor, dossier) or not is_entry_about(
        entry_id, object_id=dossier.id, concerns_id=dossier.owner_id
    ):
        raise NotFound
    return make_proof(entry_id)


def search_dossiers(actor: Actor, words: str) -> list[Dossier]:
    """Dossiers the actor may read whose code, reference or people's names hold all the words; at most 20, latest first.

    Who types a whole code or reference gets that one. For officers three queries, four when others ask them.
    """
    terms = sorted(fold(words).split(), key=len, reverse=True)
    if not terms:
        return []
    typed = clean_line(words).upper()
    if _CODE.fullmatch(typed):
        related = Dossier.objects.select_related("version__procedure", "applicant").defer(*VERSION_CONTENT)
        if exact := find_readable(actor, related, Q(code=typed) | Q(reference=typed)):
            return [exact]
    may_list = listed(actor)
    with nullcontext() if may_list.of_one_agency else planned_for_values():
        found = {
            it.pk: it
            for number, part in enumerate(may_list.parts)
            for it in _shown(_with_words(part, terms, by_index=number == 0 and not may_list.of_one_agency))
        }
    return sorted(found.values(), key=lambda it: (it.submitted_at, it.pk), reverse=True)[:PAGE_SIZE]


def _with_words(part: Q, terms: list[str], *, by_index: bool) -> QuerySet[Dossier]:
    """Longest first. The trigram index finds few by the first, by "thi" or "van" it would find half of all people; what
    one agency has is gone through in its own index, latest first."""
    found = Dossier.objects.filter(part)
    for number, term in enumerate(terms):
        if by_index and (number == 0 or len(term) >= _RARE):
            found = found.filter(search_text__contains=term)
        else:
            found = found.filter(GreaterThan(StrIndex("search_text", Value(term)), 0))
    return found


def _shown(found: QuerySet[Dossier]) -> list[Dossier]:
    """The latest 20. Only the rows that are shown are read whole."""
    latest = found.order_by("-submitted_at", "-id").values("pk")[:PAGE_SIZE]
    shown = Dossier.objects.filter(pk__in=latest).defer(*VERSION_CONTENT)
    return list(shown.select_related("version__procedure", "applicant"))


def list_dossiers_of(actor: Actor, person_id: UUID) -> list[Dossier]:
    """The latest 20 dossiers that are in somebody's name or that they submitted, of those the actor may read."""
    found = Dossier.objects.filter(readable(actor), Q(owner_person=person_id) | Q(applicant=person_id))
    related = found.select_related("version__procedure", "agency").defer(*VERSION_CONTENT)
    return list(related.order_by("-submitted_at", "id")[:PAGE_SIZE])


def dossier_heading(dossier: Dossier, language: str) -> str:
    """What the dossier is called: "Đăng ký khai sinh cho Trần Minh Khôi"."""
    return heading(dossier, language)


def find_status(code: str) -> Dossier | None:
    """For the public look-up: a dossier by its reference or legal code, or by the code of the paper sheet that it was
    entered from: before that nobody knows what came of the sheet. Pages show nothing personal of it."""
    typed = code.strip().upper()
    sheet = read_sheet_code(typed)
    named = Q(sheet__code=sheet) if sheet else Q(code=typed) | Q(reference=typed)
    found = Dossier.objects.filter(named).defer(*VERSION_CONTENT)
    return found.select_related("version__procedure", "agency").first() if typed else None


def dossier_codes(ids: set[UUID]) -> dict[UUID, str]:
    """Legal codes, references where there is none yet; ids of anything else are left out. One query."""
    if not ids:
        return {}
    rows = Dossier.objects.filter(pk__in=ids).values_list("pk", "code", "reference")
    return {pk: code or reference for pk, code, reference in rows}


def find_dossier_by_code(code: str, *, scopes: tuple[str, ...]) -> tuple[UUID, UUID] | None:
    """(dossier, owner) by reference or legal code, within these agencies; for who searches the journal."""
    typed = code.strip().upper()
    found = Dossier.objects.filter(Q(code=typed) | Q(reference=typed), within("agency_path", scopes))
    return found.values_list("pk", Coalesce("owner_person_id", "owner_organisation_id")).first()


def status_label(status: int) -> str:
    """A status in words, in the active language."""
    return str(STATUSES[status][0])


def current_drafts(dossiers: Iterable[Dossier]) -> dict[UUID, OfficialDocument]:
    """The latest draft of each dossier that has one, with its file. One query."""
    drafts = OfficialDocument.objects.filter(dossier__in=list(dossiers), kind=OfficialDocument.Kind.DRAFT)
    latest = drafts.select_related("file").order_by("dossier", "-edition").distinct("dossier")
    return {draft.dossier_id: draft for draft in latest}


def has_dossiers() -> bool:
    """Whether anybody has submitted anything yet, tests apart."""
    return Dossier.objects.filter(is_test=False).exists()


def files_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stored files that are papers of drafts or dossiers, made by agencies, or sent ahead."""
    users: tuple[type[Model], ...] = (
        DraftPaper,
        Component,
        OfficialDocument,
        Opinion,
        SupplementPaper,
        Upload,
        RegisterExport,
        Digitisation,
    )
    return {
        file
        for user in users
        for file in user._default_manager.filter(file__in=ids).values_list("file_id", flat=True)
    } | set(Digitisation.objects.filter(copy__in=ids).values_list("copy_id", flat=True))
