"""Units and posts of an agency. Each function is one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.organisations.errors import StillInUse, UnitCircle, UnitCodeTaken, UnitElsewhere
from motcua.registry.organisations.models import Agency, Holding, Post, Unit
from motcua.registry.organisations.rules.trees import would_circle

from ._acts import Target, changing, check_after, check_valid, tell


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """parent_id: the unit above in the same agency. symbol: how it signs its numbers, as in "12/BH-TTPVHCC"."""

    name: str
    parent_id: UUID | None = None
    symbol: str = ""
    telephone: str = ""


def enter_unit(*, actor: Actor, target: Target, code: str, facts: UnitFacts, on: date, at: datetime) -> Unit:  # noqa: PLR0913
    """Enter a unit from a day on. Raises UnitCodeTaken, UnitElsewhere, AgencyEnded."""
    with changing(actor, target) as agency:
        check_valid(agency, on)
        if agency.units.filter(code=code).exists():
            raise UnitCodeTaken(code=code)
        unit = Unit(agency=agency, code=code, valid_from=on)
        _apply(unit, facts)
        unit.save(force_insert=True)
        tell(actor, "unit.entered", unit.id, at, agency=agency.code, code=code, **{"from": on})
        return unit


def change_unit(*, actor: Actor, unit_id: UUID, revision: int | None, facts: UnitFacts, at: datetime) -> Unit:
    """Correct what is known about a unit, or put it elsewhere in the tree. Raises UnitCircle, UnitElsewhere."""
    with changing(actor, Target(_agency_of(unit_id), revision)) as agency:
        unit = Unit.objects.get(pk=unit_id)
        # Read after the agency's lock: what another transaction moved meanwhile is seen.
        parents = dict(agency.units.values_list("id", "parent_id"))
        if would_circle(parents, unit.id, facts.parent_id):
            raise UnitCircle(name=unit.name)
        _apply(unit, facts)
        unit.save()
        tell(actor, "unit.changed", unit.id, at, agency=agency.code, code=unit.code)
        return unit


def _apply(unit: Unit, facts: UnitFacts) -> None:
    if facts.parent_id and not Unit.objects.filter(pk=facts.parent_id, agency=unit.agency_id).exists():
        raise UnitElsewhere
    unit.name, unit.symbol, unit.telephone = facts.name, facts.symbol, facts.telephone
    unit.parent_id = facts.parent_id


def end_unit(*, actor: Actor, unit_id: UUID, revision: int | None, on: date, at: datetime) -> None:
    """End a unit and its posts. Raises DayTooEarly; StillInUse while officers or units are there after that day."""
    with changing(actor, Target(_agency_of(unit_id), revision)) as agency:
        unit = Unit.objects.get(pk=unit_id)
        check_after(on, unit.valid_from)
        later = Q(valid_to=None) | Q(valid_to__gt=on)
        held = Holding.objects.filter(later, post__unit=unit).count()
        below = unit.children.filter(later).count()
        if held or below:
            what = _("officers: %(held)s, units below: %(below)s") % {"held": held, "below": below}
            raise StillInUse(name=unit.name, what=what)
        unit.posts.filter(later, valid_from__lt=on).update(valid_to=on)
        Unit.objects.filter(pk=unit.pk).update(valid_to=on)
        tell(actor, "unit.ended", unit.id, at, agency=agency.code, code=unit.code, on=on)


@dataclass(frozen=True, slots=True)
class PostFacts:
    """rank: "head", "deputy" or "" of the unit."""

    title: str
    rank: str
    on: date


def enter_post(*, actor: Actor, unit_id: UUID, revision: int | None, facts: PostFacts, at: datetime) -> Post:
    """Enter a post of a unit from a day on. Raises AgencyEnded, DayTooEarly."""
    with changing(actor, Target(_agency_of(unit_id), revision)) as agency:
        check_valid(agency, facts.on)
        unit = Unit.objects.get(pk=unit_id)
        if unit.valid_from > facts.on or (unit.valid_to and unit.valid_to <= facts.on):
            raise StillInUse(name=unit.name, what=_("the unit does not exist on that day; its posts"))
        post = Post.objects.create(unit=unit, title=facts.title, rank=facts.rank, valid_from=facts.on)
        tell(actor, "post.entered", post.id, at, agency=agency.code, unit=unit.code, **{"from": facts.on})
        return post


def end_post(*, actor: Actor, post_id: UUID, revision: int | None, on: date, at: datetime) -> None:
    """End a post. Raises DayTooEarly; StillInUse while somebody holds it after that day."""
    with changing(actor, Target(agency_of_post(post_id).id, revision)) as agency:
        post = Post.objects.get(pk=post_id)
        check_after(on, post.valid_from)
        later = Q(valid_to=None) | Q(valid_to__gt=on)
        if holder := post.holdings.filter(later).select_related("officer").first():
            raise StillInUse(name=post.title, what=holder.officer.full_name)
        Post.objects.filter(pk=post.pk).update(valid_to=on)
        tell(actor, "post.ended", post.id, at, agency=agency.code, on=on)


def _agency_of(unit_id: UUID) -> UUID:
    found = Unit.objects.filter(pk=unit_id).values_list("agency_id", flat=True).first()
    if not found:
        raise NotFound
    return found


def agency_of_post(post_id: UUID) -> Agency:
    post = Post.objects.filter(pk=post_id).select_related("unit__agency").first()
    if not post:
        raise NotFound
    return post.unit.agency
