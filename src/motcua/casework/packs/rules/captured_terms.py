"""Limit and fees of a captured procedure: what is certain as figures, the rest in the portal's words. Pure.

What is not certain (SOURCES.md of the data; vietnam.md 6.1): a time without a unit; a fee of 0, which often means
that the
province sets it; a fee below 1,000 đồng, which is mis-keyed; a fee of which the words beside it speak otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from motcua.foundation.kernel.text import fold
from motcua.foundation.worktime.limits import MOST

from .listed import limit_text

Content = Mapping[str, Any]
_UNITS = {"working_day": "wd", "day": "d", "hour": "wh", "month": "m"}
# Working hours a unit has at least, to tell which of several limits is the longest (a month 28 days, a week 5 of 7).
_HOURS = {"wh": 1.0, "wd": 8.0, "d": 8 * 5 / 7, "m": 8 * 20.0}
_CHANNELS = {"direct": "counter", "online": "online", "post": "post"}
LEAST_FEE = 1_000
_FREE, _UNKNOWN = "mien phi", "khong co thong tin"
# Words beside a figure under which it holds for some only, or is set elsewhere.
_UNCERTAIN = re.compile(
    r"\b(hoi dong nhan dan|hdnd|neu|doi voi|truong hop|toi da|toi thieu|theo quy dinh|tinh quy dinh)\b"
)
_MONEY = re.compile(r"\b(phi|dong|vnd|mien|thu|hdnd|hoi dong nhan dan)\b|%")
_AMOUNT = re.compile(r"[0-9][0-9.,]*[0-9]|[0-9]")
_FEE = {"vi": "Phí, lệ phí", "en": "Fee", "de": "Gebühr"}
_NOT_STATED = {
    "vi": "Không nêu; cơ quan tiếp nhận cho biết.",
    "en": "Not stated; the desk tells you.",
    "de": "Nicht angegeben; der Schalter nennt sie.",
}
_LONGEST_NOTE = 600
# What is said where no limit is stated; `limit`: what is promised then.
NOT_STATED_WORDS = {
    "vi": "Cơ sở dữ liệu quốc gia không nêu thời hạn. Tại đây tạm tính %(limit)s, cho đến khi cơ quan công bố "
    "thời hạn.",
    "en": "The national database states no limit. Here %(limit)s are counted until the agency publishes one.",
    "de": "Die nationale Datenbank nennt keine Frist. Hier zählen %(limit)s, bis die Behörde eine veröffentlicht.",
}


def limit_of(index: Content, local: Content) -> dict[str, Any]:
    """`value`: the longest limit that is stated, as it is kept in every case; None where none is. `stated`: all of
    them."""
    rows = [(it.get("time"), it.get("unit")) for it in local.get("channels") or ()]
    rows = rows or [(index.get("time_value"), index.get("time_unit"))]
    stated = list(dict.fromkeys(limit for row in rows if (limit := _limit(*row))))
    stated.sort(key=_hours, reverse=True)
    if not stated:
        return {"value": None, "source": "not stated", "stated": [], "text": {}}
    return {"value": stated[0], "source": "portal", "stated": stated, "text": _words(stated)}


def _limit(time: Any, unit: Any) -> str:
    """ "3wd"; "" for no time, a bare figure, a part of a unit."""
    try:
        count = float(time)
    except (TypeError, ValueError):
        return ""
    if unit not in _UNITS or not count.is_integer() or not 1 <= count <= MOST:
        return ""
    return f"{int(count)}{_UNITS[unit]}"


def _hours(limit: str) -> float:
    unit = limit.lstrip("0123456789")
    return int(limit.removesuffix(unit)) * _HOURS[unit]


def _words(stated: list[str]) -> dict[str, str]:
    longest = limit_text(stated[0])
    if len(stated) == 1:
        return longest
    others = [limit_text(it) for it in stated[1:4]]
    beside = {
        "vi": "Tùy trường hợp, có thể là",
        "en": "Depending on the case also",
        "de": "Je nach Fall auch",
    }
    return {
        language: f"{longest[language]} {beside[language]}: "
        + "; ".join(it[language].rstrip(".") for it in others)
        + "."
        for language in beside
    }


def fees_of(index: Content, local: Content) -> list[dict[str, Any]]:
    """A fee for each way of submitting; those that say the same together."""
    rows = list(_said(local)) or list(_said_in_index(index))
    merged: dict[str, dict[str, Any]] = {}
    for channel, said in rows:
        key = str(sorted(said.items(), key=str))
        held = merged.setdefault(key, {**said, "channels": []})
        held["channels"] += [channel] if channel not in held["channels"] else []
    # A way with several figures, of several cases: which of them holds is decided by somebody who knows the case.
    ways = [it["channels"] for it in merged.values()]
    unclear = {channel for way in ways for channel in way if sum(channel in it for it in ways) > 1}
    fees = []
    for said in merged.values():
        if "amount_vnd" in said and unclear & set(said["channels"]):
            amount = said.pop("amount_vnd")
            said["text"] = {"vi": said.pop("note") or f"{amount:,} đ".replace(",", ".")}
        said.pop("note", None)
        fees.append({"name": dict(_FEE), "kind": "charge", "source": "portal", **said})
    return fees or [{"name": dict(_FEE), "kind": "charge", "text": dict(_NOT_STATED), "source": "portal"}]


def _said(local: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in local.get("channels") or ():
        if row.get("channel") in _CHANNELS:
            note = " ".join(str(row.get("note") or "").split())[:_LONGEST_NOTE]
            amount = _certain(row, note)
            yield _CHANNELS[row["channel"]], _fee(amount, note)


def _certain(row: Content, note: str) -> int | None:
    """The amount in đồng where nothing beside it speaks against it."""
    folded = fold(note)
    if row.get("free_flag") is True and folded == _FREE:
        return 0
    headline = row.get("fee_headline")
    if not isinstance(headline, int) or isinstance(headline, bool) or headline < LEAST_FEE:
        return None
    amounts = {_amount(it.get("amount")) for it in row.get("fee_amounts") or ()}
    if amounts != {headline} or _UNCERTAIN.search(folded):
        return None
    # Another figure of money in the words beside it: which of them holds is not certain.
    told = {_amount(it) for it in _AMOUNT.findall(note)}
    return None if any(it and it >= LEAST_FEE and it != headline and it > 2100 for it in told) else headline


def _amount(text: Any) -> int:
    digits = re.sub(r"[.,\s]", "", str(text or ""))
    return int(digits) if digits.isdecimal() and len(digits) < 13 else 0


def _fee(amount: int | None, note: str) -> dict[str, Any]:
    if amount is not None:
        return {"amount_vnd": amount, "note": note}
    if not note or fold(note).startswith(_UNKNOWN):
        rest = note[len("Không có thông tin") :].strip() if note else ""
        return {"text": {"vi": rest} if _MONEY.search(fold(rest)) else dict(_NOT_STATED)}
    if not _MONEY.search(fold(note)):
        return {"text": dict(_NOT_STATED)}
    # The capture ran what stands below into the words.
    return {"text": {"vi": re.sub(r"^Miễn phí(?=[^\s.(])", "Miễn phí. ", note)}}


def _said_in_index(index: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    """The index has a headline alone: a figure of 1,000 đồng or more is shown as the portal's, never charged."""
    for channel, key in (("counter", "fee_direct"), ("online", "fee_online")):
        if amount := _amount(index.get(key)):
            shown = f"{amount:,} đ".replace(",", ".")
            yield channel, {"text": {"vi": shown}} if amount >= LEAST_FEE else {"text": dict(_NOT_STATED)}
