"""Values in what was captured that may be wrong, each with a guess where the file itself allows one. Pure.

Nothing is corrected here. Source of the rules: SOURCES.md beside the data, "Known defects", and the data itself; the
counts of July 2026 are in docs/catalogue.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.registry.catalogue.rules import doubting_fees, doubting_limits, doubting_words
from motcua.registry.catalogue.rules.captured import Content
from motcua.registry.catalogue.rules.doubtful import Doubtful

# What is entered instead of a doubtful value of a kind: see `rules.entering`; "" where it can only be confirmed.
FORMS: Mapping[str, str] = {
    "unit_missing": "limit",
    "limit_missing": "limit",
    "limit_odd": "limit",
    "limit_words": "limit",
    "fee_zero_province": "fee",
    "fee_zero_words": "fee",
    "fee_thousands": "fee",
    "fee_words": "fee",
    "result_code": "code",
    "result_missing": "",
    "level_customs": "levels",
    "level_words": "levels",
    "level_abolished": "levels",
    "name_list": "text",
    "agency_missing": "text",
    "agency_twice": "text",
    "agency_local": "text",
    "decision_form": "text",
    "channels_missing": "channels",
    "documents_missing": "",
    "documents_cut": "",
    "originals": "count",
    "legal_missing": "lines",
    "legal_number": "lines",
    "sources_disagree": "",
}
_Rule = Callable[[Content], Iterator[Doubtful]]
_RULES: tuple[_Rule, ...] = (
    doubting_limits.units_missing,
    doubting_limits.limits_missing,
    doubting_limits.odd_limits,
    doubting_limits.limits_beside_words,
    doubting_fees.zero_fees,
    doubting_fees.thousands,
    doubting_fees.fees_beside_words,
    doubting_words.result_codes,
    doubting_words.levels,
    doubting_words.names,
    doubting_words.agencies,
    doubting_words.decisions,
    doubting_words.channels,
    doubting_words.documents,
    doubting_words.legal_numbers,
)
# Of the procedure itself in both files; what stands in rows is shortened differently in each.
_COMPARED = ("name", "levels", "sector", "ministry", "agency", "decision", "audience", "url")


@dataclass(frozen=True, slots=True)
class Sides:
    """Both files' rows, typed (`rules.rows`); None where a file does not have the procedure."""

    index: Mapping[str, Any] | None
    local: Mapping[str, Any] | None


def find_doubts(content: Content, sides: Sides) -> list[Doubtful]:
    """Every doubtful value, at most one a kind and place. content: `captured.merged` of both sides."""
    found = [doubt for rule in _RULES for doubt in rule(content)]
    return found + list(_disagreements(sides))


def _disagreements(sides: Sides) -> Iterator[Doubtful]:
    index, local = sides.index, sides.local
    if not index or not local:
        return
    for key in _COMPARED:
        if index[key] != local[key]:
            yield Doubtful("sources_disagree", key, local[key], guess=index[key], why="index")
    if index["documents_count"] != len(local["documents"]):
        yield Doubtful("documents_cut", "documents_count", len(local["documents"]), index["documents_count"])
    if local["channels"] and index["time_value"] is not None:
        stated = {(row["time"], row["unit"]) for row in local["channels"]}
        if (index["time_value"], index["time_unit"]) not in stated:
            said = f"{index['time_value']:g} {index['time_unit'] or ''}".strip()
            yield Doubtful("sources_disagree", "time", local["channels"][0]["time"], said)
