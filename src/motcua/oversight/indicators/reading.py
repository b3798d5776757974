"""Entries of the journal with what they do not say themselves: paths of agencies, units of posts, limits of steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.casework.dossiers.models import Dossier
from motcua.casework.process.models import Task
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.journal.models import DeadLetter, Entry
from motcua.foundation.journal.selectors import positions_of
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.following import KINDS, Noted
from motcua.registry.catalogue.models import Procedure
from motcua.registry.organisations.models import Agency, Post


@dataclass(frozen=True, slots=True)
class _Beside:
    codes: dict[str, str]
    paths: dict[UUID, str]
    units: dict[UUID, UUID]
    dues: dict[tuple[UUID, str, datetime], datetime]
    # Procedures that were offered online, by entries that do not say how far.
    online: set[str]


def notes(sealed: Sequence[SealedEntry]) -> list[tuple[UUID, Noted]]:
    """(dossier, what is noted) of each entry, in its order. Five queries at most."""
    entries = [it.entry for it in sealed]
    beside = _look_up(entries)
    return [(it.entry.object_id, _noted(it, beside)) for it in sealed]


def sealed_of(dossiers: Collection[UUID], *, until: int) -> list[SealedEntry]:
    """All that the journal says of these dossiers up to a position, in order. Two queries."""
    entries = Entry.objects.filter(object_id__in=dossiers, object_kind="dossier", kind__in=KINDS)
    found = {entry.id: entry for entry in entries}
    positions = positions_of(found)
    sealed = [SealedEntry(position, found[pk]) for pk, position in positions.items() if position <= until]
    return sorted(sealed, key=lambda it: it.position)


def letters_of(consumer: str) -> set[int]:
    """Positions that a consumer could not handle and went past. One query."""
    letters = DeadLetter.objects.filter(consumer=consumer, resolved_at=None)
    return set(letters.values_list("position", flat=True))


def basis_of(dossier: UUID) -> datetime | None:
    """The original due date where entries do not name it: older ones, of what stood still after an apology."""
    return Dossier.objects.filter(pk=dossier).values_list("basis_at", flat=True).first()


def _look_up(entries: Sequence[Entry]) -> _Beside:
    codes = {code for entry in entries if (code := _named(entry))}
    agencies = {entry.agency_id for entry in entries if entry.agency_id}
    posts = {entry.post_id for entry in entries if entry.post_id}
    by_code = Agency.objects.filter(code__in=codes).order_by("valid_from") if codes else Agency.objects.none()
    return _Beside(
        codes=dict(by_code.values_list("code", "path")),
        paths=dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "path")) if agencies else {},
        units=dict(Post.objects.filter(pk__in=posts).values_list("pk", "unit_id")) if posts else {},
        dues=_dues(entries),
        online=_online(entries),
    )


def _online(entries: Sequence[Entry]) -> set[str]:
    asked = {it.facts["procedure"] for it in entries if "procedure" in it.facts and "level" not in it.facts}
    rows = Procedure.objects.filter(code__in=asked, channels__contains=["online"]) if asked else ()
    return {it.code for it in rows}


def _dues(entries: Sequence[Entry]) -> dict[tuple[UUID, str, datetime], datetime]:
    """(dossier, step, when it was done) -> its limit, as the process had set it."""
    ending = [entry for entry in entries if "step" in entry.facts and "next_step" in entry.facts]
    if not ending:
        return {}
    tasks = Task.objects.filter(
        subject__in={it.object_id for it in ending}, completed_at__in={it.at for it in ending}
    )
    rows = tasks.order_by("number").values_list("subject", "step", "completed_at", "due_at")
    return {(subject, step, done): due for subject, step, done, due in rows if done and due}


def _named(entry: Entry) -> str:
    """The code of the agency that decides from then on."""
    name = "to" if entry.kind == "dossier.transferred" else "agency"
    return str(entry.facts.get(name, ""))


def _noted(sealed: SealedEntry, beside: _Beside) -> Noted:
    entry, code = sealed.entry, _named(sealed.entry)
    is_officer = entry.actor_kind == "officer"
    return Noted(
        entry.kind,
        entry.at,
        sealed.position,
        entry.facts,
        officer=str(entry.person_id or "") if is_officer else "",
        unit=str(beside.units.get(entry.post_id) or "") if is_officer and entry.post_id else "",
        agency=beside.paths.get(entry.agency_id, "") if is_officer and entry.agency_id else "",
        named=beside.codes[code] if code else "",
        step_due=_due(entry, beside),
        level="full" if entry.facts.get("procedure") in beside.online else "",
        known_on=local(entry.recorded_at).date(),
    )


def _due(entry: Entry, beside: _Beside) -> datetime | None:
    return beside.dues.get((entry.object_id, str(entry.facts.get("step", "")), entry.at))
