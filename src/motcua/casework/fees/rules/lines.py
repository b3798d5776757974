"""Which fees an application costs, from the procedure's own list. Pure.

A fee of procedure.yaml: `name`, `kind` (charge: lệ phí, fee: phí), `source`; `amount_vnd`, or `text` where the
province sets it; and what narrows it: `channels`, `if` (conditions over the answers), `condition` (days since a date
that was answered), `per` (a number that was answered, or a group whose rows count). `exemptions` name an answer
(`field`) and the `grounds` that free of it. A `table` (`kernel.tables`) decides the rest by rows; what a row's `then`
has (`name`, `amount_vnd`, `text`, `source`, `exempt`: words of a ground, `applies: false`) goes before the fee's own.
Source: Law on Fees and Charges 97/2015/QH13 art. 10 (exemptions).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.foundation.kernel.conditions import parse_conditions
from motcua.foundation.kernel.tables import decide, input_values, parse_table

ONLINE = "online"
# The channel of a dossier -> as procedures name it.
CHANNELS = {1: "counter", 2: ONLINE, 3: "post"}


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee. `unit_vnd` is None where the province sets it; `text` then says so. Texts by language.

    code: stable within a version of the procedure. exempt: the ground that frees of it, None for none.
    because: why it is this fee, where a table of the procedure says so.
    """

    code: str
    name: Mapping[str, str]
    count: int
    unit_vnd: int | None
    text: Mapping[str, str] | None = None
    source: str = ""
    exempt: Mapping[str, str] | None = None
    because: Mapping[str, str] | None = None

    @property
    def amount_vnd(self) -> int | None:
        """Whole đồng; None where the amount is not known here."""
        if self.exempt:
            return 0
        return None if self.unit_vnd is None else self.unit_vnd * self.count


def fee_lines(
    procedure: Mapping[str, Any], answers: Mapping[str, Any], *, on: date, channel: str = ONLINE
) -> list[FeeLine]:
    """The fees that apply to these answers on a day, in the procedure's order; [] when it has none."""
    lines = []
    for position, listed in enumerate(procedure.get("fees", ()), start=1):
        fee = _decided(listed, answers, on, channel)
        count = _count(fee, answers)
        if count and _applies(fee, answers, on, channel):
            lines.append(
                FeeLine(
                    code=str(fee.get("code", position)),
                    name=fee["name"],
                    count=count,
                    unit_vnd=fee.get("amount_vnd"),
                    text=fee.get("text"),
                    source=fee.get("source", ""),
                    exempt=fee.get("exempt") or _ground(fee, answers),
                    because=fee.get("because"),
                )
            )
    return lines


def _decided(fee: Mapping[str, Any], answers: Mapping[str, Any], on: date, channel: str) -> Mapping[str, Any]:
    """A fee with a table as the row says that counts; one that no row decides does not apply."""
    if "table" not in fee:
        return fee
    table = parse_table(fee["table"])
    row = decide(table, input_values(table, answers, on=on, given={"channel": channel}))
    return {**fee, "applies": False} if row is None else {**fee, **row.then, "because": row.because}


def _count(fee: Mapping[str, Any], answers: Mapping[str, Any]) -> int:
    if "per" not in fee:
        return 1
    counted = answers.get(fee["per"], 0)
    if isinstance(counted, list):
        return len(counted)
    return counted if isinstance(counted, int) else 0


def _applies(fee: Mapping[str, Any], answers: Mapping[str, Any], on: date, channel: str) -> bool:
    if fee.get("applies") is False or channel not in fee.get("channels", [channel]):
        return False
    if not all(condition.holds(answers) for condition in parse_conditions(fee.get("if", []))):
        return False
    return _within_days(fee.get("condition"), answers, on)


def _within_days(condition: Mapping[str, Any] | None, answers: Mapping[str, Any], on: date) -> bool:
    if not condition:
        return True
    try:
        days = (on - date.fromisoformat(str(answers.get(condition["days_since"])))).days
    except ValueError:
        return False
    return bool(condition.get("from", days) <= days <= condition.get("at_most", days))


def _ground(fee: Mapping[str, Any], answers: Mapping[str, Any]) -> Mapping[str, str] | None:
    exemptions = fee.get("exemptions")
    if not exemptions:
        return None
    claimed = answers.get(exemptions["field"])
    return next((it["name"] for it in exemptions["grounds"] if it["value"] == claimed), None)
