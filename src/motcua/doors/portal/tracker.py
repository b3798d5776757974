"""The data tracker: who read a person's data. The person is part of every query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.selectors import dossier_codes
from motcua.foundation.journal.contributions import Criteria
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import list_accesses
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.text import mask_name
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import post_holders
from motcua.registry.people.contributions import reading_kinds, reading_words
from motcua.registry.people.selectors import organisation_names, tracked_ids

PAGE_SIZE = 25
EXPORT_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a person's data. `post`, `unit`, `agency`: empty for what no officer did; `dossier`: its code."""

    id: UUID
    at: datetime
    what: str
    who: str
    post: str
    unit: str
    agency: str
    dossier: str
    dossier_id: UUID | None


@dataclass(frozen=True, slots=True)
class Page:
    """`after`: pass it as `before` for the next, older page; None on the last."""

    readings: list[Reading]
    after: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included; None: no bound."""

    begins: date | None = None
    ends: date | None = None


ALWAYS = Period()


def list_own_readings(
    actor: Actor, period: Period = ALWAYS, *, before: int | None = None, limit: int = PAGE_SIZE
) -> Page:
    """Who read the acting citizen's data and that of organisations they represent, latest first.

    Five queries whatever the number, one more with organisations among them. Raises Refused.
    """
    if actor.kind != "citizen":
        raise Refused
    begins, ends = period.begins, period.ends
    criteria = Criteria(
        begins=_midnight(begins) if begins else None,
        ends=_midnight(ends + timedelta(days=1)) if ends and ends < date.max else None,
    )
    concerned = tracked_ids(actor.person, on=timezone.localdate())
    entries = list_accesses(concerned, criteria, kinds=reading_kinds(), before=before, limit=limit + 1)
    shown = entries[:limit]
    return Page(_named(shown), shown[-1].sequence if len(entries) > limit else None)


def all_own_readings(actor: Actor, period: Period) -> Iterator[Reading]:
    """The latest 5,000 of them, for a file."""
    before, count = None, 0
    while count < EXPORT_LIMIT:
        page = list_own_readings(actor, period, before=before, limit=500)
        yield from page.readings
        count += len(page.readings)
        if page.after is None:
            return
        before = page.after


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _named(entries: Iterable[Entry]) -> list[Reading]:
    listed = list(entries)
    holders = post_holders({it.post_id for it in listed if it.post_id})
    agency_ids = {it.agency_id for it in listed if it.agency_id}
    agencies = dict(Agency.objects.filter(pk__in=agency_ids).values_list("pk", "name")) if agency_ids else {}
    subjects = {it.id: _subject(it) for it in listed}
    codes = dossier_codes({it for it in subjects.values() if it})
    organisations = organisation_names({it.object_id for it in listed if it.object_kind == "organisation"})
    readings = []
    for entry in listed:
        holder = holders.get((entry.post_id, entry.person_id)) if entry.post_id and entry.person_id else None
        subject = subjects[entry.id]
        code = codes.get(subject, "") if subject else ""
        readings.append(
            Reading(
                id=entry.id,
                at=entry.at,
                what=_what(entry, organisations),
                who=mask_name(holder.name) if holder else _somebody(entry),
                post=holder.title if holder else "",
                unit=holder.unit if holder else "",
                agency=agencies.get(entry.agency_id, "") if entry.agency_id else "",
                dossier=code,
                dossier_id=subject if code else None,
            )
        )
    return readings


def _what(entry: Entry, organisations: dict[UUID, str]) -> str:
    words, name = reading_words(entry.kind, entry.facts), organisations.get(entry.object_id)
    return f"{words}: {name}" if name else words


def _somebody(entry: Entry) -> str:
    words = {
        "officer": _("An officer"),
        "citizen": _("Somebody who acts for you") if entry.mandate_id else _("Another person"),
        "system": _("Automatic processing, nobody looked"),
    }
    return words.get(entry.actor_kind, _("Somebody"))


def _subject(entry: Entry) -> UUID | None:
    """Which dossier a reading may be about: itself, the one an entry is of, the one that was searched for."""
    if entry.object_kind == "dossier":
        return entry.object_id
    named = entry.facts.get("object") or entry.facts.get("found")
    try:
        return UUID(named) if isinstance(named, str) else None
    except ValueError:
        return None
