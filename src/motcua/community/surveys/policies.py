"""Who reads answers, enters them for others, and works on the cases of the dissatisfied."""

from __future__ import annotations

from django.db.models import Q

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import ACTS
from motcua.community.surveys.rules.cases import BESIDE_ACTS, LEADING
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

# Who serves people enters what they say on the telephone.
ENTERING_RIGHTS = ("reception", "leader")
_KINDS = frozenset(act.entry for act in ACTS.values()) | BESIDE_ACTS
# Rights that together make the head of a one-stop desk (packs/vn/roles.yaml).
_HEAD = ("reception", "specialist")
# One of these at least; `led_by` says where they suffice.
LEADING_RIGHTS = ("leader", "reception")


def led_by(actor: Actor) -> tuple[str, ...]:
    """Paths of agencies that the actor leads, or whose one-stop desk they head."""
    if not actor.is_officer:
        return ()
    first, second = _HEAD
    heads = [path for path in actor.scopes(first) if actor.holds(second, path)]
    return tuple({*actor.scopes("leader"), *heads})


def answers_seen_by(actor: Actor) -> Q:
    return within("agency_path", led_by(actor))


def cases_seen_by(actor: Actor) -> Q:
    """Those that lie with agencies the actor leads, and those of answers about them that went up."""
    paths = led_by(actor)
    return within("agency_path", paths) | within("survey__agency_path", paths)


def cases_worked_by(actor: Actor) -> Q:
    return within("agency_path", led_by(actor))


def may_enter(actor: Actor, dossier: Dossier) -> bool:
    """On the telephone: an officer of the agency that decided, or of the counter that took it in."""
    paths = [dossier.agency_path, *([dossier.counter.path] if dossier.counter else [])]
    return actor.is_officer and any(actor.holds(right, path) for right in ENTERING_RIGHTS for path in paths)


def handled(actor: Actor, dossier: Dossier) -> bool:
    """Whether the officer had a hand in the dossier, signing included. One query."""
    return _did(actor, dossier, _KINDS)


def worked_on(actor: Actor, dossier: Dossier) -> bool:
    """Whether they did more in it than lead: assign it, sign it. One query."""
    return _did(actor, dossier, _KINDS - LEADING)


def _did(actor: Actor, dossier: Dossier, kinds: frozenset[str]) -> bool:
    entries = Entry.objects.filter(object_id=dossier.pk, person_id=actor.person_id, kind__in=kinds)
    return entries.exists()
