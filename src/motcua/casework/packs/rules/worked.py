"""Worked examples: whole dossiers told in words and as data, so that a lawyer checks the one and a program the other.

What a file says is described in docs/examples.md. Here it is read and checked: every finding names its place. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.foundation.worktime.calendars import VIETNAM

# Who acts. `second_leader` may do what the leader may; `other_…`: of the neighbouring commune; `builder`: examines
# building permits; `department`: the province's, asked for an opinion; `system`: jobs and programs.
PEOPLE = frozenset(
    {"applicant", "neighbour", "reception", "specialist", "builder", "leader", "second_leader", "department"}
    | {"other_reception", "other_specialist", "other_leader", "system"}
)
_ACT_KEYS: dict[str, str] = {
    "submit-for-signature": "outcome",
    "complete-task": "outcome",
    "return-task": "reason outcome",
    "return-result": "way tracking receiver",
    "assign": "to",
    "request-opinion": "question limit of",
    "give-opinion": "text outcome",
    "request-supplement": "items reason arose",
    "supplement": "brings",
    "refuse": "ground reason",
    "withdraw": "reason",
    "stop": "ground reason",
    "suspend": "reason",
    "draft-refusal": "reason legal_basis",
    "request-payment": "what amount_vnd",
    "confirm-payment": "receipt",
    "transfer": "reason",
    "correct": "field value reason",
    "extend": "day reason",
}
# What happens and is no act of the state table: entries it makes in the dossier's journal, what may be said of it.
HAPPENINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "submit": (("dossier.submitted",), ""),
    "answer-opinion": (("dossier.opinion_given",), "text"),
    "payment-confirmed": (("dossier.payment_confirmed",), "receipt"),
    "timers": ((), ""),
    "warnings": ((), ""),
    "look": ((), ""),
    "close-the-office": ((), "day reason"),
    "preview-new-dates": ((), "reason before after"),
    "confirm-new-dates": (("dossier.recomputed",), ""),
}
VERBS = {
    # An example begins with an application; taking in at the counter has none before it.
    **{code: ((act.entry,), _ACT_KEYS.get(code, "")) for code, act in ACTS.items() if code != "take-in"},
    **HAPPENINGS,
}
# What is held from one act to the next until it is said anew, and what is looked at after one act only.
STANDING = frozenset({"status", "due", "original_due", "class", "answer", "rounds", "decided_by"})
MOMENTS = frozenset({"due", "original_due", "answer_by", "bring_by", "silence_at", "step_due"})
ONCE = frozenset({"answer_by", "bring_by", "silence_at", "step", "step_due", "result", "papers", "journal"})
_CLASSES = frozenset({str(it) for it in Class if it} | {"none"})
_VALUES: dict[str, frozenset[Any]] = {
    "status": frozenset(int(it) for it in Status),
    "class": _CLASSES,
    "answer": _CLASSES,
    "result": frozenset({"granted", "refused"}),
    "decided_by": frozenset({"first", "other"}),
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOMENT = re.compile(r"(?P<day>[A-Z][a-z]{2}) (?P<moment>\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?)")
_CODE = re.compile(r"[a-z0-9_]{3,60}")
_FILE_KEYS = {"title", "law", "story", "reckoning", "procedure", "as_if", "answers", "papers", "acts"}
_PLAYED_KEYS = {"at", "who", "does", "with", "then", "refused", "because"}
# What a made-up procedure may have otherwise than the published one.
AS_IF = frozenset({"limit", "silence", "supplement", "suspension", "send_back", "linked", "counting"})


class BadExample(ValueError):
    """`findings`: what is wrong, one sentence each, the place first."""

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__("; ".join(findings))


@dataclass(frozen=True, slots=True)
class Played:
    """One act or happening. `holds`: what must hold after it, moments as datetimes, None for "none"; `refused`: the
    code by which it is refused, with `because` in its sentence: then nothing may have changed."""

    at: datetime
    who: str
    does: str
    given: Mapping[str, Any]
    holds: Mapping[str, Any]
    refused: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A whole dossier. `as_if`: by what a made-up procedure differs from the published one; texts by language."""

    code: str
    title: Mapping[str, str]
    story: Mapping[str, str]
    reckoning: Mapping[str, str]
    law: tuple[str, ...]
    procedure: str
    acts: tuple[Played, ...]
    as_if: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[str, ...] | None = None


def parse_example(code: str, data: Any) -> Example:
    """An example of a file's content; `code`: the file's name. Raises BadExample with everything that is wrong."""
    if not isinstance(data, Mapping):
        raise BadExample(["it is no mapping of title, law, story, reckoning, procedure and acts"])
    if findings := [*_file_findings(code, data), *_act_findings(data.get("acts"))]:
        raise BadExample(findings)
    acts = tuple(_played(row) for row in data["acts"])
    if late := [at for at in range(1, len(acts)) if acts[at].at < acts[at - 1].at]:
        raise BadExample([f"acts[{at}].at: is earlier than the act before" for at in late])
    return Example(
        code=code,
        title=data["title"],
        story=data["story"],
        reckoning=data["reckoning"],
        law=tuple(data["law"]),
        procedure=data["procedure"],
        acts=acts,
        as_if=data.get("as_if", {}),
        answers=data.get("answers", {}),
        papers=tuple(data["papers"]) if "papers" in data else None,
    )


def parse_moment(text: Any) -> datetime:
    """`Fri 2026-03-13 16:00`, in Vietnamese time. The weekday is written, so that a reader can follow the reckoning.

    Raises ValueError saying what is wrong.
    """
    written = _MOMENT.fullmatch(str(text))
    if not written:
        raise ValueError(f"{text!r} is no moment such as Fri 2026-03-13 16:00")
    moment = datetime.fromisoformat(written["moment"]).replace(tzinfo=VIETNAM)
    if written["day"] != _DAYS[moment.weekday()]:
        raise ValueError(f"{moment.date()} is a {_DAYS[moment.weekday()]}, not a {written['day']}")
    return moment


def _file_findings(code: str, data: Mapping[str, Any]) -> Iterator[str]:
    if not _CODE.fullmatch(code):
        yield f"the file's name {code!r} is not of 3 to 60 of a-z, 0-9 and _"
    yield from (f"{key}: nobody reads it" for key in sorted(set(data) - _FILE_KEYS))
    for key in ("title", "story", "reckoning"):
        text = data.get(key)
        for language in ("vi", "en"):
            if not isinstance(text, Mapping) or not str(text.get(language) or "").strip():
                yield f"{key}: has no words in {language}"
    if not data.get("law") or not isinstance(data["law"], list):
        yield "law: name at least one rule that it shows, as a list"
    code_of = data.get("procedure")
    if not isinstance(code_of, str) or not re.fullmatch(r"\d\.\d{6}", code_of):
        yield "procedure: is not a code such as 1.001193, in quotes"
    if unknown := sorted(set(data.get("as_if") or {}) - AS_IF):
        yield f"as_if: {', '.join(unknown)} is not one of {', '.join(sorted(AS_IF))}"


def _act_findings(rows: Any) -> Iterator[str]:
    if not isinstance(rows, list) or not rows:
        yield "acts: is no list of acts"
        return
    for position, row in enumerate(rows):
        found = _row_findings(row) if isinstance(row, Mapping) else ["is no mapping"]
        yield from (f"acts[{position}]{'.' if finding[0] != ' ' else ''}{finding}" for finding in found)
    if isinstance(rows[0], Mapping) and rows[0].get("does") != "submit":
        yield "acts[0].does: a dossier begins with submit"


def _row_findings(row: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key}: nobody reads it" for key in sorted(set(row) - _PLAYED_KEYS))
    yield from _moment_findings("at", row.get("at"))
    if row.get("who") not in PEOPLE:
        yield f"who: {row.get('who')!r} is not one of {', '.join(sorted(PEOPLE))}"
    verb = VERBS.get(str(row.get("does")))
    if not verb:
        yield f"does: {row.get('does')!r} is not one of {', '.join(sorted(VERBS))}"
    elif unknown := sorted({str(key) for key in row.get("with") or {}} - set(verb[1].split())):
        yield f"with: {row['does']} takes {verb[1] or 'nothing'}, not {', '.join(unknown)}"
    if "because" in row and "refused" not in row:
        yield "because: stands only with refused"
    yield from _holds_findings(row.get("then") or {}, refused="refused" in row)


def _holds_findings(holds: Mapping[str, Any], *, refused: bool) -> Iterator[str]:
    for key, value in holds.items():
        if key not in STANDING | ONCE:
            yield f"then.{key}: is not one of {', '.join(sorted(STANDING | ONCE))}"
        elif key in MOMENTS and value != "none":
            yield from _moment_findings(f"then.{key}", value)
        elif key in _VALUES and value not in _VALUES[key]:
            yield f"then.{key}: {value!r} is not one of {', '.join(sorted(map(str, _VALUES[key])))}"
        elif key in {"papers", "journal"} and (refused or not isinstance(value, list)):
            yield f"then.{key}: is a list, and none where the act is refused"


def _moment_findings(place: str, value: Any) -> Iterator[str]:
    try:
        parse_moment(value)
    except ValueError as error:
        yield f"{place}: {error}"


def _played(row: Mapping[str, Any]) -> Played:
    holds = {
        key: (None if value == "none" else parse_moment(value)) if key in MOMENTS else value
        for key, value in (row.get("then") or {}).items()
    }
    if "due" in holds:
        # Only an extension parts the two; who does not say so says that they are the same.
        holds = {"original_due": holds["due"], **holds}
    return Played(
        at=parse_moment(row["at"]),
        who=row["who"],
        does=row["does"],
        given=row.get("with") or {},
        holds=holds,
        refused=row.get("refused", ""),
        because=row.get("because", ""),
    )
