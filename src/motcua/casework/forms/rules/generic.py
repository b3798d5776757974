"""The form of a procedure that has only its list of components. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .definition import LANGUAGES, Text

# TrichYeuHoSo of the national portal's message (vietnam.md 1.6).
SUBJECT_LENGTH = 1000
# Which level of government decides, where several do.
DECIDED_AT = "decided_at"
_FILES = {
    "type": "array",
    "minItems": 1,
    "maxItems": 10,
    "items": {"type": "string", "minLength": 1, "maxLength": 64},
}
_PHONE = "^(0[1-9][0-9]{8,9}|\\+[1-9][0-9]{7,14})$"
_WAYS: Mapping[str, Text] = {
    "warehouse": {
        "vi": "Bản điện tử trong Kho giấy tờ của bạn",
        "en": "Electronically, in your documents",
        "de": "Elektronisch, in Ihrem Dokumentenspeicher",
    },
    "counter": {
        "vi": "Bản điện tử, và bản giấy tại quầy",
        "en": "Electronically, and on paper at the counter",
        "de": "Elektronisch, und auf Papier am Schalter",
    },
}


def _words(vi: str, en: str, de: str) -> Text:
    return {"vi": vi, "en": en, "de": de}


def paper_field(component: Mapping[str, Any]) -> str:
    """The name of the question that asks for a component's files; its code is made of letters, figures and "_"."""
    return f"paper_{component['code']}"


def generic_form(procedure: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a form.json for the parsed procedure.yaml: name and components are all it needs.

    Who applies (from the eID), in whose name, the subject, each component under its own name, those of one case under
    its heading, how the result is received. What the state has is not asked. Where several levels of government decide
    (`decided.levels`), which of them is asked. Words that exist in Vietnamese only are marked so (`lang`).
    """
    asked = [it for it in procedure["components"] if it.get("needed") != "state_has"]
    papers = [_paper(it) for it in asked]
    levels = procedure.get("decided", {}).get("levels", ())
    pages = [_page("applicant", 1, _PEOPLE, _applicant())]
    pages += [_page("owner", 1, _IN_WHOSE_NAME, [_owner()]), _page("subject", 2, _ABOUT, [_subject()])]
    pages += [_papers_page(asked, papers)] if papers else []
    pages += [_page("receiving", 3, _RECEIVING, _receiving(levels))]
    return {
        "title": {language: _title(words) for language, words in spoken(procedure["name"]).items()},
        "declaration": _words(
            "Tôi cam đoan những điều khai trên là đúng và chịu trách nhiệm trước pháp luật.",
            "I declare that what I have stated is true, and I answer for it before the law.",
            "Ich erkläre, dass meine Angaben wahr sind, und stehe dafür vor dem Gesetz ein.",
        ),
        "parts": [
            _words("Người nộp", "Applicant", "Antragstellende Person"),
            _words("Nội dung", "Subject", "Gegenstand"),
            _words("Nhận kết quả", "Receiving the result", "Ergebnis erhalten"),
        ],
        "pages": pages,
        "schema": _schema(papers, levels),
    }


def spoken(text: Text) -> Text:
    """The text for readers of all languages, the Vietnamese words where there are no others."""
    return {language: text.get(language) or text["vi"] for language in LANGUAGES}


def _papers_page(components: Sequence[Mapping[str, Any]], papers: list[dict[str, Any]]) -> dict[str, Any]:
    page = _page("papers", 2, _PAPERS, []) | {"groups": _by_case(components, papers)}
    return page | ({"lead": _IN_VIETNAMESE} if any("lang" in it for it in papers) else {})


def _by_case(components: Sequence[Mapping[str, Any]], papers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups of questions: those of every case first, without a heading."""
    cases: dict[str, list[dict[str, Any]]] = {}
    for component, paper in zip(components, papers, strict=True):
        cases.setdefault(component.get("case", ""), []).append(paper)
    return [
        {"fields": fields} | ({"title": spoken({"vi": case}), "lang": "vi"} if case else {})
        for case, fields in cases.items()
    ]


def _title(name: str) -> str:
    return f"{name.replace('{', '(').replace('}', ')')}: {{applicant.full_name}}"


def _schema(papers: list[dict[str, Any]], levels: Sequence[str]) -> dict[str, Any]:
    several = {DECIDED_AT: {"type": "string", "enum": list(levels)}} if len(levels) > 1 else {}
    own = {paper["name"]: _FILES for paper in papers}
    needed = [paper["name"] for paper in papers if "required" in paper]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": [
            "applicant",
            "applicant_phone",
            "subject",
            *needed,
            *several,
            "registration_commune",
            "result_by",
        ],
        "properties": {
            "applicant": {"$ref": "#/$defs/person", "required": ["birth_date", "residence"]},
            "applicant_phone": {"type": "string", "pattern": _PHONE},
            "owner": {"$ref": "#/$defs/person", "required": ["birth_date", "residence"]},
            "subject": {"type": "string", "minLength": 1, "maxLength": SUBJECT_LENGTH},
            **own,
            **several,
            "registration_commune": {"type": "string", "pattern": "^[0-9]{5}$"},
            "result_by": {"type": "string", "enum": list(_WAYS)},
        },
    }


def _page(name: str, part: int, words: tuple[Text, Text], fields: list[dict[str, Any]]) -> dict[str, Any]:
    title, short = words
    return {"name": name, "part": part, "title": title, "short": short, "groups": [{"fields": fields}]}


def _applicant() -> list[dict[str, Any]]:
    return [
        {
            "name": "applicant",
            "kind": "person",
            "label": _words("Người nộp hồ sơ", "Applicant", "Antragstellende Person"),
            "required": _words(
                "Khai người nộp hồ sơ", "Enter who applies", "Geben Sie an, wer den Antrag stellt"
            ),
            "prefill": "eid",
            "known": True,
        },
        {
            "name": "applicant_phone",
            "kind": "phone",
            "label": _words("Số điện thoại", "Telephone", "Telefon"),
            "required": _words(
                "Ghi số điện thoại", "Enter a telephone number", "Geben Sie eine Telefonnummer an"
            ),
            "prefill": "eid.phone",
        },
    ]


def _owner() -> dict[str, Any]:
    return {
        "name": "owner",
        "kind": "person",
        "label": _words("Chủ hồ sơ", "In whose name", "In wessen Namen"),
        "hint": _words(
            "Để trống nếu bạn làm cho chính mình.",
            "Leave this empty if you apply for yourself.",
            "Lassen Sie dies leer, wenn Sie den Antrag für sich selbst stellen.",
        ),
        "parts": ["full_name", "birth_date", "sex", "personal_number", "residence"],
        # Nobody else was named before: who applies for themselves leaves this empty.
        "same": False,
    }


def _subject() -> dict[str, Any]:
    return {
        "name": "subject",
        "kind": "textarea",
        "label": _words("Trích yếu nội dung", "Subject of the application", "Gegenstand des Antrags"),
        "hint": _words(
            f"Bạn đề nghị việc gì; nhiều nhất {SUBJECT_LENGTH} ký tự.",
            f"What you ask for, in at most {SUBJECT_LENGTH} characters.",
            f"Worum Sie bitten, in höchstens {SUBJECT_LENGTH} Zeichen.",
        ),
        "required": _words(
            "Ghi nội dung đề nghị", "Enter what you ask for", "Geben Sie an, worum Sie bitten"
        ),
    }


def _paper(component: Mapping[str, Any]) -> dict[str, Any]:
    """A component as a question; `condition.text` says when one that is not always needed is."""
    asked: dict[str, Any] = {
        "name": paper_field(component),
        "kind": "file",
        "several": True,
        "label": spoken(component["name"]),
    }
    if set(LANGUAGES) - set(component["name"]):
        asked["lang"] = "vi"
    hint = component.get("hint") or component.get("condition", {}).get("text")
    if hint and hint.get("vi"):
        asked["hint"] = spoken(hint)
    if component.get("needed") == "upload":
        asked["required"] = _words("Nộp giấy tờ này", "Hand in this paper", "Reichen Sie diese Unterlage ein")
    return asked


def _receiving(levels: Sequence[str]) -> list[dict[str, Any]]:
    place = _PLACE if "province" in levels else {}
    return [
        *([_decided_at(levels)] if len(levels) > 1 else []),
        {
            "name": "registration_commune",
            "kind": "commune",
            "label": _words("Nơi giải quyết", "Where it is decided", "Wo entschieden wird"),
            "required": _words(
                "Chọn xã, phường giải quyết",
                "Choose the commune that decides",
                "Wählen Sie die Gemeinde aus, die entscheidet",
            ),
            "prefill": "eid.residence_commune",
            **place,
        },
        {
            "name": "result_by",
            "kind": "radio",
            "label": _words("Nhận kết quả", "Receiving the result", "Ergebnis erhalten"),
            "required": _words(
                "Chọn cách nhận kết quả",
                "Choose how to receive the result",
                "Wählen Sie aus, wie Sie das Ergebnis erhalten",
            ),
            "options": [{"value": value, "label": label} for value, label in _WAYS.items()],
        },
    ]


def _decided_at(levels: Sequence[str]) -> dict[str, Any]:
    return {
        "name": DECIDED_AT,
        "kind": "radio",
        "label": _words("Cấp giải quyết", "Who decides", "Wer entscheidet"),
        "hint": _words(
            "Thủ tục này làm ở nhiều cấp. Không chắc thì hỏi bộ phận một cửa; nộp nhầm, cơ quan chuyển giúp bạn.",
            "This is decided at several levels. If you are not sure, ask a one-stop counter; what comes to the "
            "wrong one "
            "is passed on.",
            "Hierüber wird auf mehreren Ebenen entschieden. Im Zweifel fragen Sie einen Bürgerschalter; falsch "
            "Eingereichtes wird weitergegeben.",
        ),
        "required": _words("Chọn cấp giải quyết", "Choose who decides", "Wählen Sie aus, wer entscheidet"),
        "options": [{"value": level, "label": _LEVELS[level]} for level in levels],
    }


_IN_VIETNAMESE = _words(
    "Tên giấy tờ theo Cổng Dịch vụ công quốc gia.",
    "The names of the papers are those of the national portal, which has them in Vietnamese only.",
    "Die Namen der Unterlagen sind die des nationalen Portals, das sie nur auf Vietnamesisch hat.",
)
_LEVELS: Mapping[str, Text] = {
    "commune": _words("Ủy ban nhân dân xã, phường", "The commune", "Die Gemeinde"),
    "province": _words("Sở, ngành của tỉnh", "A department of the province", "Eine Fachbehörde der Provinz"),
}
# Of what the province decides the commune says which province.
_PLACE: Mapping[str, Any] = {
    "label": _words("Xã, phường của bạn", "Your commune", "Ihre Gemeinde"),
    "hint": _words(
        "Nơi bạn cư trú hoặc nơi có việc. Việc của tỉnh do sở, ngành của tỉnh đó giải quyết.",
        "Where you live, or where the matter lies. What a province decides is decided by that of your commune.",
        "Wo Sie wohnen oder wo die Sache liegt. Worüber eine Provinz entscheidet, entscheidet die Ihrer Gemeinde.",
    ),
    "required": _words("Chọn xã, phường", "Choose a commune", "Wählen Sie eine Gemeinde aus"),
}
_PEOPLE = (
    _words("Bạn là ai?", "Who are you?", "Wer sind Sie?"),
    _words("Người nộp hồ sơ", "Applicant", "Antragstellende Person"),
)
_IN_WHOSE_NAME = (
    _words(
        "Bạn làm thay cho ai?", "Do you apply for somebody else?", "Stellen Sie den Antrag für jemand anders?"
    ),
    _words("Chủ hồ sơ", "In whose name", "In wessen Namen"),
)
_ABOUT = (
    _words("Bạn đề nghị việc gì?", "What do you ask for?", "Worum bitten Sie?"),
    _words("Nội dung", "Subject", "Gegenstand"),
)
_PAPERS = (_words("Giấy tờ", "Papers", "Unterlagen"), _words("Giấy tờ", "Papers", "Unterlagen"))
_RECEIVING = (
    _words(
        "Nơi giải quyết và nhận kết quả",
        "Where it is decided, and how you get the result",
        "Wo entschieden wird und wie Sie das Ergebnis erhalten",
    ),
    _words("Nhận kết quả", "Receiving the result", "Ergebnis erhalten"),
)
