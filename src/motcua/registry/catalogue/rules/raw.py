"""Rows of the files with what was decided in place of what they say, in the files' own shape. Pure.

For programs that read the rows themselves, such as `casework.packs.captured`; what is kept is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from motcua.registry.catalogue.rules.captured import CHANNELS, UNITS
from motcua.registry.catalogue.rules.places import put, rows_of
from motcua.registry.catalogue.rules.shown import PROVINCE

Rows = Mapping[str, Mapping[str, Any]]
_RAW_CHANNELS = {ours: raw for raw, ours in CHANNELS.items()}
_RAW_UNITS = {ours: raw for raw, ours in UNITS.items()}


def with_decided(rows: Rows, decided: Iterable[tuple[str, Any]]) -> dict[str, dict[str, Any]]:
    """{"index": row, "local": row} with the decided values, by the places of `rules.places`; one may be missing.

    Places are those of the detailed row where there is one, else of the index.
    """
    found = {source: dict(row) for source, row in rows.items()}
    side = "local" if "local" in found else "index"
    for where, value in decided:
        change = _in_local if side == "local" else _in_index
        found[side] = change(found[side], where, value)
    return found


def _in_local(row: dict[str, Any], where: str, value: Any) -> dict[str, Any]:
    if where == "channels":
        return row | {"channels": [_bare(it["channel"]) for it in value]}
    key = where.rpartition(".")[2]
    if where.startswith("channels[") and key in {"limit", "fee"}:
        for at in (at for at in rows_of(where) if at < len(row["channels"])):
            changed = _limit(value) if key == "limit" else _fee(value)
            channels = list(row["channels"])
            channels[at] = {**channels[at], **changed}
            row = row | {"channels": channels}
        return row
    return put(row, where, value)


def _bare(channel: str) -> dict[str, Any]:
    return {
        "channel": _RAW_CHANNELS[channel],
        "time": None,
        "unit": None,
        "fee_headline": None,
        "fee_amounts": [],
        "note": "",
    }


def _limit(value: str) -> dict[str, Any]:
    """ "5wd" -> 5 working_day; the same day is a day's 8 working hours."""
    text = "8wh" if value == "sameday" else value
    figure = re.match(r"\d+", text)
    if not figure:
        return {"time": None, "unit": None}
    return {"time": float(figure.group()), "unit": _RAW_UNITS[text[figure.end() :]]}


def _fee(value: Any) -> dict[str, Any]:
    """The words beside a decided fee no longer count, but that the province sets it."""
    if value == "province":
        return {"fee_headline": None, "fee_amounts": [], "note": PROVINCE["vi"]}
    if value in ("", None):
        return {"fee_headline": None, "fee_amounts": [], "note": ""}
    return {"fee_headline": value, "fee_amounts": [], "note": "Miễn phí" if value == 0 else ""}


def _in_index(row: dict[str, Any], where: str, value: Any) -> dict[str, Any]:
    """The index has one limit and two fees, and lists as text."""
    if where == "channels":
        return row | {"channels": "|".join(_RAW_CHANNELS[it["channel"]] for it in value)}
    key = where.rpartition(".")[2]
    if where.startswith("channels[") and key == "limit":
        limit = _limit(value)
        return row | {
            "time_value": f"{limit['time']:g}" if limit["time"] else "",
            "time_unit": limit["unit"] or "",
        }
    if where.startswith("channels[") and key == "fee":
        names = row["channels"].split("|")
        fee = "" if value in (None, "province") else str(value)
        chosen = {names[at] for at in rows_of(where) if at < len(names)}
        return row | {f"fee_{name}": fee for name in ("direct", "online") if name in chosen}
    if where.startswith("results["):
        codes = row["result_codes"].split("|")
        for at in (at for at in rows_of(where) if at < len(codes)):
            codes[at] = value
        return row | {"result_codes": "|".join(codes)}
    return put(row, where, "|".join(value) if isinstance(value, list) else value)
