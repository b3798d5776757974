"""Reading absences and delegations. The actor's scopes come first; permission is in the query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import BooleanField, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from motcua.foundation.kernel.actors import Actor, Authority
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.policies import within
from motcua.registry.organisations.delegation.policies import managed_scopes, may_delegate_for
from motcua.registry.organisations.models import Absence, Agency, Delegation, Holding, valid_on
from motcua.registry.organisations.rules.delegation import Place, Signing, position, signature_lines
from motcua.registry.organisations.selectors import grants_of, grants_on

LIMIT = 200


def current_holding(officer_id: UUID, *, at: datetime) -> Holding | None:
    """The post an officer holds on that day, with unit, agency and account. One query."""
    return _holdings(timezone.localdate(at)).filter(officer=officer_id).first()


def _holdings(day: date) -> QuerySet[Holding]:
    current = Holding.objects.filter(valid_on(day))
    return current.select_related("officer__account", "post__unit__agency").order_by("-valid_from", "id")


def place_of(holding: Holding) -> Place:
    post = holding.post
    return Place(str(holding.officer_id), str(post.unit.agency_id), str(post.unit_id), post.rank)


class _StartsWith(Func):
    """Whether the first text begins with the second; `__startswith` knows no outer column on its left."""

    function = "starts_with"
    output_field = BooleanField()


class _IsOneOf(Func):
    """Whether a text is an element of an array."""

    template, arg_joiner = "(%(expressions)s))", " = ANY ("
    output_field = BooleanField()


def in_force(day: date) -> QuerySet[Delegation]:
    """Delegations in force on a day. `selectors._IDENTITY` says the same in SQL, for the delegate who acts.

    Both hold the posts they had, and the delegator still holds the right.
    """
    held = Q(valid_to=None) | Q(valid_to__gt=day)
    holding = Holding.objects.filter(held, valid_from__lte=day)
    right = grants_on(day).filter(
        _StartsWith(OuterRef("agency_path"), F("agency_path")),
        _IsOneOf(OuterRef("right"), F("role__rights")),
        account=OuterRef("delegator__account"),
    )
    return Delegation.objects.filter(
        held,
        Exists(holding.filter(officer=OuterRef("delegator"), post=OuterRef("delegator_post"))),
        Exists(holding.filter(officer=OuterRef("delegate"), post=OuterRef("delegate_post"))),
        Exists(right),
        valid_from__lte=day,
        revoked_at=None,
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """Who will sign for an agency, and how. absent_until: the first day on which an absent signer is back."""

    officer_id: UUID
    name: str
    signing: Signing
    absent_until: date | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        return signature_lines(self.signing)

    @property
    def position(self) -> str:
        return position(self.signing)


def find_signer(agency: Agency, right: str, *, procedure: str = "", at: datetime) -> Signer | None:
    """The officer who holds the right at this very agency; while they are away, who signs for them.

    Who is there comes before who is away. An absent one for whom nobody signs is given with `absent_until`.
    None when nobody holds the right. Two queries at most.
    """
    day = timezone.localdate(at)
    own = grants_of(right, at=day).filter(account=OuterRef("officer__account"), agency_path=agency.path)
    holders = _holdings(day).filter(Exists(own), post__unit__agency=agency, officer__account__is_active=True)
    away = _absences(day).filter(officer=OuterRef("officer")).values("valid_to")[:1]
    holder = (
        holders.annotate(back=Subquery(away, output_field=DateField()))
        .order_by(F("back").asc(nulls_first=True), "officer")
        .first()
    )
    if not holder:
        return None
    back = cast(date | None, holder.back)
    if back:
        stand_in = _stand_in(holder, right, agency, procedure, day)
        if stand_in:
            return stand_in
    return Signer(
        holder.officer_id,
        holder.officer.full_name,
        Signing(agency.name, holder.post.title),
        absent_until=back,
    )


def _stand_in(holder: Holding, right: str, agency: Agency, procedure: str, day: date) -> Signer | None:
    lent = (
        in_force(day)
        .filter(delegator=holder.officer_id, right=right, delegate__account__is_active=True)
        .exclude(Exists(_absences(day).filter(officer=OuterRef("delegate"))))
        .select_related("delegate", "delegate_post")
        .order_by("valid_from", "id")
    )
    covering = [one for one in lent if _covers(one, agency.path, procedure)]
    order = ["Q", "KT", "TL", "TUQ"]
    first = min(covering, key=lambda one: order.index(one.authority), default=None)
    if not first:
        return None
    signing = Signing(
        agency.name, first.delegate_post.title, cast(Authority, first.authority), holder.post.title
    )
    return Signer(first.delegate_id, first.delegate.full_name, signing)


def _covers(one: Delegation, path: str, procedure: str) -> bool:
    return path.startswith(one.agency_path) and (not one.procedures or procedure in one.procedures)


def _absences(day: date) -> QuerySet[Absence]:
    return Absence.objects.filter(valid_from__lte=day, valid_to__gt=day, withdrawn_at=None)


@dataclass(frozen=True, slots=True)
class Unattended:
    """A leader who is away and for whom nobody signs."""

    agency: str
    name: str
    title: str
    back: date


def list_unattended(actor: Actor, *, at: datetime) -> list[Unattended]:
    """Absent leaders without a stand-in, of the actor's own agency and of those they administer. One query where
    nobody is away, else two; none for who has nothing to do with it; at most 20.
    """
    administered = tuple(path for right, path in actor.own_grants if right == "administrator")
    concerned = actor.rights & {"specialist", "leader", "administrator"}
    if not concerned:
        return []
    day = timezone.localdate(at)
    place = "officer__holdings__post__unit__agency"
    near = Q(**{place: actor.agency_id}) | within(f"{place}__path", administered)
    # Asked with every inbox, and nearly always nobody is.
    absent = list(_absences(day).filter(near).values_list("officer", flat=True)[:LIMIT])
    if not absent:
        return []
    own = grants_of("leader", at=day).filter(
        account=OuterRef("officer__account"), agency_path=OuterRef("post__unit__agency__path")
    )
    away = _absences(day).filter(officer=OuterRef("officer"))
    # A stand-in who is away as well, or for some procedures only, is none.
    stand_in_away = _absences(day).filter(officer=OuterRef("delegate"))
    lent = in_force(day).filter(
        ~Exists(stand_in_away), delegator=OuterRef("officer"), right="leader", procedures=[]
    )
    rows = (
        _holdings(day)
        .filter(Exists(own), Exists(away), ~Exists(lent), officer__in=absent)
        .filter(within("post__unit__agency__path", administered) | Q(post__unit__agency=actor.agency_id))
        .annotate(back=Subquery(away.values("valid_to")[:1], output_field=DateField()))
        .order_by("back", "id")[:20]
    )
    return [
        Unattended(
            row.post.unit.agency.name,
            row.officer.full_name,
            row.post.title,
            row.back,
        )
        for row in rows
    ]


def list_own_absences(actor: Actor) -> list[Absence]:
    """The actor's own, latest first, withdrawn ones too."""
    return list(Absence.objects.filter(officer=actor.person_id).order_by("-valid_from", "id")[:20])


@dataclass(frozen=True, slots=True)
class AbsentOfficer:
    absence: Absence
    title: str
    agency: str


def list_absences(actor: Actor, *, at: datetime) -> list[AbsentOfficer]:
    """Present and coming absences of the actor's agency (leaders) or scope (administrators), at most 200.

    One query, none for who sees nobody's.
    """
    scopes = managed_scopes(actor)
    if not scopes:
        return []
    day = timezone.localdate(at)
    held = _holdings(day).filter(officer=OuterRef("officer"))
    rows = (
        Absence.objects.filter(withdrawn_at=None, valid_to__gt=day)
        .filter(Exists(held.filter(within("post__unit__agency__path", scopes))))
        .annotate(
            title=Subquery(held.values("post__title")[:1]),
            agency=Subquery(held.values("post__unit__agency__name")[:1]),
        )
        .select_related("officer")
        .order_by("valid_from", "id")[:LIMIT]
    )
    return [AbsentOfficer(row, row.title, row.agency) for row in rows]


def list_delegations(actor: Actor) -> list[Delegation]:
    """Those of the actor's agency (leaders) or scope (administrators), those lent to them, latest first. One query."""
    mine = Q(delegate=actor.person_id) | within("delegator_post__unit__agency__path", managed_scopes(actor))
    related = Delegation.objects.filter(mine).select_related(
        "delegator", "delegate", "delegate_post", "delegator_post__unit__agency"
    )
    return list(related.order_by("-valid_from", "-entered_at", "id")[:LIMIT])


def current_ids(delegations: Iterable[Delegation], day: date) -> set[UUID]:
    """Those of them that are in force on a day. One query."""
    ids = [one.pk for one in delegations]
    return set(in_force(day).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def may_end(actor: Actor, delegation: Delegation) -> bool:
    """Needs `delegator_post__unit__agency`."""
    return may_delegate_for(actor, delegation.delegator_id, delegation.delegator_post.unit.agency.path)


def get_delegation(actor: Actor, delegation_id: UUID) -> Delegation:
    """One of those the actor may end. Raises NotFound."""
    related = Delegation.objects.select_related(
        "delegator", "delegate", "delegate_post", "delegator_post__unit__agency"
    )
    found = related.filter(pk=delegation_id).first()
    if not found or not may_end(actor, found):
        raise NotFound
    return found


def delegation_signing(delegation: Delegation) -> Signing:
    """How the delegate signs under it. Needs `delegator_post__unit__agency` and `delegate_post`."""
    return Signing(
        delegation.delegator_post.unit.agency.name,
        delegation.delegate_post.title,
        cast(Authority, delegation.authority),
        delegation.delegator_post.title,
    )


def describe_delegations(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Delegation -> (authority, the delegator's title and name), for the journal's readers. One query."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Delegation.objects.filter(pk__in=wanted).values_list(
        "pk", "authority", "delegator_post__title", "delegator__full_name"
    )
    return {pk: (authority, f"{title} {name}") for pk, authority, title, name in rows}


def list_colleagues(agency_id: UUID, *, at: datetime) -> list[Holding]:
    """Who holds a post in an agency, heads and deputies first, at most 200. One query."""
    rows = _holdings(timezone.localdate(at)).filter(post__unit__agency=agency_id)[:LIMIT]
    order = {"head": 0, "deputy": 1, "": 2}
    return sorted(rows, key=lambda row: (order[row.post.rank], row.officer.full_name))
