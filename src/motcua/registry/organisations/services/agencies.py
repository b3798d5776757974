"""Entering, renaming, merging, splitting and ending agencies. Each function is one act.

Source: Law 72/2025/QH15 on local government (two levels), Decision 20/2020/QĐ-TTg (codes are closed, never reused).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import sort_key
from motcua.registry.organisations.contributions import open_work
from motcua.registry.organisations.errors import (
    CodeTaken,
    DayNotCome,
    HasOpenWork,
    NothingChanged,
    WrongSuccessors,
)
from motcua.registry.organisations.models import (
    Agency,
    AgencyCalendar,
    AgencyCode,
    Holding,
    Post,
    Succession,
    Unit,
)
from motcua.registry.organisations.rules.codes import code_form

from ._acts import (
    Target,
    carry_over,
    changing,
    check_after,
    check_code,
    check_valid,
    lock_agency,
    require_everywhere,
    tell,
)


@dataclass(frozen=True, slots=True)
class NewAgency:
    """code: new form. level: ministry, province, department, district (of before July 2025) or
    commune. place_code: of the GSO, "" for none."""

    code: str
    name: str
    level: str
    valid_from: date
    place_code: str = ""
    place_name: str = ""


def enter_agency(*, actor: Actor, superior: Target | None, new: NewAgency, at: datetime) -> Agency:
    """Enter an agency under its superior, or on top (for who administers all).

    Raises WrongCode, CodeTaken, AgencyEnded.
    """
    if superior is None:
        require_everywhere(actor)
        with transaction.atomic():
            return _entered(actor, None, new, at)
    with changing(actor, superior) as parent:
        return _entered(actor, parent, new, at)


def _entered(actor: Actor, parent: Agency | None, new: NewAgency, at: datetime) -> Agency:
    check_code(new.code)
    if parent:
        check_valid(parent, new.valid_from)
    agency = Agency.objects.create(
        code=new.code,
        name=new.name,
        parent=parent,
        path=f"{parent.path if parent else '/'}{new.code}/",
        level=new.level,
        place_code=new.place_code,
        place_name=new.place_name,
        sort_key=sort_key(new.place_name.split(" ", 1)[-1] or new.name),
        valid_from=new.valid_from,
        calendar_stamp=parent.calendar_stamp if parent else 0,
    )
    tell(actor, "agency.entered", agency.id, at, code=agency.code, **{"from": new.valid_from})
    return agency


@dataclass(frozen=True, slots=True)
class Renaming:
    """on: the first day under the new name and code."""

    name: str
    code: str
    on: date


def rename_agency(*, actor: Actor, target: Target, renaming: Renaming, at: datetime) -> Agency:
    """Give an agency a new name, a new code or both from a day on; the new row is returned, the old one kept.

    Units, posts and officers go on in the new row; path, rights, dossiers and agencies below stay where they are.
    The seal goes on only while the name on it is right. Raises WrongCode, CodeTaken, DayTooEarly, AgencyEnded,
    NothingChanged.
    """
    with changing(actor, target) as old:
        check_after(renaming.on, old.valid_from)
        check_valid(old, renaming.on)
        if old.valid_to or (renaming.name, renaming.code) == (old.name, old.code):
            raise NothingChanged
        if renaming.code != old.code:
            check_code(renaming.code, path=old.path)
        Agency.objects.filter(pk=old.pk).update(valid_to=renaming.on)
        new = _renamed(old, renaming)
        _take_along(old, new, renaming.on)
        Succession.objects.create(predecessor=old, successor=new, kind="renamed", on=renaming.on)
        tell(actor, "agency.renamed", new.id, at, code=new.code, before=old.code, on=renaming.on)
        return new


def _renamed(old: Agency, renaming: Renaming) -> Agency:
    same_name = renaming.name == old.name
    return Agency.objects.create(
        code=renaming.code,
        name=renaming.name,
        parent_id=old.parent_id,
        path=old.path,
        first_id=old.first_id or old.id,
        level=old.level,
        place_code=old.place_code,
        place_name=old.place_name,
        sort_key=old.sort_key if old.place_name or same_name else sort_key(renaming.name),
        valid_from=renaming.on,
        seal_image_id=old.seal_image_id if same_name else None,
        seal_mm=old.seal_mm if same_name else None,
        seal_key=old.seal_key if same_name else "",
        calendar_stamp=old.calendar_stamp,
    )


def _going_on(day: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gt=day)


def _take_along(old: Agency, new: Agency, day: date) -> None:
    """Agencies below, calendars, units, posts and officers go on under the new row."""
    Agency.objects.filter(parent=old).update(parent=new)
    for calendar in AgencyCalendar.objects.filter(_going_on(day), agency=old):
        begins = max(calendar.valid_from, day)
        if calendar.valid_from < day:
            AgencyCalendar.objects.filter(pk=calendar.pk).update(valid_to=day)
            calendar.pk = None
            calendar._state.adding = True
        calendar.agency, calendar.valid_from = new, begins
        calendar.save()
    units = {unit.pk: carry_over(unit, day, {"agency": new}) for unit in old.units.filter(_going_on(day))}
    for unit in units.values():
        Unit.objects.filter(pk=unit.pk).update(parent=units.get(unit.parent_id) if unit.parent_id else None)
    posts = {
        post.pk: carry_over(post, day, {"unit": units[post.unit_id]})
        for post in Post.objects.filter(_going_on(day), unit__in=list(units))
    }
    for holding in Holding.objects.filter(_going_on(day), post__in=list(posts)):
        carry_over(holding, day, {"post": posts[holding.post_id]})


@dataclass(frozen=True, slots=True)
class Ending:
    """on: the first day without them. others: merged agencies beside the target, or successors of a split."""

    on: date
    others: Sequence[UUID] = ()


def end_agency(*, actor: Actor, target: Target, on: date, at: datetime) -> None:
    """End an agency that has no successor. Raises DayTooEarly, DayNotCome, AgencyEnded, HasOpenWork."""
    with changing(actor, target) as agency:
        _end(agency, on, at)
        tell(actor, "agency.ended", agency.id, at, code=agency.code, on=on)


def merge_agencies(*, actor: Actor, target: Target, ending: Ending, at: datetime) -> Agency:
    """Let other agencies (`ending.others`, one at least) go up in the target from a day on. Raises as `end_agency`."""
    if not ending.others or target.agency_id in ending.others:
        raise WrongSuccessors
    with changing(actor, target) as successor:
        check_valid(successor, ending.on)
        gone = _locked(actor, ending.others)
        for agency in gone:
            _end(agency, ending.on, at)
            Succession.objects.create(predecessor=agency, successor=successor, kind="merged", on=ending.on)
        codes = sorted(agency.code for agency in gone)
        tell(actor, "agency.merged", successor.id, at, code=successor.code, before=codes, on=ending.on)
        return successor


def split_agency(*, actor: Actor, target: Target, ending: Ending, at: datetime) -> list[Agency]:
    """Let the target be followed by several agencies that are entered already. Raises as `end_agency`."""
    if len(set(ending.others)) < 2 or target.agency_id in ending.others:
        raise WrongSuccessors
    with changing(actor, target) as agency:
        successors = _locked(actor, ending.others)
        for successor in successors:
            check_valid(successor, ending.on)
        _end(agency, ending.on, at)
        Succession.objects.bulk_create(
            Succession(predecessor=agency, successor=successor, kind="split", on=ending.on)
            for successor in successors
        )
        codes = sorted(successor.code for successor in successors)
        tell(actor, "agency.split", agency.id, at, code=agency.code, into=codes, on=ending.on)
        return successors


def _locked(actor: Actor, ids: Sequence[UUID]) -> list[Agency]:
    # In one order, so that two acts on the same agencies do not wait for each other.
    return [lock_agency(actor, agency_id) for agency_id in sorted(set(ids))]


def _end(agency: Agency, on: date, at: datetime) -> None:
    check_after(on, agency.valid_from)
    check_valid(agency, on)
    if on > timezone.localdate(at):
        raise DayNotCome
    if work := list_open_work(agency, on=on):
        told = ", ".join(f"{words}: {number}" for words, number in work)
        raise HasOpenWork(name=agency.name, work=told)
    Agency.objects.filter(pk=agency.pk).update(valid_to=on)
    Post.objects.filter(_going_on(on), unit__agency=agency, valid_from__lt=on).update(valid_to=on)
    Unit.objects.filter(_going_on(on), agency=agency, valid_from__lt=on).update(valid_to=on)
    AgencyCalendar.objects.filter(_going_on(on), agency=agency, valid_from__lt=on).update(valid_to=on)


def list_open_work(agency: Agency, *, on: date) -> list[tuple[str, int]]:
    """What forbids that an agency ends on a day: agencies below, officers in posts, work of other rooms."""
    below = Agency.objects.filter(_going_on(on), parent=agency).count()
    officers = Holding.objects.filter(_going_on(on), post__unit__agency=agency).count()
    own = [(_("agencies below"), below), (_("officers in posts"), officers)]
    others = [(str(words), number) for words, number in open_work(agency.path)]
    return [(words, number) for words, number in own if number] + others


Period = tuple[date, date | None]


def add_code(*, actor: Actor, target: Target, code: str, period: Period, at: datetime) -> AgencyCode:
    """Enter another code that leads to an agency. period: from, until (excluded; None: still).

    Raises WrongCode, CodeTaken, DayTooEarly.
    """
    with changing(actor, target) as agency:
        check_code(code, form=code_form(code) or "new")
        if Agency.objects.filter(code=code).exists():
            raise CodeTaken(code=code, name=agency.name)
        begins, ends = period
        if ends:
            check_after(ends, begins)
        entered = AgencyCode.objects.create(code=code, agency=agency, valid_from=begins, valid_to=ends)
        tell(actor, "agency.code_entered", agency.id, at, code=code)
        return entered
