"""Doubtful names, codes, levels, numbers and lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.rules.captured import Content
from motcua.registry.catalogue.rules.codes import parse_code
from motcua.registry.catalogue.rules.doubtful import Doubtful
from motcua.registry.catalogue.rules.places import place

RESULT = re.compile(r"KQ\.[A-Z]\d{2}\.\d{5,6}", re.ASCII)
MOST_ORIGINALS = 9
_RESULT_IN = re.compile(r"(KQ\.[A-Z]\d{2}\.\d{6})[A-Z.]+", re.ASCII)
_LEVELS = {"trung uong": "ministry", "bo": "ministry", "tinh": "province", "xa": "commune"}
_LEVEL = re.compile(r"\(?\bcap (trung uong|bo|tinh|xa)\)?$")
_DISTRICT = re.compile(r"\bcap huyen\b")
_LIST = re.compile(r"cong bo danh muc|quy trinh noi bo")
_DECISION = re.compile(r"\d+[a-z]?/QĐ-[A-ZĐ0-9]+(-[A-ZĐ0-9]+)*")
_ONE_PROVINCE = re.compile(r"(?: -)? (?:[Tt]hành phố|[Tt]ỉnh) (?!Sở)[A-ZĐ]\w+ [A-ZĐ]\w+(?: Minh)?")
_CUSTOMS = "hai quan"
# The capture took numbers of documents and the text around them together: the year of a date before
# ("202437/2024/QH15"), the first letters of the next word ("47/2019/TT-BTCL"), the next number ("54/2014/QH1354").
_GLUED = re.compile(
    r"(?:(?:19|20)\d{2}(?=\d{1,3}[a-z]?/(?:19|20)\d{2}/))?"
    r"(?P<number>(?:\d{1,5}[a-z]?/)?(?:(?:19|20)\d{2}/)?"
    r"(?:(?:PL-)?(?:UBTV)?QH\d{2}|(?:NĐ|NQ)-CP|QĐ-TTg?"
    r"|(?:TT|QĐ)-(?:BTC|BTP|BTNMT|BNNMT|BNNPTNT|BCA|BXD|BGTVT|NHNN|BQP|BYT|BKHĐT|BKHCN|BNV|BCT|BLĐTBXH|BVHTTDL|BTTTT|BHXH|VPCP|UBND)"
    r"|[A-ZĐ]+(?:-[A-ZĐ]+)+))"
    r"(?:LU|QUY|TH|TT|NGH|BAN|-?[LNTVQSPCBKHGDĐ]|(?P<next>\d{1,5}))?"
)
_FRAGMENT = re.compile(r"(?:19|20)\d{2}/.+")


def result_codes(content: Content) -> Iterator[Doubtful]:
    """Codes that are none: agency codes, "TP", bare numbers. Form: vietnam.md 2.3."""
    if not content["results"]:
        yield Doubtful("result_missing", "results", [])
    for at, row in enumerate(content["results"]):
        if not RESULT.fullmatch(row["code"]):
            inner = _RESULT_IN.fullmatch(row["code"])
            guess = inner[1] if inner else None
            where = place("results", [at], "code")
            yield Doubtful("result_code", where, row["code"], row["name"], guess, "rule" if guess else "")


def levels(content: Content) -> Iterator[Doubtful]:
    """Customs marked "commune", a level in the name that is not among the levels, districts since 1 July 2025."""
    held = content["levels"]
    if fold(content["sector"]) == _CUSTOMS and "commune" in held:
        rest = [it for it in held if it not in {"commune", "province"}] or ["ministry"]
        yield Doubtful("level_customs", "levels", held, content["agency"], rest, "rule")
        return
    name = fold(content["name"])
    named = _LEVEL.search(name)
    if named and _LEVELS[named[1]] not in held:
        yield Doubtful("level_words", "levels", held, content["name"], [_LEVELS[named[1]]], "words")
    for words in (content["name"], content["agency"]):
        if _DISTRICT.search(fold(words)):
            yield Doubtful("level_abolished", "levels", held, words)
            return


def names(content: Content) -> Iterator[Doubtful]:
    """The title of a provincial decision in place of a procedure's name."""
    if _LIST.search(fold(content["name"])):
        yield Doubtful("name_list", "name", content["name"])


def agencies(content: Content) -> Iterator[Doubtful]:
    """None, the same twice, or one province's in a procedure of the whole nation."""
    agency = content["agency"]
    words = agency.split()
    half = len(words) // 2
    if not words:
        yield Doubtful("agency_missing", "agency", "")
    elif half and words[:half] == words[half:]:
        yield Doubtful("agency_twice", "agency", agency, guess=" ".join(words[:half]), why="rule")
    elif _ONE_PROVINCE.search(agency) and not _publisher(content):
        yield Doubtful("agency_local", "agency", agency, guess=_ONE_PROVINCE.sub("", agency), why="rule")


def _publisher(content: Content) -> str:
    code = parse_code(content["code"])
    return code.publisher if code else ""


def decisions(content: Content) -> Iterator[Doubtful]:
    """The decision that published it. Form: Decree 30/2020/NĐ-CP, number/QĐ-issuer."""
    said = content["decision"]
    if _DECISION.fullmatch(said):
        return
    mended = re.sub(r"^(?:số|SỐ)\s*", "", said).replace("/QD-", "/QĐ-").replace("./", "/").strip()
    guess = mended if _DECISION.fullmatch(mended) else None
    yield Doubtful("decision_form", "decision", said, guess=guess, why="rule" if guess else "")


def channels(content: Content) -> Iterator[Doubtful]:
    if not content["channels"]:
        yield Doubtful("channels_missing", "channels", [])


def documents(content: Content) -> Iterator[Doubtful]:
    """None at all; and numbers of originals that took the year before them along: "2026" and "1" as 20261."""
    if not content["documents"] and not content["documents_count"]:
        yield Doubtful("documents_missing", "documents", [])
    groups: dict[int, list[int]] = {}
    for at, row in enumerate(content["documents"]):
        if row["originals"] > MOST_ORIGINALS:
            groups.setdefault(row["originals"], []).append(at)
    for number, rows in groups.items():
        where, name = place("documents", rows, "originals"), content["documents"][rows[0]]["name"]
        yield Doubtful("originals", where, number, name, number % 10, "rule")


def legal_numbers(content: Content) -> Iterator[Doubtful]:
    """Numbers of legal documents that run into each other, all those of a procedure as one doubt."""
    held = content["legal_basis"]
    if not held and content["documents"]:
        yield Doubtful("legal_missing", "legal_basis", [])
    mended = mend_numbers(held)
    if set(mended) != set(held):
        wrong = [it for it in held if it not in mended]
        yield Doubtful("legal_number", "legal_basis", held, "; ".join(wrong), mended, "rule")


def mend_numbers(numbers: list[str]) -> list[str]:
    """Each number once, without what was glued to it: ["54/2014/QH1354", "2014/QH13"] -> ["54/2014/QH13"]."""
    whole: list[str] = []
    carried = ""
    for number in numbers:
        joined = f"{carried}/{number}" if carried and _FRAGMENT.fullmatch(number) else number
        found = _GLUED.fullmatch(joined)
        carried = (found["next"] or "") if found else ""
        mended = found["number"] if found else joined
        mended = f"{mended}g" if mended.endswith("QĐ-TT") else mended
        is_piece = _FRAGMENT.fullmatch(mended) and any(it.endswith(f"/{mended}") for it in whole)
        if not is_piece and mended not in whole:
            whole.append(mended)
    return whole
