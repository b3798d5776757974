"""Who may see and do what."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.errors import NoLongerOffered
from motcua.casework.dossiers.models import Dossier, Opinion, Transfer, Transport
from motcua.casework.dossiers.rules.states import Act, Status
from motcua.casework.process.models import Token
from motcua.casework.process.selectors import elsewhere
from motcua.foundation.kernel.actors import Actor, Delegated
from motcua.foundation.kernel.paths import below
from motcua.registry.access.clients.selectors import TEST
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import only_path
from motcua.registry.people.models import Organisation

# Rights over dossiers; an auditor reads the journal, an operator the state of the installation.
ACTING_RIGHTS = ("reception", "specialist", "leader")
# Who may answer for a unit or an agency.
ANSWERING = ("specialist", "leader")
# Who helps people with their applications: whoever serves at a counter, wherever it is.
HELPING_RIGHTS = ("reception",)
# Accepted and neither finished nor stopped.
UNDER_WAY = (Status.ACCEPTED, Status.IN_PROCESS, Status.SUPPLEMENT_REQUESTED, Status.FINANCIAL_OBLIGATION)
# Scopes of clients.
FILE, READ, READ_AGENCY = "dossiers:file", "dossiers:read", "dossiers:read-agency"
HANDLE = "dossiers:handle"
FILE_WORDS = _("File dossiers for people at agencies of its own area")
READ_WORDS = _("See status and dates of the dossiers it filed")
READ_AGENCY_WORDS = _("See status and dates of all dossiers of its agency and those below")
HANDLE_WORDS = _(
    "Hand over dossiers of its agency and those below, and return their results; never decide or sign"
)


def owned_by(actor: Actor) -> Q:
    """What is in the name the citizen acts in: their own, the organisation's, the principal's."""
    if actor.behalf:
        behalf = actor.behalf
        return Q(owner_person=behalf.person_id, owner_organisation=behalf.organisation_id)
    return Q(owner_person=actor.person)


def own_drafts(actor: Actor) -> Q:
    """Drafts of the citizen in the name they act in; of an officer those of the counters where they receive.

    The owner sees what another filled in once it is submitted; what an officer fills in for them, too.
    """
    if actor.is_officer:
        return within("counter__path", actor.scopes("reception")) & Q(is_held=False)
    if actor.kind != "citizen":
        return Q(pk__in=[])
    mine = owned_by(actor) & Q(applicant=actor.person, counter=None, is_held=False)
    procedure = actor.behalf.procedure if actor.behalf else ""
    return mine & Q(version__procedure=procedure) if procedure else mine


def own_reminders(actor: Actor) -> Q:
    """What a citizen was reminded of; nobody's who acts for another, whose reminders are not theirs."""
    if actor.kind != "citizen" or actor.behalf:
        return Q(pk__in=[])
    return Q(person=actor.person_id)


def may_help(actor: Actor) -> bool:
    """Whether a person may show the actor their screen."""
    return actor.is_officer and bool(actor.scopes(*HELPING_RIGHTS))


def readable(actor: Actor) -> Q:
    """Dossiers the actor may open: a citizen those in the name they act in, an officer those of their agencies.

    A client those it filed, by scope also those of its agency; a test client tests only, any other one none.
    """
    if actor.kind == "citizen":
        return _of_citizen(actor)
    if actor.kind == "officer":
        return _of_agencies(actor) | _asked(actor) | _transferred(actor)
    if actor.kind == "client":
        own = Q(client=actor.account_id) | within("agency_path", actor.scopes(READ_AGENCY, HANDLE))
        return own & Q(is_test=bool(actor.scopes(TEST)))
    return Q(pk__in=[])


def find_readable(actor: Actor, dossiers: QuerySet[Dossier], named: Q) -> Dossier | None:
    """The one of `dossiers` that is so named, if the actor may open it.

    One query; for officers a second one where it is none of their agencies': what they are asked or sent on is looked
    for only then, as its conditions are long.
    """
    of_others = (lambda actor: _asked(actor) | _transferred(actor),) if actor.kind == "officer" else ()
    parts = (own_part, *of_others)
    return next((it for part in parts for it in dossiers.filter(part(actor), named)[:1]), None)


def own_part(actor: Actor) -> Q:
    """The part of `readable` that needs no other table: of officers the dossiers of their agencies, of others all."""
    return _of_agencies(actor) if actor.kind == "officer" else readable(actor)


def taken_in_for_others(actor: Actor) -> Q:
    """Dossiers that the actor's counters took in for other agencies: their part of these, never `readable` by it.

    What their part is, `counters` says. Nobody's but an officer's who receives there.
    """
    if not actor.is_officer:
        return Q(pk__in=[])
    own = Agency.objects.filter(within("path", actor.scopes("reception")))
    return Q(counter__in=own)


def transports_from(actor: Actor, kind: str) -> Q:
    """Dossiers whose paper the actor sends: to the agency that decides (`papers`), or the result back (`result`)."""
    if kind == Transport.Kind.PAPERS:
        return taken_in_for_others(actor)
    at_home = within("agency_path", actor.scopes("reception")) if actor.is_officer else Q(pk__in=[])
    return at_home & Q(counter__isnull=False, status=Status.FINISHED)


def transported(actor: Actor) -> Q:
    """Paper on its way from or to the actor's counters."""
    if not actor.is_officer:
        return Q(pk__in=[])
    scopes = actor.scopes("reception")
    return within("from_path", scopes) | within("to_path", scopes)


def at_counter(actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor receives at the counter of another agency that took the dossier in."""
    if not actor.is_officer or not dossier.counter_id:
        return False
    path = dossier.counter.path  # type: ignore[union-attr]
    return (
        actor.holds("reception", path)
        or actor.delegated("reception", path, dossier.procedure_code) is not None
    )


def supplementable(actor: Actor) -> Q:
    """Dossiers to which the actor brings what was asked for: the applicant's own, or at the counter that took it in."""
    if actor.kind == "citizen" and actor.may("apply"):
        return readable(actor)
    return taken_in_for_others(actor)


# What the counter that took a dossier in does for the agency that decides.
AT_COUNTER = frozenset({"return-result"})


@dataclass(frozen=True, slots=True)
class Listed:
    """`readable` in parts that each go by an index of their own. `of_one_agency`: the first part is all that one agency
    has, and no more."""

    parts: tuple[Q, ...]
    of_one_agency: bool = False


def listed(actor: Actor) -> Listed:
    """`readable` for a list over all dossiers. Two queries for officers.

    What other agencies have with the actor's is few, and is looked up before: with subqueries beside the agency's own
    the database would go through every dossier there is. Who works for one agency without others below it reads by its
    very path: only so does the index give the latest first.
    """
    scopes = actor.scopes(*CASE_RIGHTS)
    if actor.kind != "officer" or not scopes:
        return Listed((readable(actor),))
    opinions = Opinion.objects.filter(asked_of(actor, CASE_RIGHTS), answered_at=None)
    asked = opinions.filter(dossier__status__in=UNDER_WAY).values_list("dossier")
    gone = Transfer.objects.filter(_gone_from(actor)).values_list("dossier")
    ids = [pk for (pk,) in elsewhere(actor, ACTING_RIGHTS).values_list("subject").union(asked, gone)]
    others = (Q(pk__in=ids),) if ids else ()
    lent = any(one.procedures for one in actor.delegations)
    if not lent and (path := only_path(scopes)):
        return Listed((Q(agency_path=path), *others), of_one_agency=True)
    return Listed((_of_agencies(actor), *others))


def _of_agencies(actor: Actor) -> Q:
    """Dossiers of the agencies at which an officer has a right over dossiers, own or lent."""
    return within("agency_path", actor.scopes(*CASE_RIGHTS)) | _lent_for_procedures(actor)


def _asked(actor: Actor) -> Q:
    """Dossiers of other agencies that have a task at the actor's, or ask for its opinion: for as long as they do."""
    if not actor.scopes(*CASE_RIGHTS):
        return Q(pk__in=[])
    opinions = Opinion.objects.filter(asked_of(actor, CASE_RIGHTS), answered_at=None).values("dossier")
    return Q(pk__in=elsewhere(actor, ACTING_RIGHTS)) | Q(pk__in=opinions, status__in=UNDER_WAY)


def _gone_from(actor: Actor) -> Q:
    """Transfers from the actor's agencies of dossiers that are under way: they answer who asks for them there."""
    return within("from_path", actor.scopes(*CASE_RIGHTS)) & Q(dossier__status__in=(1, *UNDER_WAY))


def _transferred(actor: Actor) -> Q:
    if not actor.scopes(*CASE_RIGHTS):
        return Q(pk__in=[])
    return Q(pk__in=Transfer.objects.filter(_gone_from(actor)).values("dossier"))


def _lent_for_procedures(actor: Actor) -> Q:
    """Dossiers of the procedures to which a delegation to the actor is limited."""
    condition = Q(pk__in=[])
    for one in actor.delegations:
        if one.procedures and one.right in CASE_RIGHTS:
            condition |= below("agency_path", one.path) & Q(procedure_code__in=one.procedures)
    return condition


def _of_citizen(actor: Actor) -> Q:
    found, behalf = owned_by(actor), actor.behalf
    if behalf and behalf.procedure:
        found &= Q(procedure_code=behalf.procedure)
    if behalf and behalf.dossier_id:
        found &= Q(pk=behalf.dossier_id)
    # Who may only apply sees what they submitted themselves.
    return found if actor.may("see") else found & Q(applicant=actor.person)


def is_own(actor: Actor, dossier: Dossier) -> bool:
    """Whether a reading of it is nobody's business but the actor's: the owner's, or who stands for the organisation."""
    if actor.kind != "citizen":
        return False
    if actor.behalf and actor.behalf.is_office:
        return dossier.owner_organisation_id == actor.behalf.organisation_id
    return not actor.behalf and dossier.owner_person_id == actor.person_id


def check_offered(version: ProcedureVersion) -> None:
    """Raises NoLongerOffered for a procedure that the national portal removed; what was handed in before goes on."""
    if version.procedure.removed_on:
        raise NoLongerOffered(code=version.procedure_id)


def may_apply(actor: Actor, version: ProcedureVersion) -> bool:
    """Whether somebody in whose name the actor acts may apply for this procedure, and the actor in their name."""
    allowed = version.definition["procedure"].get("applicants", ["citizen"])
    behalf = actor.behalf
    if behalf and behalf.organisation_id:
        is_allowed = not {"organisation", behalf.organisation_kind}.isdisjoint(allowed)
    else:
        is_allowed = "citizen" in allowed
    if behalf and (behalf.dossier_id or behalf.procedure not in {"", version.procedure_id}):
        return False
    return is_allowed and actor.may("apply")


def takes_in_for(version: ProcedureVersion, organisation: Organisation | None) -> bool:
    """Whether the procedure is open to a person, or to an organisation of this kind."""
    allowed = version.definition["procedure"].get("applicants", ["citizen"])
    wanted = {"organisation", organisation.kind} if organisation else {"citizen"}
    return not wanted.isdisjoint(allowed)


def can_act(actor: Actor, act: Act, dossier: Dossier, task: Token | None = None) -> bool:
    """Whether the actor holds the right that act or task needs, where the task lies, or it is delegated to them for the
    dossier's procedure. A client only what decides nothing, by scope."""
    needed = _needed(act, dossier, task)
    if actor.kind == "client":
        return act.by_client and actor.holds(HANDLE, needed[0][1])
    if actor.is_officer and any(_may(actor, pair, dossier) for pair in needed):
        return True
    return act.code in AT_COUNTER and at_counter(actor, dossier)


def acts_under(actor: Actor, act: Act, dossier: Dossier, task: Token | None = None) -> Delegated | None:
    """The delegation under which the actor would do this act; None when they do it in their own right."""
    needed = _needed(act, dossier, task)
    pair = next((pair for pair in needed if _may(actor, pair, dossier)), None)
    if not pair and act.code in AT_COUNTER and dossier.counter:
        pair = ("reception", dossier.counter.path)
    return actor.delegated(*(pair or needed[0]), dossier.procedure_code)


def _may(actor: Actor, needed: tuple[str, str], dossier: Dossier) -> bool:
    return actor.holds(*needed) or actor.delegated(*needed, dossier.procedure_code) is not None


def _needed(act: Act, dossier: Dossier, task: Token | None) -> list[tuple[str, str]]:
    """Rights and where: one of them is enough."""
    if not task:
        return [(act.right, dossier.agency_path)]
    needed = [(act.right or task.role, task.agency_path)]
    # Who assigns a task takes it from anybody, also without the right to do it.
    return [*needed, ("leader", task.agency_path)] if act.code == "hand-back" else needed


def handles(actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor does anything with dossiers of this agency: one of the rights to act, own or lent."""
    path, procedure = dossier.agency_path, dossier.procedure_code
    return actor.is_officer and any(
        actor.holds(right, path) or actor.delegated(right, path, procedure) for right in ACTING_RIGHTS
    )


def reads_as_own(actor: Actor, dossier: Dossier) -> bool:
    """Whether an officer reads the dossier by a right at its agency, not because they were asked about it."""
    path, procedure = dossier.agency_path, dossier.procedure_code
    return any(actor.holds(right, path) or actor.delegated(right, path, procedure) for right in CASE_RIGHTS)


def asked_of(actor: Actor, rights: tuple[str, ...]) -> Q:
    """Opinions asked of the actor's agencies, or of their unit there, if they hold one of the rights."""
    mine = Q(unit_id=None) | Q(unit_id=actor.unit_id)
    return mine & within("agency_path", actor.scopes(*rights))


def answers_under(actor: Actor, opinion: Opinion, procedure: str) -> Delegated | None:
    """The delegation under which the actor would answer; None when they do it in their own right."""
    path = opinion.agency_path
    if any(actor.owns(right, path) for right in ANSWERING):
        return None
    return next(filter(None, (actor.delegated(right, path, procedure) for right in ANSWERING)), None)


def may_note_fees(actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor notes payments: who serves at the counter of the dossier's agency, or at the one that took it
    in for that agency, or stands in for them."""
    return actor.is_officer and (
        actor.holds("reception", dossier.agency_path)
        or fees_noted_under(actor, dossier) is not None
        or at_counter(actor, dossier)
    )


def may_digitise(actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor scans its papers and certifies copies: who receives dossiers at its agency, or at the counter
    where it was taken in."""
    counter = dossier.counter.path if dossier.counter else dossier.agency_path
    return actor.is_officer and (
        actor.holds("reception", dossier.agency_path) or actor.holds("reception", counter)
    )


def fees_noted_under(actor: Actor, dossier: Dossier) -> Delegated | None:
    """The delegation under which the actor would note a payment; None when they do it in their own right."""
    at_home = actor.delegated("reception", dossier.agency_path, dossier.procedure_code)
    if at_home or not dossier.counter or actor.owns("reception", dossier.agency_path):
        return at_home
    return actor.delegated("reception", dossier.counter.path, dossier.procedure_code)


def reads_under(actor: Actor, dossier: Dossier) -> Delegated | None:
    """The delegation that lets the actor read this dossier; None when they read it in their own right."""
    if not actor.delegations or any(actor.owns(right, dossier.agency_path) for right in CASE_RIGHTS):
        return None
    lent = (actor.delegated(right, dossier.agency_path, dossier.procedure_code) for right in CASE_RIGHTS)
    return next(filter(None, lent), None)
