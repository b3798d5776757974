"""Papers that the State has already: results in the warehouse, and what was handed in for an earlier dossier.

They are offered where the form asks for them, so that nobody hands in twice what an agency issued or has.
Source: Law on Electronic Transactions 20/2023/QH15; Decree 45/2020/NĐ-CP art. 4-5, 16 (vietnam.md, section 8).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.contributions import Source, list_sources, register_source
from motcua.casework.dossiers.errors import NotOffered, TooManyPapers
from motcua.casework.dossiers.forms import component_names
from motcua.casework.dossiers.models import Component, Dossier, Draft, DraftPaper, Origin, SupplementPaper
from motcua.casework.dossiers.policies import own_part, readable
from motcua.casework.dossiers.services.drafts import MAX_PAPERS, locked_draft
from motcua.casework.warehouse.models import Document, SignatureState
from motcua.casework.warehouse.selectors import list_usable, list_usable_at_counter
from motcua.foundation.files.models import StoredFile
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.models import ProcedureVersion

# Of each sort, for one question.
_MOST = 5


@dataclass(frozen=True, slots=True)
class Reuse:
    """A paper that can be used again: a document or a paper of an earlier dossier, one of both."""

    document: Document | None = None
    earlier: Component | None = None

    @property
    def source(self) -> str:
        """How a page names it: "document:UUID" or "paper:NUMBER"."""
        return f"document:{self.document.pk}" if self.document else f"paper:{self.paper.pk}"

    @property
    def paper(self) -> Component:
        if self.earlier is None:
            raise ValueError("it is a document")
        return self.earlier

    @property
    def file(self) -> StoredFile:
        return self.document.file if self.document else self.paper.file

    @property
    def origin(self) -> dict[str, Any]:
        """What a row of a paper says of it."""
        origin = Origin.WAREHOUSE if self.document else Origin.EARLIER_DOSSIER
        return {"file": self.file, "origin": origin, "document": self.document, "earlier": self.earlier}


def accepted_kinds(version: ProcedureVersion) -> dict[str, tuple[str, ...]]:
    """Field that asks for a paper -> the kinds of results (KQ codes) it can be met with."""
    components = version.definition["procedure"]["components"]
    return {it["field"]: tuple(it["accepts"]) for it in components if it.get("accepts") and "field" in it}


@dataclass(frozen=True, slots=True)
class Looked:
    """One place that was asked, and how much it had."""

    source: Source
    count: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What there is for one file question: where it was looked, in order, and what was found, the best first.

    No offers: the person is asked for the paper.
    """

    looked: tuple[Looked, ...] = ()
    offers: tuple[Reuse, ...] = ()


def find_papers(
    actor: Actor, of: Draft | Dossier, fields: Collection[str], *, at: datetime
) -> dict[str, Finding]:
    """For each of these file questions of a draft or dossier what the State has already: every source is asked in the
    law's order (warehouse, earlier dossiers, registers that joined; then the person).

    Papers of the dossier itself are left out, and what a later source has is left out where an earlier one gave the
    same content. At most three queries and those of the registers; none without fields.
    """
    if not fields:
        return {}
    answers = [(source, source.find(actor, of, fields, at)) for source in list_sources()]
    found: dict[str, Finding] = {}
    for name in fields:
        looked = tuple(Looked(source, len(given.get(name, ()))) for source, given in answers)
        by_content: dict[str, Reuse] = {}
        for _source, given in answers:
            for offer in given.get(name, ()):
                by_content.setdefault(offer.file.sha256, offer)
        found[name] = Finding(looked, tuple(by_content.values()))
    return found


def list_reusable(
    actor: Actor, of: Draft | Dossier, fields: Collection[str], *, at: datetime
) -> dict[str, list[Reuse]]:
    """What `find_papers` would offer, by field."""
    return {name: [*it.offers] for name, it in find_papers(actor, of, fields, at=at).items()}


def register_sources() -> None:
    """The two places this room knows itself."""
    register_source(Source("warehouse", _("your documents"), 10, _documents))
    register_source(Source("earlier_dossier", _("your earlier applications"), 20, _earlier))


def _documents(
    actor: Actor, of: Draft | Dossier, fields: Collection[str], at: datetime
) -> dict[str, list[Reuse]]:
    kinds = {name: codes for name, codes in accepted_kinds(of.version).items() if name in fields}
    wanted = {code for codes in kinds.values() for code in codes}
    on = timezone.localdate(at)
    if isinstance(of, Draft) and of.counter_id:
        usable = list_usable_at_counter(wanted, owner_id=of.owner_id, on=on) if wanted else []
    else:
        usable = list_usable(actor, wanted, owner_id=of.owner_id, on=on) if wanted else []
    return {
        name: [Reuse(document=it) for it in usable if it.kind in codes][:_MOST]
        for name, codes in kinds.items()
    }


def _earlier(
    actor: Actor, of: Draft | Dossier, fields: Collection[str], _at: datetime
) -> dict[str, list[Reuse]]:
    """Papers of the owner's earlier dossiers for the component of the same code and name, each content once."""
    owned, most = _earlier_papers(of, fields), 4 * _MOST * len(fields)
    is_near = Exists(Dossier.objects.filter(own_part(actor), pk=OuterRef("dossier")))
    latest = list(owned.annotate(is_near=is_near)[:most])
    papers: Sequence[Component] = latest
    # What an officer may read beside the dossiers of their agencies is a long question, and mostly needless.
    if not all(paper.is_near for paper in latest):
        papers = list(owned.filter(dossier__in=Dossier.objects.filter(readable(actor)).values("pk"))[:most])
    found: dict[str, dict[str, Reuse]] = {}
    for paper in papers:
        by_content = found.setdefault(paper.code, {})
        if len(by_content) < _MOST:
            by_content.setdefault(paper.file.sha256, Reuse(earlier=paper))
    return {name: list(by_content.values()) for name, by_content in found.items()}


def _earlier_papers(of: Draft | Dossier, fields: Collection[str]) -> QuerySet[Component]:
    """What the owner handed in for these fields before, the latest first, whoever may read it."""
    names = component_names(of.version)
    wanted = Q(pk__in=[])
    for name in fields:
        wanted |= Q(code=name, name=names[name])
    rows = Component.objects.filter(
        wanted,
        origin=Origin.UPLOADED,
        dossier__owner_person=of.owner_person_id,
        dossier__owner_organisation=of.owner_organisation_id,
        dossier__is_test=False,
        file__quarantined_at=None,
        file__disposed_at=None,
    ).exclude(dossier=of.pk)
    shown = rows.select_related("file", "dossier").only(
        "code", "name", "origin", "file", "dossier__submitted_at", "dossier__code", "dossier__reference"
    )
    return shown.order_by("-dossier__submitted_at", "-pk")


@transaction.atomic
def use_again(*, actor: Actor, draft_id: UUID, component: str, source: str, at: datetime) -> DraftPaper:
    """Put a paper that was offered into a draft, instead of a file. Twice is once.

    `source`: as `Reuse.source`. Raises DraftMissing, NotOffered (not theirs, not in force, not asked for),
    TooManyPapers.
    """
    draft = locked_draft(actor, draft_id)
    if component not in component_names(draft.version):
        raise NotOffered
    offered = list_reusable(actor, draft, [component], at=at)[component]
    chosen = next((it for it in offered if it.source == source), None)
    if not chosen:
        raise NotOffered
    papers = DraftPaper.objects.filter(draft=draft, component=component)
    same = papers.filter(file=chosen.file).first()
    if same:
        return same
    if papers.count() >= MAX_PAPERS:
        raise TooManyPapers(limit=MAX_PAPERS)
    return DraftPaper.objects.create(draft=draft, component=component, added_at=at, **chosen.origin)


def is_usable(paper: DraftPaper | SupplementPaper, of: Draft | Dossier, *, on: date) -> bool:
    """Whether a paper still counts: a document that was revoked, replaced or has expired since does not.

    Nor one whose owner is another: two entries of a person may have become one, or been taken apart.
    """
    document = paper.document
    if not document:
        return True
    is_sound = document.signature != SignatureState.BROKEN and not paper.file.disposed_at
    return is_sound and document.state_on(on) == "valid" and document.owner_id == of.owner_id


def relies_on_ended(dossier: Dossier, *, on: date) -> bool:
    """Whether a paper of the dossier came from the warehouse and does not count any more. One query."""
    over = ~Q(document__ended_as="") | Q(document__valid_to__lte=on)
    return Component.objects.filter(over, dossier=dossier, document__isnull=False).exists()


def in_force(papers: Iterable[DraftPaper], draft: Draft, *, on: date) -> list[DraftPaper]:
    """Those of a draft's papers that count."""
    return [paper for paper in papers if is_usable(paper, draft, on=on)]
