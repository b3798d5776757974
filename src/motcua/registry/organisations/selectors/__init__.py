"""Reading agencies, officers and calendars."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from motcua.foundation.kernel.actors import Actor, Delegated
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.sharing import shared
from motcua.foundation.kernel.text import fold, sort_key
from motcua.registry.access.contributions import Identity
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import counting
from motcua.registry.organisations.models import Agency, Holding, Officer, Unit, valid_on

from .calendars import calendar_of, day_off_words, get_calendar, list_calendars, paths_above
from .choices import (
    agencies_by_path,
    find_agency,
    find_unit_of,
    get_agency_of_path,
    list_agencies_at,
    list_below,
    list_current_agencies,
    list_units_of,
    names_at,
    unit_names,
)
from .history import find_agency_by_code, origins_of, predecessors_of, successors_of

__all__ = [
    "agencies_by_path",
    "calendar_of",
    "day_off_words",
    "find_agency",
    "find_agency_by_code",
    "find_unit_of",
    "get_agency_of_path",
    "get_calendar",
    "list_agencies_at",
    "list_below",
    "list_calendars",
    "list_current_agencies",
    "list_units_of",
    "names_at",
    "origins_of",
    "predecessors_of",
    "successors_of",
    "unit_names",
]

# Asked with every request of an officer, hence written out: one query instead of two built by the ORM.
_IDENTITY = """
WITH granted AS (
    SELECT g.role, g.agency_path
      FROM registry_access_rolegrant g
     WHERE g.account_id = %(account)s
       AND (g.valid_from IS NULL OR g.valid_from <= %(today)s) AND (g.valid_to IS NULL OR g.valid_to > %(today)s)
       AND (g.post_id IS NULL OR EXISTS (
             SELECT 1 FROM registry_organisations_holding held
               JOIN registry_organisations_officer holder ON holder.id = held.officer_id
              WHERE holder.account_id = %(account)s AND held.post_id = g.post_id
                AND held.valid_from <= %(today)s AND (held.valid_to IS NULL OR held.valid_to > %(today)s)))
), rights AS (
    SELECT DISTINCT "right", granted.agency_path
      FROM granted
      JOIN registry_access_role r ON r.code = granted.role
     CROSS JOIN unnest(r.rights) AS "right"
), lent AS (
    SELECT d.delegate_post_id AS post_id,
           json_build_array(d.id, d.authority, d."right", d.agency_path, p.title, d.valid_to, d.procedures) AS facts,
           array_position(ARRAY['Q', 'KT', 'TL', 'TUQ'], d.authority::text) AS rank, d.id AS id
      FROM registry_organisations_delegation d
      JOIN registry_organisations_officer me ON me.id = d.delegate_id
      JOIN registry_organisations_officer o ON o.id = d.delegator_id
      JOIN registry_organisations_post p ON p.id = d.delegator_post_id
     WHERE me.account_id = %(account)s AND d.revoked_at IS NULL
       AND d.valid_from <= %(today)s AND (d.valid_to IS NULL OR d.valid_to > %(today)s)
       AND EXISTS (SELECT 1 FROM registry_organisations_holding h
                    WHERE h.officer_id = d.delegator_id AND h.post_id = d.delegator_post_id
                      AND h.valid_from <= %(today)s AND (h.valid_to IS NULL OR h.valid_to > %(today)s))
       AND EXISTS (SELECT 1 FROM registry_access_rolegrant g
                     JOIN registry_access_role r ON r.code = g.role
                    WHERE g.account_id = o.account_id AND d."right" = ANY (r.rights)
                      AND starts_with(d.agency_path, g.agency_path)
                      AND (g.post_id IS NULL OR g.post_id = d.delegator_post_id)
                      AND (g.valid_from IS NULL OR g.valid_from <= %(today)s)
                      AND (g.valid_to IS NULL OR g.valid_to > %(today)s))
)
SELECT o.id, o.full_name, h.post_id, p.title, u.id, u.name, a.id, a.path, a.place_name,
       (SELECT array_agg("right" || ' ' || agency_path ORDER BY "right", agency_path) FROM rights),
       (SELECT json_agg(l.facts ORDER BY l.rank, l.id) FROM lent l WHERE l.post_id = h.post_id)
  FROM registry_organisations_holding h
  JOIN registry_organisations_officer o ON o.id = h.officer_id
  JOIN registry_organisations_post p ON p.id = h.post_id
  JOIN registry_organisations_unit u ON u.id = p.unit_id
  JOIN registry_organisations_agency a ON a.id = u.agency_id
 WHERE o.account_id = %(account)s AND h.valid_from <= %(today)s AND (h.valid_to IS NULL OR h.valid_to > %(today)s)
 ORDER BY h.valid_from DESC, h.id LIMIT 1
"""


def identify_officer(account: Account, chosen: str = "") -> Identity | None:
    """The officer behind an account, in the post they hold today, with what is delegated to that post's holder;
    None without a post. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY, {"account": account.id, "today": timezone.localdate()})
        row = cursor.fetchone()
    if not row:
        return None
    officer_id, name, post_id, title, unit_id, unit, agency_id, path, place, grants, lent = row
    own = tuple((right, scope) for right, _, scope in (grant.partition(" ") for grant in grants or ()))
    delegations = tuple(one for one in map(_delegated, lent or ()) if not _is_owned(one, own))
    everywhere = {(one.right, one.path): None for one in delegations if not one.procedures}
    actor = Actor(
        kind="officer",
        account_id=account.id,
        person_id=officer_id,
        post_id=post_id,
        agency_id=agency_id,
        agency_path=path,
        grants=(*own, *everywhere),
        delegations=delegations,
        title=title,
        unit_id=unit_id,
    )
    return Identity(actor=actor, display_name=name, unit_name=f"{unit}, {place}")


def _delegated(facts: list[Any]) -> Delegated:
    delegation_id, authority, right, path, title, until, procedures = facts
    return Delegated(
        delegation_id=UUID(delegation_id),
        authority=authority,
        right=right,
        path=path,
        title=title,
        until=date.fromisoformat(until) if until else None,
        procedures=tuple(procedures),
    )


def _is_owned(lent: Delegated, own: tuple[tuple[str, str], ...]) -> bool:
    """A delegation of what one holds oneself changes nothing: one acts in one's own right."""
    return any(right == lent.right and lent.path.startswith(path) for right, path in own)


def grants_of(right: str, *, at: date) -> QuerySet[RoleGrant]:
    """Grants whose role holds the right and that count on that day."""
    return grants_on(at).filter(role__rights__contains=[right])


def grants_on(at: date) -> QuerySet[RoleGrant]:
    """Grants that count on that day, those bound to a post by its holder."""
    holdings = Holding.objects.filter(
        valid_on(at), post=OuterRef("post_id"), officer__account=OuterRef("account")
    )
    return RoleGrant.objects.filter(counting(at), Q(post_id=None) | Exists(holdings))


def list_staff(rights: Collection[str], *, on: date) -> dict[tuple[str, str], list[Identity]]:
    """Right and path of an agency -> the officers who hold it at this very agency on a day, by account name.

    Actors as `identify_officer` gives them, without what is delegated to them. Two queries.
    """
    granted: dict[UUID, set[tuple[str, str]]] = {}
    grants = grants_on(on).values_list("account_id", "agency_path", "role__rights")
    for account, path, held in grants:
        granted.setdefault(account, set()).update((right, path) for right in held)
    holdings = Holding.objects.filter(
        valid_on(on), officer__account__is_active=True, officer__account__in=granted
    )
    related = holdings.select_related("officer__account", "post__unit__agency")
    staff: dict[tuple[str, str], list[Identity]] = {}
    for holding in related.order_by("officer__account__username", "-valid_from", "id"):
        identity = _holder(holding, tuple(sorted(granted[holding.officer.account_id])))
        for right, path in identity.actor.grants:
            if right in rights:
                staff.setdefault((right, path), []).append(identity)
    return staff


def _holder(holding: Holding, grants: tuple[tuple[str, str], ...]) -> Identity:
    officer, post = holding.officer, holding.post
    unit = post.unit
    actor = Actor(
        kind="officer",
        account_id=officer.account_id,
        person_id=officer.id,
        post_id=post.id,
        agency_id=unit.agency_id,
        agency_path=unit.agency.path,
        grants=grants,
        title=post.title,
        unit_id=unit.id,
    )
    return Identity(
        actor=actor, display_name=officer.full_name, unit_name=f"{unit.name}, {unit.agency.place_name}"
    )


def find_agency_of_place(place_code: str, *, at: date) -> Agency | None:
    """The commune People's Committee of a place (five-digit code), None when there is none here."""
    current = Agency.objects.filter(valid_on(at), place_code=place_code, level="commune")
    return current.order_by("-valid_from", "id").first()


@shared
def get_reception_unit(agency: Agency) -> Unit:
    """The one-stop desk of an agency, else of the nearest one above it, as a province receives for its departments.

    Raises NotFound.
    """
    unit = agency.units.filter(code="one_stop_desk").first()
    if not unit:
        above = Unit.objects.filter(agency__path__in=paths_above(agency.path)[:-1], code="one_stop_desk")
        unit = above.order_by("-agency__path", "-agency__valid_from").first()
    if not unit:
        raise NotFound
    return unit


@shared
def find_unit(agency: Agency, code: str, *, on: date) -> Unit | None:
    """The unit with this code at an agency, whatever the agency was called when it was entered; None without one."""
    return Unit.objects.filter(valid_on(on), agency__path=agency.path, code=code).first()


def find_superior(agency: Agency, level: str, *, on: date) -> Agency | None:
    """The nearest agency of a level ("province") above this one on a day."""
    above = Agency.objects.filter(valid_on(on), path__in=paths_above(agency.path)[:-1], level=level)
    return above.order_by("-path").first()


def find_unit_of_province(agency: Agency, code: str, *, on: date) -> Unit | None:
    """The unit with this code at a department of the province above the agency, else at the province's own office."""
    province = find_superior(agency, "province", on=on)
    if not province:
        return None
    its_own = Q(agency__path=province.path)
    units = Unit.objects.filter(
        its_own | Q(agency__parent__path=province.path, agency__level="department"), valid_on(on), code=code
    )
    # A department's path is the longer one.
    return units.select_related("agency").order_by("-agency__path", "id").first()


def officer_name(officer_id: UUID | None) -> str:
    """The name of an officer; empty when there is none, as where something happened by itself."""
    return officer_names({officer_id}).get(officer_id, "") if officer_id else ""


def officer_names(officer_ids: set[UUID]) -> dict[UUID, str]:
    """Officer -> name. One query, none without officers."""
    if not officer_ids:
        return {}
    return dict(Officer.objects.filter(pk__in=officer_ids).values_list("pk", "full_name"))


def list_officers_with(right: str, path: str, *, on: date) -> list[tuple[UUID, str]]:
    """Officers in a post who hold the right at this path, at their own agency or above: id and name, by name."""
    held = grants_of(right, at=on).filter(agency_path__in=paths_above(path))
    officers = Officer.objects.filter(
        valid_on(on, "holdings__"), account__is_active=True, account__grants__in=held
    )
    return list(officers.order_by("full_name", "id").values_list("id", "full_name").distinct()[:200])


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer in a post of a unit."""

    id: UUID
    name: str
    unit_id: UUID
    unit_name: str


def list_colleagues(path: str, *, on: date) -> list[Colleague]:
    """Officers with a post at one agency on a day whose account is open, by unit and name, at most 500. One query."""
    held = Holding.objects.filter(
        valid_on(on), post__unit__agency__path=path, officer__account__is_active=True
    )
    rows = held.order_by("post__unit__name", "post__unit_id", "officer__full_name", "officer_id")
    names = ("officer_id", "officer__full_name", "post__unit_id", "post__unit__name")
    return [Colleague(*row) for row in rows.values_list(*names).distinct()[:500]]


def unit_heads(units: list[UUID], *, on: date) -> list[UUID]:
    """Officers who hold a post of rank "head" in one of the units on a day. One query, none without units."""
    if not units:
        return []
    held = Holding.objects.filter(valid_on(on), post__unit__in=units, post__rank="head")
    return list(held.order_by("officer").values_list("officer", flat=True).distinct())


def list_askable(agency: Agency, *, on: date) -> tuple[list[Unit], list[Agency]]:
    """Whom an agency can ask for an opinion: its units; its superior, those beside and below it. Two queries."""
    units = Unit.objects.filter(valid_on(on), agency__path=agency.path).order_by("name", "id")
    near = Q(parent=agency.parent_id) | Q(pk=agency.parent_id) | Q(parent=agency.pk)
    others = Agency.objects.filter(valid_on(on), near).exclude(path=agency.path)
    return list(units), list(others.only("id", "name", "path", "sort_key").order_by("sort_key", "id"))


@shared
def get_officer(officer_id: UUID) -> Officer:
    """Raises NotFound."""
    officer = Officer.objects.filter(pk=officer_id).first()
    if not officer:
        raise NotFound
    return officer


def officer_posts(post_ids: set[UUID]) -> dict[tuple[UUID | None, UUID | None], tuple[str, str]]:
    """(post, officer) -> (officer's name, unit's name), for pages that show who did what. One query."""
    holdings = Holding.objects.filter(post__in=post_ids).values_list(
        "post_id", "officer_id", "officer__full_name", "post__unit__name"
    )
    return {(post, officer): (name, unit) for post, officer, name, unit in holdings}


@shared
def get_title(officer_id: UUID, *, at: datetime) -> str:
    """The officer's title on that day, empty when they held no post."""
    day = timezone.localdate(at)
    current = Holding.objects.filter(valid_on(day), officer=officer_id).select_related("post")
    holding = current.order_by("-valid_from", "id").first()
    return holding.post.title if holding else ""


def present_or_next(officer_id: UUID, *, on: date) -> Holding | None:
    """The post the officer holds on that day, the latest; else the one that begins next; None without either."""
    posts = Holding.objects.filter(officer=officer_id).select_related("post__unit__agency")
    present = posts.filter(valid_on(on)).order_by("-valid_from", "id").first()
    return present or posts.filter(valid_from__gt=on).order_by("valid_from", "id").first()


def next_home(account: Account) -> str | None:
    """The path of the agency whose post an officer without one takes up next; None without either."""
    officer = Officer.objects.filter(account=account).first()
    holding = present_or_next(officer.id, on=timezone.localdate()) if officer else None
    return holding.post.unit.agency.path if holding else None


def list_demo_officers() -> list[Holding]:
    """The made-up officers of the demonstration, by desk. Their accounts are named "demo.…"."""
    holdings = Holding.objects.filter(officer__account__username__startswith="demo.", valid_to=None)
    related = holdings.select_related("officer__account", "post__unit__agency")
    return list(related.order_by("post__unit__agency__sort_key", "officer__account__username"))


def find_demo_account(username: str) -> Account | None:
    if not username.startswith("demo."):
        return None
    return Account.objects.filter(username=username, kind=Account.Kind.OFFICER, is_active=True).first()


def list_agencies_with_desk(*, at: date) -> list[Agency]:
    """Communes where one can submit: their one-stop desk has an officer."""
    return list(_with_desk(at).select_related("parent"))


def list_places_with_desk(*, at: date) -> list[tuple[str, str]]:
    """Code and name of the place of each of these, as every form asks for them. One query."""
    return list(_with_desk(at).values_list("place_code", "place_name"))


def _with_desk(at: date) -> QuerySet[Agency]:
    current = Agency.objects.filter(
        valid_on(at), valid_on(at, "units__posts__holdings__"), level="commune", units__code="one_stop_desk"
    )
    return current.distinct().order_by("sort_key", "id")


@dataclass(frozen=True, slots=True)
class PostHolder:
    name: str
    title: str
    unit: str


def post_holders(post_ids: set[UUID]) -> dict[tuple[UUID, UUID], PostHolder]:
    """(post, officer) -> name, title and unit, for lists of what officers did. One query, none without posts."""
    if not post_ids:
        return {}
    holdings = Holding.objects.filter(post__in=post_ids).values_list(
        "post_id", "officer_id", "officer__full_name", "post__title", "post__unit__name"
    )
    return {(post, officer): PostHolder(*words) for post, officer, *words in holdings}


def search_officers(scopes: tuple[str, ...], words: str, *, limit: int = 20) -> list[tuple[UUID, PostHolder]]:
    """Officers of these agencies and those below whose names hold all the words, without regard to accents.

    By name; each with the post held last. Whose agency is none of these is left out.
    """
    terms = fold(words).split()
    holdings = Holding.objects.filter(within("post__unit__agency__path", scopes))
    rows = holdings.order_by("officer__full_name", "officer_id", "-valid_from").values_list(
        "officer_id", "officer__full_name", "post__title", "post__unit__name"
    )
    found: dict[UUID, PostHolder] = {}
    for officer_id, name, title, unit in rows.iterator():
        if terms and all(term in fold(name).split() for term in terms):
            found.setdefault(officer_id, PostHolder(name, title, unit))
        if len(found) == limit:
            break
    return sorted(found.items(), key=lambda item: sort_key(item[1].name))


def only_path(scopes: tuple[str, ...]) -> str:
    """The path of the agency that is alone within the scopes; "" when they hold several, or none. One query."""
    paths = Agency.objects.filter(within("path", scopes)).order_by().values_list("path", flat=True)
    found = list(paths.distinct()[:2]) if scopes else []
    return found[0] if len(found) == 1 else ""


def list_agencies_within(scopes: tuple[str, ...]) -> list[Agency]:
    """Agencies of these paths and below, ended ones too, a superior before those below it. One query."""
    agencies = Agency.objects.filter(within("path", scopes)).only("id", "name", "level", "path", "sort_key")
    return list(agencies.order_by("-level", "sort_key", "id"))


def files_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stored files that are pictures of signatures or seals."""
    seals = Agency.objects.filter(seal_image__in=ids).values_list("seal_image_id", flat=True)
    signatures = Officer.objects.filter(signature_image__in=ids).values_list("signature_image_id", flat=True)
    return {file for file in (*seals, *signatures) if file}
