"""Follows the journal and keeps of every dossier what its evaluation needs. A replay gives the same rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID, uuid5

from motcua.foundation.journal.contributions import Consumer, SealedEntry
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.models import Measured, Part, column
from motcua.oversight.indicators.reading import bases_of, notes, sealed_of
from motcua.oversight.indicators.rules.following import KINDS, Facts, take
from motcua.oversight.indicators.rules.scoring import CODES, BadRules, measured, points_of, rules_on
from motcua.oversight.indicators.ruleset import load_rules

NAME = "indicators.evaluation"
_FACTS = tuple(it.name for it in fields(Facts) if it.name != "agency")
_COLUMNS = ("agency_path", *_FACTS, "finished_class", *map(column, CODES))
_CHUNK = 500


def handle(sealed: SealedEntry) -> None:
    """One entry."""
    handle_all([sealed])


def handle_all(sealed: Sequence[SealedEntry]) -> None:
    """Entries in order of position; what comes late (a dead letter) has its dossiers read again from the beginning."""
    acts = [it for it in sealed if not it.entry.facts.get("test")]
    rows = Measured.objects.in_bulk({it.entry.object_id for it in acts})
    late = {it.entry.object_id for it in acts if _is_late(it, rows)}
    _follow([it for it in acts if it.entry.object_id not in late], rows)
    if late:
        _rebuild(late, until=max(*(rows[pk].position for pk in late), sealed[-1].position))


def reset(position: int) -> None:
    """Back to what was known at a position."""
    later = Measured.objects.filter(position__gt=position)
    known = list(later.values_list("pk", flat=True)) if position else []
    Part.objects.filter(measured__position__gt=position).delete()
    later.delete()
    for start in range(0, len(known), _CHUNK):
        _rebuild(known[start : start + _CHUNK], until=position)


def _is_late(it: SealedEntry, rows: dict[UUID, Measured]) -> bool:
    row = rows.get(it.entry.object_id)
    return row is not None and it.position <= row.position


def _rebuild(dossiers: Collection[UUID], *, until: int) -> None:
    Part.objects.filter(measured__in=dossiers).delete()
    Measured.objects.filter(pk__in=dossiers).delete()
    _follow(sealed_of(dossiers, until=until), {})


def _follow(sealed: Sequence[SealedEntry], rows: dict[UUID, Measured]) -> None:
    known = {pk: _facts(row) for pk, row in rows.items()}
    before = {pk: facts.finished_at for pk, facts in known.items()}
    changed: dict[UUID, Facts] = {}
    for dossier, noted in notes(sealed):
        facts = changed.setdefault(dossier, known.get(dossier) or Facts())
        take(facts, noted)
    finished = {pk for pk, it in changed.items() if it.finished_at != before.get(pk)}
    for pk, basis in bases_of([pk for pk in finished if changed[pk].is_basis_elsewhere]).items():
        changed[pk].basis_at = basis
    _save(changed)
    _save_parts({pk: changed[pk] for pk in finished})


def _facts(row: Measured) -> Facts:
    return Facts(agency=row.agency_path, **{name: getattr(row, name) for name in _FACTS})


def _save(changed: dict[UUID, Facts]) -> None:
    rows = [
        Measured(
            dossier_id=pk,
            agency_path=facts.agency,
            **{name: getattr(facts, name) for name in _FACTS},
            **scores(facts, facts.steps),
        )
        for pk, facts in changed.items()
    ]
    Measured.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["dossier_id"], update_fields=_COLUMNS
    )


def _save_parts(finished: dict[UUID, Facts]) -> None:
    Part.objects.filter(measured__in=finished).delete()
    Part.objects.bulk_create(part for pk, facts in finished.items() for part in _parts(pk, facts))


def _parts(dossier: UUID, facts: Facts) -> Iterator[Part]:
    """Of each officer and of each unit that did a step in it; none while it is not finished."""
    for who in ("officer", "unit") if facts.finished_at else ():
        doers = {it[who]: it["agency"] for it in facts.steps if it[who]}
        for doer, agency in doers.items():
            yield Part(
                id=uuid5(dossier, doer),
                measured_id=dossier,
                **{f"{who}_id": UUID(doer)},
                agency_path=agency,
                finished_at=facts.finished_at,
                **scores(facts, own_steps(facts.steps, **{who: doer}), is_part=True),
            )


def own_steps(steps: Iterable[dict[str, str]], *, officer: str = "", unit: str = "") -> list[dict[str, str]]:
    """Those of an officer, or of a unit; all without either."""
    return [it for it in steps if officer in ("", it["officer"]) and unit in ("", it["unit"])]


def scores(facts: Facts, steps: Sequence[dict[str, str]], *, is_part: bool = False) -> dict[str, Any]:
    """Values of the columns of `Scored` but the moment; null before the dossier is finished."""
    nothing = {"finished_class": "", **{column(code): None for code in CODES}}
    if not facts.finished_at:
        return nothing
    try:
        rules = rules_on(load_rules(), local(facts.finished_at).date())
    except BadRules:
        # Older than the Circular: it is kept, and counted by nothing.
        return nothing
    values = measured(facts, steps)
    points = points_of(rules, values)
    counting = {it.code for it in rules.indices if it.officers or not is_part}
    return {
        "finished_class": values["class"] or "",
        **{column(code): points[code] if code in counting else None for code in CODES},
    }


CONSUMER = Consumer(name=NAME, handle=handle, handle_all=handle_all, kinds=frozenset(KINDS), reset=reset)
