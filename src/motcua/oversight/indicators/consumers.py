"""Follows the journal, keeps of every dossier what its evaluation needs, and adds up. A replay gives the same rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from motcua.foundation.journal.contributions import Consumer, SealedEntry
from motcua.foundation.kernel.rows import insert_many, plain_rows
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.booking import book, forget
from motcua.oversight.indicators.models import Measured, Part, column
from motcua.oversight.indicators.reading import basis_of, letters_of, notes, sealed_of
from motcua.oversight.indicators.rules.booking import Books, Standing, standing_of
from motcua.oversight.indicators.rules.following import KINDS, Facts, take
from motcua.oversight.indicators.rules.scoring import CODES, BadRules, measured, points_of, rules_on
from motcua.oversight.indicators.ruleset import load_rules

NAME = "indicators.evaluation"
_FACTS = tuple(it.name for it in fields(Facts) if it.name != "agency")
_CHUNK = 500
_new_measured, _new_part = plain_rows(Measured), plain_rows(Part)


def handle(sealed: SealedEntry) -> None:
    """One entry."""
    handle_all([sealed])


def handle_all(sealed: Sequence[SealedEntry]) -> None:
    """Entries in order of position; what comes late (a dead letter) has its dossiers read again from the beginning."""
    acts = [it for it in sealed if not it.entry.facts.get("test")]
    rows = Measured.objects.in_bulk({it.entry.object_id for it in acts})
    late = {it.entry.object_id: rows[it.entry.object_id] for it in acts if _is_late(it, rows)}
    books = Books()
    _follow([it for it in acts if it.entry.object_id not in late], rows, books)
    if late:
        skipped, now = letters_of(NAME), {it.position for it in acts}
        _take_back(late, skipped | now, books)
        _follow(
            _followed(late, skipped - now, until=max(now | {it.position for it in late.values()})), {}, books
        )
    book(books)


def reset(position: int) -> None:
    """Back to what was known at a position."""
    if not position:
        forget()
        return
    skipped = letters_of(NAME)
    known = list(Measured.objects.filter(position__gt=position).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(known), _CHUNK):
        rows, books = Measured.objects.in_bulk(known[start : start + _CHUNK]), Books()
        _take_back(rows, skipped, books)
        _follow(_followed(rows, skipped, until=position), {}, books)
        book(books)


def _is_late(it: SealedEntry, rows: dict[UUID, Measured]) -> bool:
    row = rows.get(it.entry.object_id)
    return row is not None and it.position <= row.position


def _take_back(rows: Mapping[UUID, Measured], skipped: Collection[int], books: Books) -> None:
    """Forget dossiers, and take out of the books all that was booked as they were followed."""
    until = max((it.position for it in rows.values()), default=0)
    sealed = _followed(rows, skipped, until=until)
    trace([it for it in sealed if it.position <= rows[it.entry.object_id].position], {}, books, sign=-1)
    _delete(Part, "measured_id", rows.keys())
    _delete(Measured, "dossier_id", rows.keys())


def _followed(dossiers: Collection[UUID], skipped: Collection[int], *, until: int) -> list[SealedEntry]:
    """Their entries up to a position but those that could not be handled."""
    return [it for it in sealed_of(dossiers, until=until) if it.position not in skipped]


def trace(
    sealed: Sequence[SealedEntry], known: Mapping[UUID, Facts], books: Books, *, sign: int = 1
) -> dict[UUID, Facts]:
    """What these entries make of the dossiers, booked entry by entry."""
    changed: dict[UUID, Facts] = {}
    standing: dict[UUID, Standing] = {}
    for dossier, noted in notes(sealed):
        if dossier not in changed:
            changed[dossier] = known.get(dossier) or Facts()
            standing[dossier] = standing_of(changed[dossier])
        facts, before = changed[dossier], standing[dossier]
        was_finished = facts.finished_at
        take(facts, noted)
        if facts.is_basis_elsewhere and facts.finished_at and not was_finished:
            facts.basis_at = basis_of(dossier)
        standing[dossier] = standing_of(facts)
        books.move(before, standing[dossier], sign)
    return changed


def _follow(sealed: Sequence[SealedEntry], rows: Mapping[UUID, Measured], books: Books) -> None:
    known = {pk: facts_of(row) for pk, row in rows.items()}
    before = {pk: facts.finished_at for pk, facts in known.items()}
    changed = trace(sealed, known, books)
    _save(changed, known)
    _save_parts({pk: it for pk, it in changed.items() if it.finished_at != before.get(pk)}, known)


def facts_of(row: Measured) -> Facts:
    return Facts(agency=row.agency_path, **{name: getattr(row, name) for name in _FACTS})


def _save(changed: Mapping[UUID, Facts], known: Collection[UUID]) -> None:
    """What was known goes: its parts stay, as their foreign key is looked at after the new row is there."""
    _delete(Measured, "dossier_id", changed.keys() & set(known))
    insert_many(
        Measured,
        (
            _new_measured(
                dossier_id=pk,
                agency_path=facts.agency,
                **{name: getattr(facts, name) for name in _FACTS},
                **scores(facts, facts.steps),
            )
            for pk, facts in changed.items()
        ),
    )


def _save_parts(finished: Mapping[UUID, Facts], known: Collection[UUID]) -> None:
    _delete(Part, "measured_id", finished.keys() & set(known))
    insert_many(Part, (part for pk, facts in finished.items() for part in _parts(pk, facts)))


def _delete(model: type[Any], column: str, dossiers: Collection[UUID]) -> None:
    """Not by the models, which would read what is deleted."""
    if dossiers:
        statement = f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY(%s)"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, [sorted(dossiers)])


def _parts(dossier: UUID, facts: Facts) -> Iterator[Any]:
    """Of each officer and of each unit that did a step in it; none while it is not finished."""
    for who in ("officer", "unit") if facts.finished_at else ():
        doers = {it[who]: it["agency"] for it in facts.steps if it[who]}
        for doer, agency in doers.items():
            yield _new_part(
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
    if not facts.finished_at:
        return {"finished_class": "", **{column(code): None for code in CODES}}
    values = measured(facts, steps)
    points = _points(local(facts.finished_at).date(), tuple(values.items()), is_part)
    return {"finished_class": values["class"] or "", **points}


@lru_cache(maxsize=4_096)
def _points(
    on: date, values: tuple[tuple[str, str | int | None], ...], is_part: bool
) -> Mapping[str, int | None]:
    """By column. Many dossiers of a day measure the same, and the rules are those of the pack."""
    try:
        rules = rules_on(load_rules(), on)
    except BadRules:
        # Older than the Circular: it has no points.
        return {column(code): None for code in CODES}
    points = points_of(rules, dict(values))
    counting = {it.code for it in rules.indices if it.officers or not is_part}
    return {column(code): points[code] if code in counting else None for code in CODES}


CONSUMER = Consumer(name=NAME, handle=handle, handle_all=handle_all, kinds=frozenset(KINDS), reset=reset)
