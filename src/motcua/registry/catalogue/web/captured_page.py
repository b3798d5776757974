"""What the public page of an imported procedure shows: the portal's words, what was decided, and honest doubts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.registry.catalogue.doubts import CapturedProcedure
from motcua.registry.catalogue.rules.captured import CASE_CUT, NAME_CUT
from motcua.registry.catalogue.rules.places import rows_of
from motcua.registry.catalogue.web.doubt_words import fee_words
from motcua.registry.catalogue.words import channel_words, level_words, limit_words

# Beside a value in doubt, for people who want to apply.
NOTES: Mapping[str, Promise] = {
    "unit_missing": gettext_lazy("The portal states no unit. Ask at the counter how long it takes."),
    "limit_odd": gettext_lazy("The portal says so; it is being checked."),
    "limit_words": gettext_lazy("The portal's words beside it say something else; it is being checked."),
    "fee_zero_province": gettext_lazy("The portal shows 0; its words leave the fee to the province."),
    "fee_zero_words": gettext_lazy("The portal shows 0; its words name a fee. Ask at the counter."),
    "fee_thousands": gettext_lazy("The portal shows this amount; probably its thousands are missing."),
    "fee_words": gettext_lazy("The portal's words beside it name another amount; it is being checked."),
    "result_code": gettext_lazy("The code is malformed on the portal."),
    "originals": gettext_lazy("The number on the portal is wrong; it is being checked."),
    "level_customs": gettext_lazy("The portal says so, probably by mistake."),
    "level_words": gettext_lazy("The name on the portal says another level."),
    "level_abolished": gettext_lazy("The portal names the district, which there is no longer."),
    "name_list": gettext_lazy("The portal shows the title of a decision where the name belongs."),
    "agency_local": gettext_lazy("The portal names the agency of one province; here it is the one of yours."),
    "documents_missing": gettext_lazy("The portal lists no documents. Ask at the counter what is needed."),
    "documents_cut": gettext_lazy("The portal lists more documents than were captured; see its page."),
    "legal_number": gettext_lazy("The numbers run into each other on the portal; it is being checked."),
}


def captured_page(captured: CapturedProcedure) -> dict[str, Any]:
    """The variables of catalogue/_captured.html."""
    content, notes = captured.content, _notes(captured)
    return {
        "rows": _ways(content["channels"], notes),
        "has_words": any(row["words"] or row["more"] for row in content["channels"]),
        "results": [
            {**row, "note": notes.get(("results", at, "code"), "")}
            for at, row in enumerate(content["results"])
        ],
        "cases": _cases(content["documents"], notes),
        "documents_note": _of_lists(captured),
        "agency": content["agency"],
        "agency_note": notes.get(("agency", -1, ""), ""),
        "audience": content["audience"],
        "levels": [level_words(level) for level in content["levels"]],
        "levels_note": notes.get(("levels", -1, ""), ""),
        "name_note": notes.get(("name", -1, ""), ""),
        "legal_basis": content["legal_basis"],
        "legal_note": notes.get(("legal_basis", -1, ""), ""),
        "read_at": captured.read_at,
        "url": content["url"],
    }


def _notes(captured: CapturedProcedure) -> dict[tuple[str, int, str], str]:
    """Notes by list, row and key; row -1 for a value of the procedure itself."""
    notes: dict[tuple[str, int, str], str] = {}
    for kind, place in captured.doubts:
        if kind in NOTES:
            name, key = place.partition("[")[0], place.rpartition(".")[2] if "[" in place else ""
            for row in rows_of(place) or (-1,):
                notes[name, row, key] = str(NOTES[kind])
    return notes


def _of_lists(captured: CapturedProcedure) -> str:
    kinds = [kind for kind, _place in captured.doubts if kind in {"documents_missing", "documents_cut"}]
    return str(NOTES[kinds[0]]) if kinds else ""


def _ways(
    rows: Iterable[Mapping[str, Any]], notes: Mapping[tuple[str, int, str], str]
) -> list[dict[str, Any]]:
    """A row for the channels for which all is the same."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for at, row in enumerate(rows):
        way = _way(row, at, notes)
        known = found.setdefault(tuple(way.values()), way | {"channels": []})
        known["channels"] = list(dict.fromkeys([*known["channels"], channel_words(row["channel"])]))
    return list(found.values())


def _way(row: Mapping[str, Any], at: int, notes: Mapping[tuple[str, int, str], str]) -> dict[str, Any]:
    limit = limit_words(row["limit"]) if row["limit"] else ""
    if not limit and row["time"]:
        limit = f"{row['time']:g}"
    end = " …" if row["is_cut"] else ""
    return {
        "limit": limit or _("Not stated on the portal"),
        "limit_note": notes.get(("channels", at, "limit"), ""),
        "fee": fee_words(row["fee"]) if row["fee"] is not None else _("Not stated on the portal"),
        "fee_note": notes.get(("channels", at, "fee"), ""),
        "words": row["words"] + (end if not row["more"] and row["words"] else ""),
        "more": row["more"] + (end if row["more"] else ""),
    }


def _cases(
    documents: Iterable[Mapping[str, Any]], notes: Mapping[tuple[str, int, str], str]
) -> list[dict[str, Any]]:
    numbered = [
        {
            "case": _cut(row["case"], CASE_CUT),
            "name": _cut(row["name"].strip(" ;"), NAME_CUT),
            "count": _count(row, ("documents", at, "originals") in notes),
            "note": notes.get(("documents", at, "originals"), ""),
        }
        for at, row in enumerate(documents)
        if row["name"].strip(" ;.-")
    ]
    return [
        {"case": case, "documents": list(rows)}
        for case, rows in groupby(numbered, key=lambda row: row["case"])
    ]


def _count(row: Mapping[str, Any], is_doubtful: bool) -> str:
    originals = 0 if is_doubtful else row["originals"]
    parts = [_("originals: %(count)d") % {"count": originals}] if originals else []
    parts += [_("copies: %(count)d") % {"count": row["copies"]}] if row["copies"] else []
    return ", ".join(parts)


def _cut(text: str, most: int) -> str:
    return f"{text} …" if len(text) >= most else text
