"""Entering places: all of the nation at once, from the data inside the wheel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import sort_key
from motcua.registry.places.adapters.wheel import Codes, NationData, PlacesMissing, read_wheel
from motcua.registry.places.models import TWO_LEVELS_SINCE, Place, PlaceSuccession
from motcua.registry.places.rules.words import bare, kind_of, name_key, own_name

__all__ = ["TWO_LEVELS_SINCE", "Loaded", "PlacesMissing", "ensure_places", "load_places"]
_LEVELS = {2: Place.Level.PROVINCE, 3: Place.Level.DISTRICT, 5: Place.Level.COMMUNE}
_BATCH = 2000

Known = dict[Codes, Place]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were entered now; all zero when everything was there."""

    provinces: int = 0
    communes: int = 0
    former: int = 0
    successions: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.provinces or self.communes or self.former or self.successions)


@transaction.atomic
def load_places(*, at: datetime) -> Loaded:
    """Enter provinces, communes, the places before 1 July 2025 and what became of them; what is there stays.

    Raises PlacesMissing without the wheel. One journal entry, none when nothing was missing. A few seconds.
    """
    # Two at once would enter everything twice and meet at the constraint.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_places'))")
    nation = read_wheel()
    new, entered_new = _enter(nation.new, valid_from=TWO_LEVELS_SINCE, valid_to=None)
    old, entered_old = _enter(nation.old, valid_from=None, valid_to=TWO_LEVELS_SINCE)
    successions = _enter_successions(nation, old, new)
    levels = Counter(place.level for place in entered_new)
    loaded = Loaded(
        provinces=levels[Place.Level.PROVINCE],
        communes=levels[Place.Level.COMMUNE],
        former=len(entered_old),
        successions=successions,
    )
    if not loaded.is_nothing:
        facts = {
            name: getattr(loaded, name) for name in ("provinces", "communes", "former", "successions")
        } | {"source": nation.source}
        happening = Happening(kind="places.loaded", object_kind="places", object_id=new_id(), facts=facts)
        record(actor=SYSTEM, happening=happening, at=at)
    return loaded


def ensure_places(*, at: datetime) -> None:
    """Load the places unless there are some: for acts that need them."""
    if not Place.objects.exists():
        load_places(at=at)


def _enter(
    names: dict[Codes, str], *, valid_from: date | None, valid_to: date | None
) -> tuple[Known, list[Place]]:
    """All places of one time by their codes, and those that were missing; a level after the other."""
    there = Place.objects.filter(valid_from=valid_from, valid_to=valid_to)
    by_code = {place.code: place for place in there}
    known: Known = {codes: by_code[codes[-1]] for codes in names if codes[-1] in by_code}
    entered: list[Place] = []
    for depth in (1, 2, 3):
        missing = {codes: name for codes, name in names.items() if len(codes) == depth and codes not in known}
        places = [_place(codes, name, known, (valid_from, valid_to)) for codes, name in missing.items()]
        Place.objects.bulk_create(places, batch_size=_BATCH)
        known |= dict(zip(missing, places, strict=True))
        entered += places
    return known, entered


def _place(codes: Codes, name: str, known: Known, period: tuple[date | None, date | None]) -> Place:
    parent = known.get(codes[:-1])
    key = name_key(name)
    return Place(
        code=codes[-1],
        level=_LEVELS[len(codes[-1])],
        kind=kind_of(name),
        name=name,
        parent=parent,
        valid_from=period[0],
        valid_to=period[1],
        name_key=key,
        bare_key=bare(key),
        joined_key=bare(key).replace(" ", ""),
        search_text=f" {key}{parent.search_text if parent else ''}",
        sort_key=sort_key(own_name(name)),
    )


def _enter_successions(nation: NationData, old: Known, new: Known) -> int:
    there = set(PlaceSuccession.objects.values_list("old_id", "new_id"))
    predecessors = Counter(target for targets in nation.successions.values() for target in targets)
    rows = []
    for source, targets in nation.successions.items():
        for target in targets:
            pair = (old[source].pk, new[target].pk)
            if pair not in there:
                kind = _kind(old[source], new[target], len(targets), predecessors[target])
                rows.append(PlaceSuccession(old_id=pair[0], new_id=pair[1], kind=kind))
    PlaceSuccession.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def _kind(old: Place, new: Place, successors: int, predecessors: int) -> PlaceSuccession.Kind:
    if successors > 1:
        return PlaceSuccession.Kind.SPLIT
    if predecessors > 1:
        return PlaceSuccession.Kind.MERGED
    return PlaceSuccession.Kind.CONTINUED if old.name == new.name else PlaceSuccession.Kind.RENAMED
