"""The documents of a captured procedure as components, by case. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from motcua.casework.forms.rules.generic import paper_field
from motcua.foundation.kernel.text import fold

# What a question is called at most; the whole name then stands beside it.
LABEL = 120
# The capture cut what was longer.
CUT = 400
_NOTES = ("luu y", "ghi chu")
# A paper of these words is not everybody's, or is no paper.
_SOMETIMES = re.compile(
    r"\b(neu|truong hop|doi voi|hoac|mot trong|khi co|co the|khong phai|luu y|ghi chu|uy quyen|van ban uy quyen)\b"
)
# Beginnings that number a row: "a)", "1.", "(2)", "-", "+", ";".
_NUMBERED = re.compile(r"^(?:[-+*;:.,–\s]+|\(?[0-9a-zđ]{1,2}(?:\.[0-9]{1,2})?[).]\s+)+", re.IGNORECASE)
# The name of a blank form's file, which the capture ran into the name of the paper: "...khai thácMẫu số 01.docx".
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf|zip|rar)\.?$", re.IGNORECASE)
_LONGEST_FILE = 110
_IF_NEEDED = {
    "vi": "Nếu trường hợp của bạn cần.",
    "en": "If your case needs it.",
    "de": "Falls Ihr Fall es erfordert.",
}


def papers_of(documents: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Components, those of one case together, and the notes that stand among them.

    A paper of no case that no word makes conditional is asked for (`upload`); all others are handed in where the case
    needs them: the files do not say which cases exclude each other. `case` is the portal's heading. Codes depend on
    case and name alone, so that they stay when the order changes.
    """
    papers: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    for document in documents:
        case, name = _line(document.get("case")), _line(document.get("name"))
        if case and fold(case).startswith(_NOTES):
            notes.append(name)
        elif len(fold(name)) > 2:
            made = _paper(document, case, _named(name))
            papers.setdefault(made["code"], made)
    order = list(dict.fromkeys(it.get("case", "") for it in papers.values()))
    found = sorted(
        papers.values(), key=lambda it: (it.get("case", "") != "", order.index(it.get("case", "")))
    )
    return found, [note for note in notes if note]


def _named(name: str) -> str:
    """Without the number of its row, and without the file name of a blank form."""
    plain = _NUMBERED.sub("", name) or name
    if not _FILE.search(plain):
        return plain
    least = max(10, len(plain) - _LONGEST_FILE)
    cut = next((at for at in range(least, len(plain)) if _runs_on(plain[at - 1], plain[at])), None)
    return plain[:cut].rstrip(" -–,;")


def _runs_on(before: str, after: str) -> bool:
    """Whether a new word begins here without a space."""
    return (before.islower() or before in ");]") and (after.isupper() or after.isdigit())


def _paper(document: Mapping[str, Any], case: str, name: str) -> dict[str, Any]:
    code = "p_" + hashlib.sha256(f"{fold(case)}|{fold(name)}".encode()).hexdigest()[:10]
    counts = {sort: _count(document.get(sort)) for sort in ("originals", "copies")}
    is_asked = not case and len(name) < CUT and not _SOMETIMES.search(fold(name)) and any(counts.values())
    made: dict[str, Any] = {
        "code": code,
        "field": paper_field({"code": code}),
        "name": {"vi": shortened(name)},
        "hint": {"vi": _hint(name, counts)},
        "needed": "upload" if is_asked else "conditional",
        "kinds": ["pdf", "jpeg", "png"],
        "form": "original" if counts["originals"] else "copy",
        **counts,
    }
    if not is_asked:
        made["condition"] = {"text": dict(_IF_NEEDED)}
    return made | ({"case": case} if case else {})


def shortened(name: str) -> str:
    """At most LABEL letters, ended at a word: "…" stands for the rest."""
    if len(name) <= LABEL:
        return name
    return name[: LABEL - 1].rpartition(" ")[0].rstrip(" ,;.:(-") + "…"


def _hint(name: str, counts: Mapping[str, int]) -> str:
    """The whole name where the label has a part of it, and how many are handed in on paper."""
    handed = [
        f"{words}: {counts[sort]}"
        for sort, words in (("originals", "bản chính"), ("copies", "bản sao"))
        if counts[sort]
    ]
    said = ", ".join(handed)
    return " ".join(filter(None, [name if len(name) > LABEL else "", f"({said})" if said else ""]))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100 else 0


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())
