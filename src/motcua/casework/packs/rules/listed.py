"""A listed procedure with its components, as the procedure.yaml it would have. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from motcua.casework.forms.rules.generic import paper_field
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

from .findings import At, Fault, fault

_NEEDED = ("valid_from", "decision", "result", "result_name", "components", "everyday_words", "channels")
_UNITS: Mapping[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "wh": (
        ("giờ làm việc", "giờ làm việc"),
        ("working hour", "working hours"),
        ("Arbeitsstunde", "Arbeitsstunden"),
    ),
    "wd": (
        ("ngày làm việc", "ngày làm việc"),
        ("working day", "working days"),
        ("Arbeitstag", "Arbeitstage"),
    ),
    "d": (("ngày", "ngày"), ("day", "days"), ("Tag", "Tage")),
    "m": (("tháng", "tháng"), ("month", "months"), ("Monat", "Monate")),
}
STEPS = (
    {
        "vi": "Bạn khai và nộp. Có giấy tiếp nhận ghi giờ hẹn trả.",
        "en": "You fill in and submit. The receipt says when it will be ready.",
        "de": "Sie füllen aus und reichen ein. Die Eingangsbestätigung nennt den Termin.",
    },
    {
        "vi": "Cơ quan kiểm tra và dự thảo kết quả.",
        "en": "The agency examines it and drafts the result.",
        "de": "Die Behörde prüft und entwirft das Ergebnis.",
    },
    {
        "vi": "Lãnh đạo ký số. Bạn nhận tin nhắn, kết quả nằm trong Kho giấy tờ của bạn.",
        "en": "The leader signs digitally. You get a message, and the result is in your documents.",
        "de": "Die Leitung signiert digital. Sie erhalten eine Nachricht und finden das Ergebnis in Ihren Dokumenten.",
    },
)
LEAD = {
    "vi": "Khai theo mẫu chung, gửi kèm giấy tờ; kết quả được ký số.",
    "en": "Fill in the general form and add the papers; the result is signed digitally.",
    "de": "Allgemeines Formular ausfüllen, Unterlagen beifügen; das Ergebnis wird digital signiert.",
}
_WHO = {
    "vi": "Công dân, hoặc người được ủy quyền.",
    "en": "Citizens, or somebody with a mandate.",
    "de": "Bürgerinnen und Bürger, oder jemand mit Vollmacht.",
}


def lint_generic(listed: Mapping[str, Any], number: int, fees: Mapping[str, Any]) -> Iterator[Fault]:
    """What a listing of the right shape lacks to be applied for by the generic form. number: its place in the list."""
    if not listed.get("generic"):
        return
    at: At = ("procedures", number)
    said = [(at, f"{key} is missing") for key in _NEEDED if not listed.get(key)]
    seen: set[str] = set()
    for position, component in enumerate(listed.get("components") or ()):
        if component["code"] in seen:
            said.append(((*at, "components", position), f"component {component['code']} stands twice"))
        seen.add(component["code"])
    if listed.get("limit", {}).get("value") in {None, "", "sameday"}:
        said.append(((*at, "limit"), "the shared process takes longer than the same day"))
    if listed["fee"]["words"] not in fees:
        said.append(((*at, "fee"), f"catalogue.yaml has no words {listed['fee']['words']} for a fee"))
    for place, why in said:
        yield fault("catalogue.yaml", place, "generic-lacks", code=listed["code"], why=why)


def procedure_of_listing(listed: Mapping[str, Any], fees: Mapping[str, Any]) -> dict[str, Any]:
    """The parsed procedure.yaml of a listing that `lint_generic` finds nothing wrong with. fees: words by their key."""
    value = listed["limit"]["value"]
    return {
        **{key: listed[key] for key in ("code", "name", "everyday_words", "sector")},
        "channels": ["counter" if it == "direct" else it for it in listed["channels"]],
        "official_name": listed.get("official_name", listed["name"]["vi"]),
        "lead": LEAD,
        "level": listed["levels"][0],
        "applicants": ["citizen"],
        "life_events": [],
        "valid_from": listed["valid_from"],
        "publication": {"decision": listed["decision"], "source": "portal"},
        "who_may_apply": {"text": _WHO, "source": "M"},
        "legal_basis": list(listed.get("legal_basis", [])),
        "limit": {**listed["limit"], "text": limit_text(value)},
        "fees": [_fee(listed["fee"]["words"], fees)],
        "fee": listed["fee"],
        "results": [{"code": listed["result"], "name": listed["result_name"]}],
        "components": [_component(it) for it in listed["components"]],
        "steps": list(STEPS),
        "minutes_to_apply": 10,
        "result": {"language": "vi"},
    }


def limit_text(value: str) -> dict[str, str]:
    """ "3wd" -> "03 ngày làm việc.", "3 working days.", "3 Arbeitstage."; "" in no language for one that is none."""
    try:
        limit = parse_limit(value)
    except UnreadableLimit:
        return {}
    words = _UNITS[re.sub(r"\d", "", value)]
    forms = [pair[limit.count != 1] for pair in words]
    vi, en, de = forms
    return {"vi": f"{limit.count:02d} {vi}.", "en": f"{limit.count} {en}.", "de": f"{limit.count} {de}."}


def _fee(words: str, fees: Mapping[str, Any]) -> dict[str, Any]:
    name = {"vi": "Lệ phí", "en": "Fee", "de": "Gebühr"}
    if words == "free":
        return {"name": name, "kind": "charge", "amount_vnd": 0}
    return {"name": name, "kind": "charge", "text": dict(fees[words])}


def _component(component: Mapping[str, Any]) -> dict[str, Any]:
    own = {} if component["needed"] == "state_has" else {"field": paper_field(component)}
    return {"kinds": ["pdf", "jpeg", "png"], "form": "original", **component, **own}
