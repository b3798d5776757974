"""Ratings, reasons, ways and cases in words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.community.surveys.law import law
from motcua.community.surveys.models import CaseStep, UnhappyCase, Way


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def rating_words(rating: int) -> str:
    return {3: _("Very satisfied"), 2: _("Satisfied"), 1: _("Dissatisfied")}.get(rating, "")


def ratings() -> list[dict[str, object]]:
    """Best first, as the law names them."""
    return [{"value": it, "words": rating_words(it), "icon": f"face-{it}"} for it in (3, 2, 1)]


def reason_words() -> dict[str, str]:
    """By code, in the pack's order."""
    return {code: names[language() if language() in names else "vi"] for code, names in law().reasons.items()}


def way_words(way: str) -> str:
    words = {
        Way.LINK: _("By the link"),
        Way.PORTAL: _("On the portal"),
        Way.KIOSK: _("At a kiosk"),
        Way.PHONE: _("By telephone"),
    }
    return str(words.get(Way(way), "")) if way else ""


def step_words(kind: str) -> str:
    words = {
        CaseStep.Kind.CALL: _("Called the person"),
        CaseStep.Kind.PASSED_ON: _("Passed on to the agency above"),
        CaseStep.Kind.ESCALATED: _("Went to the agency above, as the time was over"),
        CaseStep.Kind.REPLY: _("Reply"),
        CaseStep.Kind.REOPENED: _("The person says it did not help"),
    }
    return str(words[CaseStep.Kind(kind)])


def case_state(case: UnhappyCase, now: datetime) -> tuple[str, str]:
    """State of the design system and words."""
    match case.state:
        case UnhappyCase.State.REPLIED:
            return "done", _("Replied")
        case UnhappyCase.State.CLOSED:
            return "done", _("Closed")
    if now > case.due_at or case.late_at:
        return "overdue", _("Overdue")
    return ("open", _("An officer has taken it on")) if case.claimed_by else ("open", _("Waiting"))


def share(per_mille: int | None) -> str:
    """ "93,4 %", in the active language; "–" for no data."""
    if per_mille is None:
        return "–"
    mark = "." if language() == "en" else ","
    return f"{per_mille // 10}{mark}{per_mille % 10} %"
