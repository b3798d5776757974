"""Fees of a procedure as lists show them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def shown_fees(fees: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The fees of procedure.yaml; in the place of one that a decision table decides, one for each of its rows.

    A row brings what it decides (`name`, `amount_vnd`, `text`, `source`) and `because`. One that frees of it costs 0,
    one by which it does not apply is left out.
    """
    for fee in fees:
        rows = fee["table"]["rows"] if "table" in fee else [{"then": {}}]
        for row in rows:
            then = row["then"]
            if then.get("applies") is False:
                continue
            made = {key: it for key, it in fee.items() if key != "table"} | then
            if "exempt" in then:
                made["amount_vnd"] = 0
            yield made | ({"because": row["because"]} if row.get("because") else {})
