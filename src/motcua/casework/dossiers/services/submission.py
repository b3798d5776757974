"""Submitting: a draft becomes a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import DraftIncomplete, DraftMissing, NotInThisName, PaperEnded
from motcua.casework.dossiers.forms import (
    applicant_facts,
    case_facts,
    component_names,
    deciding_agency,
    draft_papers,
    form_of,
    open_pages,
    owner_facts,
    procedure_of,
    search_words,
    stored_answers,
    with_papers,
)
from motcua.casework.dossiers.models import Component, Dossier, Draft, DraftPaper
from motcua.casework.dossiers.offering import DECIDES_WHERE, level_of, offered_at, terms_under
from motcua.casework.dossiers.policies import check_offered, may_apply, own_drafts, owned_by
from motcua.casework.dossiers.rules.cases import case_of, under_case
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.clock import ONLINE as ONLINE
from motcua.casework.dossiers.services.clock import answer_due
from motcua.casework.dossiers.services.linked_cases import (
    application_of,
    begin_case,
    hold_parts,
    note_filed,
)
from motcua.casework.dossiers.services.reusing import is_usable
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.fees.rules.lines import CHANNELS, fee_lines
from motcua.casework.forms.rules.summary import title
from motcua.casework.process.models import ProcessDefinition
from motcua.casework.process.services import publish_definition, start_process
from motcua.casework.warehouse.codes import new_code
from motcua.casework.warehouse.services import note_use
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.selectors import TEST
from motcua.registry.catalogue.models import VERSION_CONTENT, ProcedureVersion
from motcua.registry.organisations.models import Agency


@transaction.atomic
def submit_dossier(*, actor: Actor, draft_id: UUID, at: datetime) -> Dossier:
    """Turn the acting citizen's draft into a dossier: components, process, journal entry, all in one transaction.

    Submitting again gives the dossier of the first time, so a double click or a lost answer makes no second one.
    Raises DraftMissing, NotInThisName, NoLongerOffered, DraftIncomplete (with the page that needs an answer).
    """
    drafts = Draft.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    related = drafts.select_related("version__procedure", "applicant", "owner_person", "owner_organisation")
    draft = related.filter(own_drafts(actor), pk=draft_id).first()
    if not draft:
        return _submitted_before(actor, draft_id)
    check_offered(draft.version)
    if not may_apply(actor, draft.version):
        raise NotInThisName
    papers = papers_in_force(draft, at)
    if pages := open_pages(draft, draft_papers(draft, papers), at=at):
        raise DraftIncomplete(page=pages[0])
    dossier = enter_dossier(draft, papers, actor=actor, at=at)
    draft.delete()
    return dossier


def papers_in_force(draft: Draft, at: datetime) -> list[DraftPaper]:
    """The draft's papers; a document with the signatures it has by now. Raises PaperEnded."""
    related = DraftPaper.objects.filter(draft=draft).select_related("file", "document__file")
    papers = list(related.order_by("id"))
    for paper in papers:
        if not is_usable(paper, draft, on=timezone.localdate(at)):
            name = f"{paper.document.name} {paper.document.number}" if paper.document else paper.file.name
            raise PaperEnded(page=form_of(draft.version).page_of[paper.component], name=name)
        if paper.document:
            paper.file = paper.document.file
    return papers


def enter_dossier(draft: Draft, papers: list[DraftPaper], *, actor: Actor, at: datetime) -> Dossier:
    """The dossier of a complete draft: components, process, journal entry, in the caller's transaction.

    Raises DraftIncomplete when no agency decides at the place that was named.
    """
    dossier, papers = begin_dossier(draft, papers, at=at)
    dossier.answer_by = answer_due(dossier, at=at)
    if actor.kind == "client":
        dossier.client_id, dossier.is_test = actor.account, bool(actor.scopes(TEST))
    keep_dossier(dossier, papers, at=at)
    record(actor=actor, happening=submission(dossier, *paper_digests(papers)), at=at)
    return dossier


def begin_dossier(
    draft: Draft,
    papers: list[DraftPaper],
    *,
    at: datetime,
    channel: int = ONLINE,
    otherwise: Agency | None = None,
) -> tuple[Dossier, list[DraftPaper]]:
    """The dossier that a complete draft makes, not saved, and those of its papers that were asked for in the end.

    `otherwise`: the agency where no answer names one, of what is turned away, whether it is offered or not. Raises
    DraftIncomplete when no agency decides at the place that was named, NotOfferedHere, NotTheirProcedure.
    """
    application = application_of(draft, papers, at=at)
    if application:
        draft, papers = application.parts[0].draft, application.parts[0].papers
    form = form_of(draft.version)
    answers = stored_answers(form, with_papers(draft.answers, draft_papers(draft, papers)))
    # A paper for a question that was not asked in the end is not handed in.
    papers = [paper for paper in papers if paper.component in answers]
    procedure, day = draft.version.definition["procedure"], timezone.localdate(at)
    agency = deciding_agency(answers, on=day, procedure=procedure) or otherwise
    if not agency:
        raise DraftIncomplete(page=form.page_of[DECIDES_WHERE])
    dossier = build_dossier(draft, agency, answers, at)
    if otherwise is None:
        published = under_case(procedure, dossier.case)
        standing = offered_at(draft.version.procedure, agency, on=day)
        dossier.terms = terms_under(standing, published, agency, on=day) or None
        dossier.level = level_of(standing, procedure)
    dossier.channel, dossier.application = channel, application
    return dossier, papers


def keep_dossier(dossier: Dossier, papers: list[DraftPaper], *, at: datetime) -> None:
    """Save a new dossier with its papers and start its process; of the first of a linked case, hold the others."""
    if dossier.application:
        begin_case(dossier, dossier.application, at=at)
    dossier.save(force_insert=True)
    if dossier.application:
        hold_parts(dossier, dossier.application, at=at)
    elif dossier.linked_id:
        note_filed(dossier, at=at)
    names = component_names(dossier.version)
    Component.objects.bulk_create(
        Component(
            dossier=dossier,
            code=paper.component,
            name=names[paper.component],
            file=paper.file,
            origin=paper.origin,
            digitisation=paper.reuse_state,
            document_id=paper.document_id,
            earlier_id=paper.earlier_id,
        )
        for paper in papers
    )
    setting = setting_of(dossier, at)
    note_use([paper.document_id for paper in papers if paper.document_id])
    start_process(definition=process_of(dossier.version), subject=dossier.id, setting=setting, at=at)


def paper_digests(papers: list[DraftPaper]) -> tuple[list[str], list[str], list[int]]:
    """SHA-256 of the papers that were handed in, and of those among them that the State had already; the state of
    digitisation of each."""
    reused = [it.file.sha256 for it in papers if it.is_reused]
    return [it.file.sha256 for it in papers], reused, [it.reuse_state for it in papers]


def _submitted_before(actor: Actor, draft_id: UUID) -> Dossier:
    mine = Dossier.objects.filter(pk=draft_id, applicant=actor.person_id)
    dossier = mine.filter(owned_by(actor)).first() if actor.kind == "citizen" else None
    if not dossier:
        raise DraftMissing
    return dossier


def process_of(version: ProcedureVersion) -> ProcessDefinition:
    return publish_definition(
        code=version.procedure_id, digest=version.digest, content=version.definition["process"]
    )


def submission(
    dossier: Dossier, papers: list[str], reused: Sequence[str] = (), states: Sequence[int] = ()
) -> Happening:
    """What the journal says of a submission. `papers`: SHA-256 of each; `reused`: of those the State had already;
    `states`: of digitisation, in the order of `papers`, left out where all are 1."""
    return Happening(
        kind="dossier.submitted",
        object_kind="dossier",
        object_id=dossier.id,
        concerns_id=dossier.owner_id,
        facts=entry_facts(dossier, papers, reused, states),
    )


def entry_facts(
    dossier: Dossier, papers: list[str], reused: Sequence[str] = (), states: Sequence[int] = ()
) -> dict[str, Any]:
    """What the journal says of a dossier that comes into being, however it does."""
    return owner_fact(dossier) | {
        "level": dossier.level,
        **({} if dossier.version.definition["procedure"].get("results") else {"no_result": True}),
        **({"to_pay": True} if is_to_pay(dossier) else {}),
        "status": int(dossier.status),
        "procedure": dossier.procedure_code,
        "version": dossier.version.number,
        "agency": dossier.agency.code,
        "channel": dossier.channel,
        "papers": papers,
        **({"reused": list(reused)} if reused else {}),
        **({"states": list(states)} if set(states) - {1} else {}),
        **({"case": dossier.case} if dossier.case else {}),
        **({"offer": dossier.terms["offer"]} if dossier.terms else {}),
        **({"linked": str(dossier.linked_id)} if dossier.linked_id else {}),
        **test_fact(dossier),
    }


def is_to_pay(dossier: Dossier) -> bool:
    """Whether one of its fees costs something, also where the province sets how much."""
    day, channel = timezone.localdate(dossier.submitted_at), CHANNELS[dossier.channel]
    lines = fee_lines(procedure_of(dossier), dossier.answers, on=day, channel=channel)
    return any(it.amount_vnd != 0 for it in lines)


def owner_fact(dossier: Dossier) -> dict[str, str]:
    """Whose dossier it is, where that is not who submitted it."""
    return {} if dossier.owner_id == dossier.applicant_id else {"owner": str(dossier.owner_id)}


def test_fact(dossier: Dossier) -> dict[str, Any]:
    """What every entry about a test dossier says, so that who counts from the journal leaves it out."""
    return {"test": True} if dossier.is_test else {}


def words_of(dossier: Dossier, answers: Mapping[str, Any]) -> str:
    """What officers find a dossier by: names of its people, its title, its codes. Folded."""
    day, facts = timezone.localdate(dossier.submitted_at), dossier.owner_facts
    words = [
        dossier.applicant_facts["full_name"],
        title(form_of(dossier.version), answers, "vi", day),
        dossier.reference,
    ]
    if facts:
        # Twelve digits are the personal number of a household business's owner: no word to search by.
        words += [facts["full_name"], facts["code"] if len(facts["code"]) != 12 else ""]
    return search_words(*words, *([dossier.code] if dossier.code else []))


def build_dossier(draft: Draft, agency: Agency, answers: dict[str, Any], at: datetime) -> Dossier:
    """The dossier a draft makes, not saved."""
    reference = f"T-{new_code()}"
    facts, day = owner_facts(draft), timezone.localdate(at)
    dossier = Dossier(
        id=draft.id,
        reference=reference,
        version=draft.version,
        procedure_code=draft.version.procedure_id,
        case=case_of(draft.version.definition["procedure"], case_facts(draft.version, answers, on=day)),
        applicant=draft.applicant,
        owner_person=draft.owner_person,
        owner_organisation=draft.owner_organisation,
        owner_facts=facts,
        agency=agency,
        agency_path=agency.path,
        channel=ONLINE,
        status=Status.SUBMITTED,
        answers=answers,
        applicant_facts=applicant_facts(draft.applicant),
        submitted_at=at,
        updated_at=at,
    )
    if draft.part:
        first = Dossier.objects.only("client_id", "is_test").get(pk=draft.part.case_id)
        dossier.linked_id = first.pk
        dossier.client_id, dossier.is_test = first.client_id, first.is_test
    dossier.search_text = words_of(dossier, answers)
    return dossier
