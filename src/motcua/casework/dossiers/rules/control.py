"""Form 05 from the journal alone: who gave a dossier to whom, when, and how that lay to the promise. Pure.

Source: Circular 03/2025/TT-VPCP, form 05; classes per vietnam.md 1.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

APPLICANT, SYSTEM = "Người nộp hồ sơ", "Hệ thống"
EARLY, ON_TIME, LATE = "Trước hạn", "Đúng hạn", "Quá hạn"
# Kind of entry -> remark; Vietnamese, as the paper is. An entry of another kind counts when it names a next step.
REMARKS = {
    "dossier.taken_in": "Tiếp nhận hồ sơ",
    "dossier.accepted": "Tiếp nhận hồ sơ",
    "dossier.handed_over": "Chuyển xử lý",
    "dossier.submitted_for_signature": "Trình ký",
    "dossier.task_completed": "Hoàn thành bước",
    "dossier.task_returned": "Trả lại bước trước",
    "dossier.recalled": "Thu hồi",
    "dossier.task_assigned": "Phân công",
    "dossier.opinion_requested": "Xin ý kiến",
    "dossier.opinion_given": "Cho ý kiến",
    "dossier.supplement_requested": "Yêu cầu bổ sung, dừng tính thời gian",
    "dossier.supplemented": "Đã bổ sung, tính lại thời hạn",
    "dossier.payment_requested": "Yêu cầu nghĩa vụ tài chính, dừng tính thời gian",
    "dossier.payment_confirmed": "Đã thực hiện nghĩa vụ tài chính, tính lại thời hạn",
    "dossier.extended": "Xin lỗi, hẹn lại ngày trả kết quả",
    "dossier.recomputed": "Tính lại ngày hẹn trả kết quả",
    "dossier.transferred": "Chuyển cơ quan có thẩm quyền",
    "dossier.withdrawn": "Rút hồ sơ",
    "dossier.stopped": "Dừng giải quyết",
    "dossier.stop_recalled": "Hủy việc dừng giải quyết",
    "dossier.suspended": "Tạm dừng giải quyết",
    "dossier.resumed": "Tiếp tục giải quyết",
    "dossier.signed": "Ký kết quả",
    "dossier.result_returned": "Trả kết quả",
}
# Where the applicant gives it to who receives it.
_RECEIVED = frozenset({"dossier.taken_in", "dossier.accepted"})
_TO_APPLICANT = frozenset(
    {
        "dossier.supplement_requested",
        "dossier.payment_requested",
        "dossier.extended",
        "dossier.withdrawn",
        "dossier.stopped",
        "dossier.suspended",
        "dossier.result_returned",
    }
)
# What else names a due date: of an opinion, of a supplement, or of an apology, which leaves the class as it was.
_OTHER_DATES = frozenset({"dossier.opinion_requested", "dossier.supplement_requested", "dossier.extended"})


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the journal. `actor_kind` as there; `who`: the officer's name and unit, "" for nobody of an agency;
    `position`: where it is sealed, None before."""

    kind: str
    at: datetime
    actor_kind: str
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the form; `result` is empty before a date was promised."""

    giver: str
    receiver: str
    at: datetime
    position: int | None
    result: str
    remark: str


def moves(entries: Iterable[Noted], steps: Mapping[str, str], zone: ZoneInfo) -> list[Moved]:
    """The hand-overs among entries, oldest first. `steps`: names of the process's steps; `zone`: of the calendar days.

    Who receives is the step the entry names, with the officer whose entry is the next one there, once there is one.
    """
    noted = [it for it in entries if it.kind in REMARKS or "next_step" in it.facts]
    due: datetime | None = None
    found = []
    for index, entry in enumerate(noted):
        due = _promised(entry) or due
        found.append(
            Moved(
                giver=APPLICANT if entry.kind in _RECEIVED else _who(entry),
                receiver=_receiver(entry, noted[index + 1 :], steps),
                at=datetime.fromisoformat(entry.facts.get("accepted_at", "") or entry.at.isoformat()),
                position=entry.position,
                result=classify(entry.at, due, zone) if due else "",
                remark=REMARKS.get(entry.kind, ""),
            )
        )
    return found


def classify(at: datetime, due: datetime, zone: ZoneInfo) -> str:
    """Early before the day of the promise, on time on it until the hour, late after. Source: vietnam.md 1.4."""
    if at > due:
        return LATE
    return EARLY if at.astimezone(zone).date() < due.astimezone(zone).date() else ON_TIME


def _promised(entry: Noted) -> datetime | None:
    """The due date an entry sets for the whole dossier, by which it is classed."""
    said = entry.facts.get("due_at")
    return datetime.fromisoformat(said) if said and entry.kind not in _OTHER_DATES else None


def _who(entry: Noted) -> str:
    if entry.actor_kind == "citizen":
        return APPLICANT
    return entry.who or SYSTEM


def _receiver(entry: Noted, later: Sequence[Noted], steps: Mapping[str, str]) -> str:
    if entry.kind in _RECEIVED:
        return _who(entry)
    if entry.kind in _TO_APPLICANT:
        return APPLICANT
    if entry.kind == "dossier.opinion_requested":
        return str(entry.facts.get("asked_of", ""))
    codes = str(entry.facts.get("next_step", "")).split()
    names = [steps[code] for code in codes if code in steps]
    doers = [it.who for it in later if it.who and it.facts.get("step") in codes][:1]
    return ": ".join(["; ".join(names), *doers]) if names else "".join(doers)
