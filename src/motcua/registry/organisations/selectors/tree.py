"""Agencies, units and posts for the administrators' pages. The scopes come first: nothing outside them is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import fold, sort_key
from motcua.registry.access.policies import within
from motcua.registry.organisations.models import Agency, Holding, Officer, Post, Unit, valid_on

Scopes = tuple[str, ...]
SEARCH_LIMIT = 50
# Names repeat from request to request, and folding is what a search costs.
_folded = lru_cache(maxsize=20_000)(fold)


def get_agency(scopes: Scopes, agency_id: UUID) -> Agency:
    """Raises NotFound, also for an agency outside the scopes."""
    agency = Agency.objects.filter(within("path", scopes), pk=agency_id).select_related("parent").first()
    if not agency:
        raise NotFound
    return agency


def list_level(scopes: Scopes, above: Agency | None, *, at: date) -> list[Agency]:
    """Agencies right below one, or those on top of the scopes, with `below`: how many lie right below each.

    In the order of the alphabet. One query.
    """
    if above:
        rows = Agency.objects.filter(within("path", scopes), parent=above)
    else:
        rows = Agency.objects.filter(Q(parent=None) if "/" in scopes else Q(path__in=_outermost(scopes)))
    counted = rows.filter(valid_on(at)).annotate(
        below=Count("children", filter=valid_on(at, "children__"), distinct=True)
    )
    return list(counted.order_by("sort_key", "id"))


def _outermost(scopes: Scopes) -> list[str]:
    return [path for path in scopes if not any(path != other and path.startswith(other) for other in scopes)]


def search_agencies(scopes: Scopes, words: str, *, at: date) -> list[Agency]:
    """Agencies whose name holds all the words without regard to accents, whose code begins so, or whose place has it.

    At most 50, by the alphabet. Two queries.
    """
    terms, code = fold(words).split(), words.strip().upper()
    rows = Agency.objects.filter(within("path", scopes), valid_on(at)).order_by("sort_key", "id")
    found: list[UUID] = []
    for pk, name, *codes in rows.values_list("id", "name", "code", "place_code"):
        known = _folded(name).split()
        if (
            codes[0].startswith(code)
            or codes[1] == code
            or (terms and all(any(it.startswith(term) for it in known) for term in terms))
        ):
            found.append(pk)
        if len(found) == SEARCH_LIMIT:
            break
    named = Agency.objects.select_related("parent").in_bulk(found)
    return [named[pk] for pk in found]


def agencies_by_code(scopes: Scopes, codes: Iterable[str], *, at: date) -> dict[str, Agency]:
    """Those of the codes whose bearers exist on that day within the scopes. One query."""
    rows = Agency.objects.filter(within("path", scopes), valid_on(at), code__in=list(codes))
    return {agency.code: agency for agency in rows}


@dataclass(slots=True)
class PostRow:
    """A post and who holds it now, or takes it next."""

    post: Post
    holding: Holding | None = None


@dataclass(slots=True)
class UnitRow:
    """A unit at its place in the tree: `depth` from 0."""

    unit: Unit
    depth: int
    posts: list[PostRow] = field(default_factory=list)


def list_structure(agency: Agency, *, at: date) -> list[UnitRow]:
    """Units of an agency that exist now or later, each after the one above it, with posts and holders. 3 queries."""
    later = Q(valid_to=None) | Q(valid_to__gt=at)
    units = list(agency.units.filter(later))
    posts = list(Post.objects.filter(later, unit__agency=agency).order_by("id"))
    holdings: QuerySet[Holding] = Holding.objects.filter(later, post__unit__agency=agency)
    # The earliest last, so that it is the one that stays.
    ordered = holdings.select_related("officer").order_by("-valid_from")
    held = {holding.post_id: holding for holding in ordered}
    rows = _in_order(units)
    by_unit = {row.unit.pk: row for row in rows}
    ranks = {"head": 0, "deputy": 1}
    for post in sorted(posts, key=lambda post: (ranks.get(post.rank, 2), post.title, post.pk)):
        if post.unit_id in by_unit:
            by_unit[post.unit_id].posts.append(PostRow(post, held.get(post.pk)))
    return rows


def _in_order(units: list[Unit]) -> list[UnitRow]:
    known = {unit.pk for unit in units}
    below: dict[UUID | None, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: (sort_key(unit.name), unit.pk)):
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    rows, ahead = [], [(unit, 0) for unit in reversed(below.get(None, []))]
    while ahead:
        unit, depth = ahead.pop()
        rows.append(UnitRow(unit, depth))
        ahead += [(child, depth + 1) for child in reversed(below.get(unit.pk, []))]
    return rows


def get_unit(scopes: Scopes, unit_id: UUID) -> Unit:
    """Raises NotFound, also outside the scopes."""
    unit = Unit.objects.filter(within("agency__path", scopes), pk=unit_id).select_related("agency").first()
    if not unit:
        raise NotFound
    return unit


def get_post(scopes: Scopes, post_id: UUID) -> Post:
    """Raises NotFound, also outside the scopes."""
    posts = Post.objects.filter(within("unit__agency__path", scopes), pk=post_id)
    post = posts.select_related("unit__agency").first()
    if not post:
        raise NotFound
    return post


def get_officer_within(scopes: Scopes, officer_id: UUID) -> tuple[Officer, list[Holding]]:
    """An officer whose last post is within the scopes, and the posts there, latest first. Raises NotFound."""
    related = Holding.objects.filter(officer=officer_id).select_related(
        "officer__account", "officer__signature_image", "post__unit__agency"
    )
    holdings = list(related.order_by("-valid_from"))
    here = [it for it in holdings if any(it.post.unit.agency.path.startswith(path) for path in scopes)]
    if not here or here[0] is not holdings[0]:
        raise NotFound
    return here[0].officer, here


def get_officer_by_username(scopes: Scopes, username: str) -> Officer:
    """As `get_officer_within`: somebody else's officer reads like none. Raises NotFound."""
    found = Officer.objects.filter(account__username=username).first()
    if not found:
        raise NotFound
    return get_officer_within(scopes, found.pk)[0]


def count_below(agency: Agency) -> int:
    """How many agencies stand directly below, ended ones too."""
    return Agency.objects.filter(parent=agency).count()


def list_officers(scopes: Scopes, words: str, *, at: date, limit: int = SEARCH_LIMIT) -> list[Holding]:
    """Who holds a post within the scopes and whose name holds the words, or whose user name begins so. 2 queries."""
    terms, begins = fold(words).split(), words.strip().lower()
    current = Holding.objects.filter(within("post__unit__agency__path", scopes), valid_on(at))
    rows = current.values_list("id", "officer__full_name", "officer__account__username")
    found = [
        (sort_key(name), pk)
        for pk, name, username in rows
        if all(term in _folded(name).split() for term in terms) or (username or "").startswith(begins)
    ]
    ids = [pk for _, pk in sorted(found)[:limit]]
    named = Holding.objects.select_related("officer__account", "post__unit__agency").in_bulk(ids)
    return [named[pk] for pk in ids]
