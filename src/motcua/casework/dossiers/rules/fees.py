"""Which fees an application costs, from the procedure's own list. Pure.

Shown before submitting and on form 01, noted as paid at the counter; payment itself comes with the fees room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee. `amount_vnd` is None where the province sets it; `text` then says so. Texts by language."""

    name: Mapping[str, str]
    count: int
    unit_vnd: int | None
    text: Mapping[str, str] | None = None

    @property
    def amount_vnd(self) -> int | None:
        return None if self.unit_vnd is None else self.unit_vnd * self.count


def fee_lines(procedure: Mapping[str, Any], answers: Mapping[str, Any], *, on: date) -> list[FeeLine]:
    """The fees that apply to these answers on a day, in the procedure's order; [] when it has none."""
    lines = []
    for fee in procedure.get("fees", ()):
        count = _count(fee, answers)
        if count and _applies(fee.get("condition"), answers, on):
            lines.append(FeeLine(fee["name"], count, fee.get("amount_vnd"), fee.get("text")))
    return lines


def _count(fee: Mapping[str, Any], answers: Mapping[str, Any]) -> int:
    if "per" not in fee:
        return 1
    count = answers.get(fee["per"], 0)
    return count if isinstance(count, int) else 0


def _applies(condition: Mapping[str, Any] | None, answers: Mapping[str, Any], on: date) -> bool:
    if not condition:
        return True
    try:
        days = (on - date.fromisoformat(str(answers.get(condition["days_since"])))).days
    except ValueError:
        return False
    return condition.get("from", days) <= days <= condition.get("at_most", days)
