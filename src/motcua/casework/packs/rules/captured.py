"""A procedure as the national portal's files have it, as the procedure.yaml it would have. Pure.

The files are described in docs/catalogue.md. Their texts are Vietnamese and stay so: a text here has "vi" alone
unless its words are ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from motcua.foundation.kernel.text import fold

from .captured_papers import papers_of
from .captured_terms import fees_of, limit_of
from .listed import LEAD, STEPS

Content = Mapping[str, Any]
_RESULT = re.compile(r"KQ\.[A-Z][0-9]{2}\.[0-9]{5,6}")
_LEVELS = ("commune", "province")
# Where no result, or none with a code that is one, is named there. Z is for organisations that are no agency (Decision
# 20/2020/QĐ-TTg): no national result has this code.
_SOME_RESULT = {
    "code": "KQ.Z00.000000",
    "name": {"vi": "Kết quả giải quyết", "en": "Decision", "de": "Entscheidung"},
}
# Beginning of the portal's words for who may apply -> in whose name one may here. What is left out applies as
# somebody else.
_APPLICANTS = (
    ("công dân", "citizen"),
    ("người", "citizen"),
    ("cán bộ", "citizen"),
    ("đảng viên", "citizen"),
    ("doanh nghiệp", "enterprise"),
    ("hợp tác xã", "cooperative"),
    ("tổ chức", "organisation"),
)
_CHANNELS = {"direct": "counter", "online": "online", "post": "post"}


def procedure_of_captured(captured: Mapping[str, Content | None]) -> dict[str, Any]:
    """The parsed procedure.yaml of {"index": row of the index, "local": row in detail}; either may be missing.

    `limit.value` is None where none is stated: what is promised then stands in packs/vn/imported.yaml. `decided`: at
    which
    levels of local government, under which ministry, by whom in the portal's words. Raises ValueError without any row.
    """
    index, local = captured.get("index") or {}, captured.get("local") or {}
    if not index and not local:
        raise ValueError("nothing was captured of it")
    name = _line(local.get("name") or index.get("name"))
    levels = levels_of(index, local)
    papers, notes = papers_of(local.get("documents") or ())
    return {
        "code": str(local.get("code") or index.get("code")),
        "name": {"vi": name},
        "official_name": name,
        "lead": dict(LEAD),
        "everyday_words": {},
        "sector": _line(local.get("sector") or index.get("sector")),
        "level": levels[0],
        "levels": levels,
        "channels": channels_of(index, local),
        "applicants": applicants_of(audience_of(index, local)),
        "life_events": [],
        "agency": {"vi": _line(local.get("agency") or index.get("agency"))},
        "publication": {
            "decision": _line(local.get("decision") or index.get("decision")),
            "source": "portal",
            "url": _url(local.get("url") or index.get("url")),
        },
        "who_may_apply": {"text": {"vi": "; ".join(audience_of(index, local)) or "–"}, "source": "portal"},
        "legal_basis": [
            {"number": number, "name": "", "source": "portal"}
            for number in laws_of(local.get("legal_basis") or ())
        ],
        "limit": limit_of(index, local),
        "fees": fees_of(index, local),
        "results": results_of(index, local),
        "components": papers,
        "notes": notes,
        "steps": [dict(step) for step in STEPS],
        "result": {"language": "vi"},
        "captured": True,
        "decided": {
            "levels": [level for level in _LEVELS if level in levels],
            "ministry": str(local.get("ministry") or index.get("ministry") or ""),
        },
    }


def levels_of(index: Content, local: Content) -> list[str]:
    """At which levels it is handled, as the files order them; ["other"] where they say nothing."""
    return list(local.get("levels") or _parts(index.get("levels"))) or ["other"]


def audience_of(index: Content, local: Content) -> list[str]:
    """Who may apply, in the portal's words."""
    return [_line(it) for it in local.get("audience") or _parts(index.get("audience"))]


def applicants_of(audience: list[str]) -> list[str]:
    """In whose name one may apply, as procedure.yaml names them; citizens always: everybody who applies is one."""
    found = {"citizen"}
    for words in audience:
        found |= {kind for start, kind in _APPLICANTS if words.lower().startswith(start)}
    if found & {"enterprise", "cooperative"} and "organisation" not in found:
        found |= {"household_business"}
    return sorted(found)


def channels_of(index: Content, local: Content) -> list[str]:
    """Of "counter", "online", "post", in the order of the files."""
    said = [it.get("channel") for it in local.get("channels") or ()] or _parts(index.get("channels"))
    return list(dict.fromkeys(_CHANNELS[it] for it in said if it in _CHANNELS))


def results_of(index: Content, local: Content) -> list[dict[str, Any]]:
    """What it gives, those whose code is no code left out, refusals and notices last; a stand-in where none is left.

    The portal lists notices of refusal and of supplement among the results (vietnam.md 10), in any order.
    """
    rows = [(it.get("code"), it.get("name")) for it in local.get("results") or ()]
    rows = rows or list(
        zip(_parts(index.get("result_codes")), _parts(index.get("result_names")), strict=False)
    )
    found = {
        str(code): {"code": str(code), "name": {"vi": _line(name) or str(code)}}
        for code, name in rows
        if _RESULT.fullmatch(str(code))
    }
    return sorted(found.values(), key=_is_notice) or [dict(_SOME_RESULT)]


def _is_notice(result: Mapping[str, Any]) -> bool:
    name = result["name"]["vi"].lower()
    return (
        name.startswith(("thông báo", "công văn", "phiếu"))
        or "từ chối" in name
        or "không đủ điều kiện" in name
    )


def laws_of(numbers: Any) -> list[str]:
    """Numbers of laws, without the letters of the next word that the capture ran into them.

    "08/2015/NĐ-CP08" -> "08/2015/NĐ-CP"; "2015/NĐ-CPL", the tail of one that stands before it, is left out.
    """
    return list(dict.fromkeys(found for number in numbers if (found := _law(str(number)))))


_LAW = re.compile(
    r"(?P<number>[0-9]{1,4}/(?:19|20)[0-9]{2}/"
    r"(?:QH[0-9]{1,2}|(?:NĐ|TT|QĐ|NQ|TTLT|PL|CT)(?:-(?:UBTVQH[0-9]{0,2}|[A-ZĐ]{2,8}))*))"
)
# Bodies whose sign is known, the longest first: what follows is the next word.
_SIGNS = (
    *("BNNPTNT", "BLĐTBXH", "BTTTT", "BTNMT", "BKHCN", "BVHTTDL", "BGDĐT", "BGTVT", "BNNMT", "BCA", "BTC", "BTP",
    "BXD"), *("NHNN", "BQP", "BNV", "BYT", "BCT", "BNG", "BKHĐT", "TTg", "VPCP", "CP"),
)  # fmt: skip


def _law(text: str) -> str:
    found = _LAW.match(text.strip())
    if not found:
        return ""
    number = found["number"]
    sign = number.rpartition("-")[2]
    known = next((it for it in _SIGNS if sign.startswith(it)), sign)
    return number.removesuffix(sign) + known if "-" in number else number


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _parts(text: Any) -> list[str]:
    """What the index writes with bars between."""
    return [it.strip() for it in str(text or "").split("|") if it.strip()]


def _url(text: Any) -> str:
    """The page on the national portal; no other address is ever linked to."""
    return str(text) if str(text).startswith("https://dichvucong.gov.vn/") else ""


def is_local(procedure: Mapping[str, Any], elsewhere: Collection[str]) -> bool:
    """Whether local government decides on it. elsewhere: words of agencies that are none of it, folded."""
    agency = f" {fold(str(procedure['agency'].get('vi', '')))} "
    return bool(procedure["decided"]["levels"]) and not any(f" {words} " in agency for words in elsewhere)
