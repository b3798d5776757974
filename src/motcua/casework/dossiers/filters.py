"""Filters of the inbox that officers keep: what each says, whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from motcua.casework.dossiers.errors import FilterNameWrong, TooManyFilters
from motcua.casework.dossiers.inboxes import Looking
from motcua.casework.dossiers.models import InboxFilter
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean_line

MOST = 30
# What an address says, and what stands in `Looking`; the words are in no address, they may be somebody's name.
NAMES = {
    "view": "view",
    "due": "due_in",
    "step": "step",
    "role": "role",
    "agency": "agency",
    "procedure": "procedure",
}
WORDS = "words"
_LONGEST = {"agency": 300, "words": 200}


def read_criteria(given: Mapping[str, Any]) -> dict[str, str]:
    """What of this is a criterion, cut to a sane length; empty ones are left out."""
    found = {name: clean_line(str(given.get(name, "")))[: _LONGEST.get(name, 60)] for name in (*NAMES, WORDS)}
    return {name: value for name, value in found.items() if value}


def looking_of(criteria: Mapping[str, str], *, after: str = "") -> Looking:
    """The part of the inbox that the criteria ask for."""
    asked = {NAMES[name]: criteria[name] for name in NAMES if name in criteria}
    return replace(Looking(after=after, words=criteria.get(WORDS, "")), **asked)


def list_filters(actor: Actor) -> list[InboxFilter]:
    """The officer's own, then those that colleagues share with their unit, by name. One query."""
    mine = Q(officer=actor.person_id)
    shared = Q(unit=actor.unit_id) if actor.unit_id else Q(pk__in=[])
    found = list(InboxFilter.objects.filter(mine | shared).order_by("name", "id")[: 4 * MOST])
    return sorted(found, key=lambda it: it.officer_id != actor.person_id)


def default_of(actor: Actor, filters: list[InboxFilter]) -> InboxFilter | None:
    """Where the officer's inbox begins."""
    return next((it for it in filters if it.is_default and it.officer_id == actor.person_id), None)


def keep_filter(
    *, actor: Actor, name: str, criteria: Mapping[str, str], shares: bool = False, at: datetime
) -> InboxFilter:
    """Keep criteria under a name. Raises Refused, FilterNameWrong, TooManyFilters. Settings of one's own desk are no
    act: nothing is journalled."""
    if not actor.is_officer:
        raise Refused
    if InboxFilter.objects.filter(officer=actor.person).count() >= MOST:
        raise TooManyFilters(limit=MOST)
    kept = InboxFilter(
        officer_id=actor.person,
        unit_id=actor.unit_id if shares else None,
        name=_named(name),
        criteria=read_criteria(criteria),
        made_at=at,
    )
    return _saved(kept)


def change_filter(*, actor: Actor, filter_id: UUID, name: str, shares: bool, begins: bool) -> InboxFilter:
    """Rename, share or not, begin the inbox with it or not. Raises NotFound for another's, FilterNameWrong."""
    kept = _own(actor, filter_id)
    kept.name, kept.is_default = _named(name), begins
    kept.unit_id = actor.unit_id if shares else None
    with transaction.atomic():
        if begins:
            InboxFilter.objects.filter(officer=actor.person, is_default=True).update(is_default=False)
        return _saved(kept)


def delete_filter(*, actor: Actor, filter_id: UUID) -> None:
    """Raises NotFound for another's."""
    _own(actor, filter_id).delete()


def _own(actor: Actor, filter_id: UUID) -> InboxFilter:
    kept = InboxFilter.objects.filter(pk=filter_id, officer=actor.person_id).first()
    if not kept or not actor.is_officer:
        raise NotFound
    return kept


def _named(name: str) -> str:
    words = clean_line(name)
    if not words or len(words) > 60:
        raise FilterNameWrong
    return words


def _saved(kept: InboxFilter) -> InboxFilter:
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise FilterNameWrong from error
    return kept
