"""Taking in a dossier for a person who is present: an officer fills it in at the counter and accepts it at once.

Source: vietnam.md 1.2 (none -> 2), 1.5; Decree 118/2025/NĐ-CP; Circular 03/2025/TT-VPCP art. 5, 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.counter_errors import (
    BasisMissing,
    CounterMissing,
    HelperIsApplicant,
    MandateNotHeld,
    NotThisCounter,
    NotYet,
    TickRefused,
)
from motcua.casework.dossiers.errors import DraftIncomplete, DraftMissing, NotInThisName
from motcua.casework.dossiers.forms import (
    component_names,
    draft_papers,
    file_fields,
    form_of,
    open_pages,
    procedure_of,
)
from motcua.casework.dossiers.models import Dossier, Draft, PaperHandedIn, PaperSort
from motcua.casework.dossiers.policies import acts_under, can_act, check_offered, own_drafts, takes_in_for
from motcua.casework.dossiers.rules.boundaries import counters_of, takes_in
from motcua.casework.dossiers.rules.helpers import Helper, load_helpers
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.casework.dossiers.services.clock import ONLINE
from motcua.casework.dossiers.services.drafts import locked_draft
from motcua.casework.dossiers.services.handling import acceptance, desk_due, make_receipt, next_code
from motcua.casework.dossiers.services.sheets import came_by, enter_sheet, sheet_of_draft
from motcua.casework.dossiers.services.slips import law
from motcua.casework.dossiers.services.submission import (
    begin_dossier,
    entry_facts,
    keep_dossier,
    paper_digests,
    papers_in_force,
)
from motcua.casework.process.models import Token
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import VERSION_CONTENT, ProcedureVersion
from motcua.registry.organisations.delegation.services import hold_delegation
from motcua.registry.organisations.models import Agency
from motcua.registry.people.models import Mandate, Organisation, Person
from motcua.registry.people.selectors import get_organisation, get_person, mandates_in_force, offices_in_force

# How it came to the counter -> the channel of the dossier (vietnam.md 1.6, KenhThucHien).
CHANNELS = {"counter": 1, "post": 3}
MOST_OF_A_SORT = 99


@dataclass(frozen=True, slots=True)
class Brings:
    """Who came for the person. `helper`: a code of the pack's `helpers.yaml`. `basis`: the paper that lets them, or how
    they stand to the person, in words; `mandate_id`: of a mandate that is kept here."""

    person_id: UUID
    helper: str
    basis: str = ""
    mandate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Whom a dossier is for: a person, or an organisation that the person represents by office (`organisation_id`).
    `brings`: who came in their stead; None: they came themselves. `has_seen`: the officer compared who stands there
    with their identity card; a card's code, which anybody can print, is no such proof."""

    person_id: UUID
    organisation_id: UUID | None = None
    brings: Brings | None = None
    has_seen: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """When and how it came in. `at`: in truth, from which the limit counts; `reason`: why it is entered later.

    `sheet`: the code of the paper sheet it was noted on; "" without one. `means`: "counter" or "post".
    """

    at: datetime
    reason: str = ""
    sheet: str = ""
    means: str = "counter"


def helpers() -> dict[str, Helper]:
    """By code, as the pack names them."""
    return load_helpers(settings.PACKS / "vn")


@transaction.atomic
def start_intake(*, actor: Actor, version: ProcedureVersion, intake: Intake, at: datetime) -> Draft:
    """A draft at the officer's own counter, for a person who is present or whose helper is.

    Raises CounterMissing (no right to receive there), NotFound (person), NotInThisName, BasisMissing,
    HelperIsApplicant, MandateNotHeld, NoLongerOffered.
    """
    if not actor.is_officer or not actor.agency_id or not actor.holds("reception", actor.agency_path):
        raise CounterMissing
    check_offered(version)
    person = get_person(intake.person_id)
    organisation = _organisation(intake, person, at)
    if not takes_in_for(version, organisation):
        raise NotInThisName
    draft = Draft.objects.create(
        applicant=person,
        owner_person=None if organisation else person,
        owner_organisation=organisation,
        version=version,
        counter_id=actor.agency_id,
        taken_by=actor.person,
        updated_at=at,
        **_brought(intake.brings, person, organisation, version, at),
    )
    record(actor=actor, happening=_begun(draft, intake, actor), at=at)
    return draft


def _begun(draft: Draft, intake: Intake, actor: Actor) -> Happening:
    """Whoever begins reads what the State knows of the person."""
    brought = (
        {"brought_by": str(draft.brought_by_id), "brought_as": draft.brought["as"]} if draft.brought else {}
    )
    return Happening(
        "person.intake_begun",
        object_kind="person",
        object_id=draft.applicant_id,
        concerns_id=draft.owner_id,
        facts={
            "draft": str(draft.id),
            "procedure": draft.version.procedure_id,
            "counter": str(actor.agency_id),
            "card_seen": intake.has_seen,
            **brought,
        },
    )


def _organisation(intake: Intake, person: Person, at: datetime) -> Organisation | None:
    if not intake.organisation_id:
        return None
    organisation = get_organisation(intake.organisation_id)
    offices = offices_in_force(timezone.localdate(at)).filter(organisation=organisation, person=person)
    if not offices.exists():
        raise NotInThisName
    return organisation


def _brought(
    brings: Brings | None,
    person: Person,
    organisation: Organisation | None,
    version: ProcedureVersion,
    at: datetime,
) -> dict[str, Any]:
    """Fields of a draft: who came for them, once it is said by which right."""
    if not brings:
        return {}
    who, helper, basis = get_person(brings.person_id), helpers().get(brings.helper), clean_line(brings.basis)
    if not helper:
        raise BasisMissing
    if who.pk == person.pk:
        raise HelperIsApplicant
    if helper.needs == "mandate" and not brings.mandate_id and not basis:
        raise BasisMissing
    if helper.needs == "word" and not basis:
        raise BasisMissing
    said = {"as": helper.code, "basis": basis[:300]}
    if brings.mandate_id:
        said["mandate"] = str(_mandate(brings.mandate_id, who, organisation or person, version, at).pk)
    return {"brought_by": who, "brought": {name: value for name, value in said.items() if value}}


def _mandate(
    mandate_id: UUID, agent: Person, principal: Person | Organisation, version: ProcedureVersion, at: datetime
) -> Mandate:
    """The mandate, locked, if it counts today for this. Raises MandateNotHeld."""
    side = "principal_person" if isinstance(principal, Person) else "principal_organisation"
    held = mandates_in_force(timezone.localdate(at)).filter(pk=mandate_id, agent=agent, may_apply=True)
    found = held.filter(**{side: principal.pk}).select_for_update(of=("self",)).first()
    if not found or found.dossier_id or found.procedure_code not in {"", version.procedure_id}:
        raise MandateNotHeld
    return found


@transaction.atomic
def tick_papers(
    *, actor: Actor, draft_id: UUID, ticked: Mapping[str, Mapping[str, int]], at: datetime
) -> Draft:
    """Note what was handed in on paper: {component: {sort: how many}}; replaces what was noted before, 0 is none.

    Raises DraftMissing, TickRefused (no such component, sort or number).
    """
    draft = locked_draft(actor, draft_id)
    asked = file_fields(form_of(draft.version))
    kept: dict[str, dict[str, int]] = {}
    for code, sorts in ticked.items():
        for sort, count in sorts.items():
            if code not in asked or sort not in PaperSort.values or not 0 <= count <= MOST_OF_A_SORT:
                raise TickRefused
            if count:
                kept.setdefault(code, {})[sort] = count
    draft.ticked, draft.updated_at = kept, at
    draft.save(update_fields=["ticked", "updated_at"])
    return draft


@transaction.atomic
def take_in(*, actor: Actor, draft_id: UUID, at: datetime, came: Came | None = None) -> Dossier:
    """Make a dossier of a counter's draft and accept it: legal code, due date, form 01, one entry `dossier.taken_in`.

    The limit counts from `came.at`, as a rule the present moment; of a draft that is made of a paper sheet, the moment
    that the sheet says. Doing it again gives the dossier of the first time.
    Raises DraftMissing, NotYet, DraftIncomplete, PaperEnded, MandateNotHeld, NotThisCounter, DelegationEnded.
    """
    draft = counter_draft(actor, draft_id)
    if not draft:
        return taken_before(actor, draft_id)
    sheet = sheet_of_draft(draft_id)
    came = came or (Came(**came_by(sheet)) if sheet else Came(at))
    if came.at > at:
        raise NotYet
    papers = papers_in_force(draft, at)
    if pages := open_pages(draft, draft_papers(draft, papers), at=came.at):
        raise DraftIncomplete(page=pages[0])
    _check_mandate(draft, at)
    dossier, papers = begin_dossier(draft, papers, at=came.at, channel=CHANNELS[came.means])
    actor = receiving(actor, dossier, at, counter=draft.counter)
    _accept(dossier, draft, came)
    dossier.entered_at = at if sheet else None
    keep_dossier(dossier, papers, at=came.at)
    keep_ticked(dossier, draft)
    receipt = make_receipt(dossier, officer_id=actor.person, at=at)
    task = Token.objects.filter(subject=dossier.pk, act="accept", completed_at=None)
    task.update(due_at=desk_due(dossier, at=came.at))
    facts = {"code": dossier.code, "receipt_id": str(receipt.id)} | entry_facts(
        dossier, *paper_digests(papers)
    )
    if unscanned := draft.ticked.keys() & dossier.answers.keys() - {it.component for it in papers}:
        facts["unscanned"] = len(unscanned)
    record(actor=actor, happening=_happening(dossier, draft, came, facts), at=at)
    jobs.configure_task("dossiers.render_receipt").defer(document_id=str(receipt.id))
    if sheet:
        enter_sheet(sheet, dossier, actor=actor, at=at)
    draft.delete()
    return dossier


def counter_draft(actor: Actor, draft_id: UUID) -> Draft | None:
    """A draft of the officer's counters with all it leads to, locked; None where it is gone."""
    drafts = Draft.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    names = ("applicant", "owner_person", "owner_organisation", "counter", "brought_by")
    related = drafts.select_related("version__procedure", *names)
    return related.filter(own_drafts(actor), pk=draft_id, counter__isnull=False).first()


def taken_before(actor: Actor, draft_id: UUID) -> Dossier:
    """The dossier that this draft became, for who receives where it lies or was taken in. Raises DraftMissing."""
    here = within("agency_path", actor.scopes("reception")) | within(
        "counter__path", actor.scopes("reception")
    )
    dossier = Dossier.objects.filter(here, pk=draft_id).exclude(channel=ONLINE).first()
    if not dossier or not actor.is_officer:
        raise DraftMissing
    return dossier


def _check_mandate(draft: Draft, at: datetime) -> None:
    """A mandate that ended since the draft was begun lets nobody bring it any more."""
    principal = draft.owner_organisation or draft.applicant
    if draft.brought_by and "mandate" in draft.brought:
        _mandate(UUID(draft.brought["mandate"]), draft.brought_by, principal, draft.version, at)


def receiving(actor: Actor, dossier: Dossier, at: datetime, *, counter: Agency | None = None) -> Actor:
    """Who takes it in, by the delegation under which they do. `counter`: where they receive it.

    Raises NotThisCounter where the agency that decides does not let that counter take it in.
    """
    act = ACTS["take-in"]
    if can_act(actor, act, dossier):
        lent = acts_under(actor, act, dossier)
    elif counter and takes_in(
        counters_of(procedure_of(dossier), law().any_counter),
        counter=counter.path,
        competent=dossier.agency_path,
    ):
        lent = actor.delegated("reception", counter.path, dossier.procedure_code)
    else:
        raise NotThisCounter(agency=dossier.agency.name)
    if lent:
        hold_delegation(lent.delegation_id, at=at)
        return actor.under(lent)
    return actor


def _accept(dossier: Dossier, draft: Draft, came: Came) -> None:
    if draft.counter_id != dossier.agency_id:
        dossier.counter = draft.counter
    dossier.brought_by, dossier.brought = draft.brought_by, draft.brought
    changes = acceptance(dossier, code=next_code(dossier, came.at), at=came.at)
    for name, value in (changes | {"status": Status.ACCEPTED}).items():
        setattr(dossier, name, value)


def keep_ticked(dossier: Dossier, draft: Draft) -> None:
    """The papers of questions that were asked in the end."""
    names = component_names(dossier.version)
    PaperHandedIn.objects.bulk_create(
        PaperHandedIn(dossier=dossier, code=code, name=names[code], sort=sort, count=count)
        for code, sorts in draft.ticked.items()
        if code in dossier.answers
        for sort, count in sorts.items()
    )


def _happening(dossier: Dossier, draft: Draft, came: Came, facts: dict[str, Any]) -> Happening:
    counter, accepted_at = draft.counter, dossier.accepted_at
    if counter is None or accepted_at is None or dossier.due_at is None:
        raise ValueError("only what was accepted at a counter is told so")
    brought = dossier.brought
    facts |= {
        "accepted_at": accepted_at.isoformat(),
        "due_at": dossier.due_at.isoformat(),
        "counter": counter.code,
        **({"sheet": came.sheet} if came.sheet else {}),
        **({"on_paper": sum(sum(it.values()) for it in draft.ticked.values())} if draft.ticked else {}),
        **({"brought_by": str(dossier.brought_by_id), "brought_as": brought["as"]} if brought else {}),
        **({"brought_mandate": brought["mandate"]} if "mandate" in brought else {}),
    }
    details = {"reason": came.reason, "basis": brought.get("basis", "")}
    return Happening(
        kind=ACTS["take-in"].entry,
        object_kind="dossier",
        object_id=dossier.id,
        concerns_id=dossier.owner_id,
        facts=facts,
        details={name: words for name, words in details.items() if words} or None,
    )
