"""What an agency may say otherwise than published: a shorter limit, its province's fees. Pure.

Source: Decree 63/2010/NĐ-CP [M] and Decree 118/2025/NĐ-CP: an agency may promise less time than the law gives, never
take more; Circular 85/2019/TT-BTC and 106/2021/TT-BTC: most charges are set by the province's council (vietnam.md 6.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from motcua.foundation.worktime.limits import Limit, Unit, parse_limit

# A month has this many days, at least and at most; an office day this many hours.
SHORT_MONTH, LONG_MONTH, HOURS = 28, 31, 8
CHANNELS = ("online", "counter", "post")
# `set_by` of a fee that the law leaves to the province.
PROVINCE = "province"
Fee = Mapping[str, Any]


class Against(StrEnum):
    """How a limit stands against the published one."""

    SHORTER = "shorter"
    SAME = "same"
    LONGER = "longer"
    UNKNOWN = "unknown"


def compare_limits(own: str, published: str) -> Against:
    """Whether a limit is surely shorter, whatever day it begins. UNKNOWN where that depends on the calendar.

    "7d" is shorter than "10wd", as ten working days take ten days at least; "5wd" cannot be held against "7d", "
    "as holidays
    may stretch it. Raises UnreadableLimit.
    """
    mine, law = parse_limit(own), parse_limit(published)
    if mine == law:
        return Against.SAME
    if _most(mine, law.unit) is not None and _most(mine, law.unit) <= _least(law):  # type: ignore[operator]
        return Against.SHORTER
    if _most(law, mine.unit) is not None and _most(law, mine.unit) <= _least(mine):  # type: ignore[operator]
        return Against.LONGER
    return Against.UNKNOWN


def _least(limit: Limit) -> float:
    """What it gives at least, in its own unit; a same day is none of a day, months are days."""
    return {Unit.SAME_DAY: 0.5, Unit.MONTHS: float(SHORT_MONTH * limit.count)}.get(
        limit.unit, float(limit.count)
    )


def _most(limit: Limit, unit: Unit) -> float | None:
    """What it takes at most, counted in the unit of another; None where nobody can say."""
    count = limit.count
    known: dict[tuple[Unit, Unit], float] = {
        (Unit.WORKING_HOURS, Unit.WORKING_HOURS): count,
        (Unit.WORKING_HOURS, Unit.WORKING_DAYS): count / HOURS,
        (Unit.WORKING_DAYS, Unit.WORKING_HOURS): count * HOURS,
        (Unit.WORKING_DAYS, Unit.WORKING_DAYS): count,
        # Among so many days there are no more working days.
        (Unit.DAYS, Unit.WORKING_DAYS): count,
        (Unit.DAYS, Unit.DAYS): count,
        (Unit.DAYS, Unit.MONTHS): count,
        (Unit.MONTHS, Unit.WORKING_DAYS): count * LONG_MONTH,
        (Unit.MONTHS, Unit.DAYS): count * LONG_MONTH,
        # Of two limits in months that with fewer is shorter, however long they are.
        (Unit.MONTHS, Unit.MONTHS): count * SHORT_MONTH,
    }
    if limit.unit is Unit.SAME_DAY:
        return None if unit is Unit.WORKING_HOURS else 1
    return known.get((limit.unit, unit))


def shorter_of(own: str, published: str) -> str:
    """The offer's limit where it is surely shorter than the published one, else the published one."""
    return own if own and compare_limits(own, published) is Against.SHORTER else published


def decided_fees(
    fees: Iterable[Mapping[str, Any]], former: Sequence[Sequence[str]], *, on: date
) -> list[Mapping[str, Any]]:
    """The rows of an offer's fees that hold at a place on a day, those of a former territory before the general ones.

    A row: amount_vnd; channel, "" for all; territory, the code of a province or district of before 1 July 2025, "" for
    none; until, the first day on which it holds no more, "" without end; decision. former: for each former ward of the
    place the codes above it. A row of a territory counts where all of the place lay in it: of a place that was made of
    several, nobody knows from which of them somebody comes.
    """
    current = [it for it in fees if not it.get("until") or on < date.fromisoformat(it["until"])]
    own = [
        it for it in current if it.get("territory") and former and all(it["territory"] in up for up in former)
    ]
    # A district's (three digits) before its province's.
    own.sort(key=lambda it: -len(it["territory"]))
    if own:
        nearest = len(own[0]["territory"])
        return [it for it in own if len(it["territory"]) == nearest]
    return [it for it in current if not it.get("territory")]


def with_decided(fees: Sequence[Fee], decided: Sequence[Fee]) -> list[dict[str, Any]]:
    """Fees as procedure.yaml writes them, with what a province decided in place of what is left to it.

    fees: published. decided: rows of `decided_fees`. A published fee or row of a table that says `set_by: province` is
    what the decision is about; the others stay. Where none says so, the decision is about all of them.
    """
    if not any(_is_left(it) for it in fees):
        first: Fee = next(iter(fees), {})
        usual = {key: first[key] for key in ("name", "kind", "exemptions") if key in first}
        return [_decided(usual, row) for row in decided]
    found: list[dict[str, Any]] = []
    for fee in fees:
        if fee.get("set_by") == PROVINCE:
            found += [_decided(fee, row) for row in decided]
        elif _is_left(fee):
            found.append(_of_table(fee, None))
            found += [_of_table(fee, row) for row in decided]
        else:
            found.append(dict(fee))
    return found


def _is_left(fee: Fee) -> bool:
    """To the province, whole or in part."""
    rows = fee.get("table", {}).get("rows", ())
    return fee.get("set_by") == PROVINCE or any(it["then"].get("set_by") == PROVINCE for it in rows)


def _decided(published: Fee, row: Fee) -> dict[str, Any]:
    """One amount of the province, called, exempted and asked for under the conditions of the published fee."""
    made = {key: it for key, it in published.items() if key not in {"set_by", "text", "table", "amount_vnd"}}
    made.setdefault("name", {"vi": "Phí, lệ phí", "en": "Fee", "de": "Gebühr"})
    made.setdefault("kind", "charge")
    made |= {"amount_vnd": row["amount_vnd"], "source": row["decision"]}
    return made | ({"channels": [row["channel"]]} if row.get("channel") else {})


def _of_table(fee: Fee, row: Fee | None) -> dict[str, Any]:
    """A fee by a table: with one amount of the province alone, or, without `row`, with all that is not left to it."""
    table = dict(fee["table"])
    table["rows"] = [_row(it, row) for it in table["rows"]]
    made = {**fee, "table": table}
    return made | ({"channels": [row["channel"]]} if row and row.get("channel") else {})


def _row(published: Fee, row: Fee | None) -> dict[str, Any]:
    then = published["then"]
    is_left = then.get("set_by") == PROVINCE
    if is_left != (row is not None):
        return {**published, "then": {"applies": False}}
    if row is None:
        return dict(published)
    kept = {key: it for key, it in then.items() if key not in {"set_by", "text"}}
    return {**published, "then": {**kept, "amount_vnd": row["amount_vnd"], "source": row["decision"]}}
