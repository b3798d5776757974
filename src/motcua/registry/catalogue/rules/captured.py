"""What the portal's two files say of a procedure, in one shape. Pure.

`Content`, as `merged` makes it: `code`, `name`, `levels`, `sector`, `ministry`, `agency`, `decision`,
`kind`, `audience`, `url`, `legal_basis` as read; `channels`: rows of `channel` ("online", "counter", "post"), `time`
and `unit` as read, `limit` ("5wd", "" where the portal states none or no unit), `fee` (VND as int, "10 USD", None),
`amounts` (VND named beside it), `words` (what stands in brackets after the fee), `more` (what follows them);
`results`: rows of `code`, `name`; `documents`: rows of `name`, `originals`, `copies`, `case`; `documents_count`.
Source of both shapes: SOURCES.md beside the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

Content = dict[str, Any]
CHANNELS = {"online": "online", "post": "post", "direct": "counter"}
UNITS = {"working_day": "wd", "day": "d", "month": "m", "hour": "wh"}
# Where the capture cut long texts: a note, a document's name, its case.
NOTE_CUT, NAME_CUT, CASE_CUT = 250, 400, 200
_PLAIN = ("code", "name", "levels", "sector", "ministry", "agency", "decision", "audience", "url")
_HEADLINE = re.compile(r"(?:Miễn phí|Không có thông tin|[\d.,]+ ?(?:VNĐ|Việt Nam Đồng|Đồng|USD))\s*")


def merged(index: Mapping[str, Any] | None, local: Mapping[str, Any] | None) -> Content:
    """One content of what was captured, the detailed file first; at least one of them is given.

    index: typed by `rules.rows.typed_index`; local: as read.
    """
    main = local or index or {}
    content = {key: main[key] for key in _PLAIN} | {"kind": main.get("kind", "")}
    content["documents_count"] = int((index or {}).get("documents_count", len(main.get("documents", ()))))
    if local:
        return content | {
            "channels": [_channel(row) for row in local["channels"]],
            "results": [{"code": row["code"] or "", "name": row["name"]} for row in local["results"]],
            "documents": [dict(row) for row in local["documents"]],
            "legal_basis": list(local["legal_basis"]),
        }
    return content | {
        "channels": [_index_channel(name, main) for name in main["channels"]],
        "results": [
            {"code": code, "name": name}
            for code, name in zip_longest(main["result_codes"], main["result_names"], fillvalue="")
        ],
        "documents": [],
        "legal_basis": [],
    }


def _channel(row: Mapping[str, Any]) -> dict[str, Any]:
    words, more = note_parts(row["note"])
    amounts = [_amount(it["amount"]) for it in row["fee_amounts"] if it["currency"] == "VND"]
    return {
        "channel": CHANNELS[row["channel"]],
        "time": row["time"],
        "unit": row["unit"],
        "limit": limit_value(row["time"], row["unit"]),
        "fee": row["fee_headline"],
        "amounts": [it for it in amounts if it],
        "words": words,
        "more": more,
        "is_cut": len(row["note"]) >= NOTE_CUT,
    }


def _index_channel(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    fee = {"direct": row["fee_direct"], "online": row["fee_online"]}.get(name, row["fee_direct"])
    return {
        "channel": CHANNELS[name],
        "time": row["time_value"],
        "unit": row["time_unit"],
        "limit": limit_value(row["time_value"], row["time_unit"]),
        "fee": fee,
        "amounts": [],
        "words": "",
        "more": "",
        "is_cut": False,
    }


def limit_value(time: float | None, unit: str | None) -> str:
    """As worktime writes limits: 5 working days -> "5wd"; "" without a figure, a unit or a whole positive number."""
    if time is None or unit is None or time <= 0 or time != int(time):
        return ""
    return f"{int(time)}{UNITS[unit]}"


def note_parts(note: str) -> tuple[str, str]:
    """The words in brackets after a fee, and what follows: "20 VNĐ(20.000 đ/tờ khai)Nộp tại ..."."""
    rest = note.strip()
    found = _HEADLINE.match(rest)
    rest = rest[found.end() :] if found else rest
    if not rest.startswith("("):
        return "", rest.strip()
    depth = 0
    for at, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return _bare(rest[: at + 1]), rest[at + 1 :].strip()
    return _bare(rest), ""


def _bare(words: str) -> str:
    """Without the brackets around it: "((x))" -> "x"."""
    while words.startswith("("):
        words = words[1:-1].strip() if words.endswith(")") else words[1:].strip()
    return words.strip()


def _amount(text: str) -> int:
    """ "20,000" and "20.000" -> 20000; 0 for what is no amount."""
    figures = re.sub(r"[.,\s]", "", text)
    return int(figures) if figures.isascii() and figures.isdecimal() and len(figures) < 16 else 0
