"""Cases of a procedure's `tests.yaml`: given these answers, this fee, due date, papers and way. Pure.

    - name: after sixty days, at the counter
      answers: {birth_date: "2026-01-02", extract_copies: null}   # otherwise than in example.json; null: not answered
      channel: counter                                            # online, where left out
      submitted: Tue 2026-03-10 09:00                             # Vietnamese time, the weekday is checked
      accepted: Tue 2026-03-10 14:00                              # as submitted, where left out
      takes: {verification: [return, submit]}                     # outcomes, where not the first that leads on
      expect: {fee: unknown, due: Tue 2026-03-10 17:00, papers: [birth_evidence]}

`expect` names what is compared: `refused` (question -> what is wrong with the answer; where left out, nothing may be),
`case`, `fee` (whole đồng in all, or "unknown"), `fees` (code -> đồng, "unknown" or "exempt"), `because` (fee's code ->
English words of the reason), `due`, `papers` (components that are handed in), `path` (tasks in order), `result` (code).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.casework.dossiers.rules.cases import case_of, under_case
from motcua.casework.fees.rules.lines import CHANNELS, FeeLine, fee_lines
from motcua.casework.forms.rules.answers import compute, is_visible, visible_answers
from motcua.casework.forms.rules.checks import check_all
from motcua.casework.forms.rules.definition import FormDefinition
from motcua.casework.process.rules.definition import Definition, Kind, Step
from motcua.casework.process.rules.engine import begin, leave
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit

from .worked import parse_moment

UNKNOWN, EXEMPT = "unknown", "exempt"
MOST_TASKS = 100
_KEYS = {"name", "answers", "channel", "submitted", "accepted", "takes", "expect"}
_EXPECTED = {"refused", "case", "fee", "fees", "because", "due", "papers", "path", "result"}


class BadCaseOfTest(ValueError):
    """A case that cannot be tried. `at`: keys that lead to the place in it."""

    def __init__(self, at: tuple[str, ...], reason: str) -> None:
        self.at, self.reason = at, reason
        super().__init__(f"{'.'.join(at)}: {reason}" if at else reason)


@dataclass(frozen=True, slots=True)
class Tested:
    """A procedure to try cases on. process: of its own, or the shared one. example: of its form."""

    procedure: Mapping[str, Any]
    form: FormDefinition
    process: Definition
    example: Mapping[str, Any]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Case:
    """A case as read. at: when it is submitted; accepted: when the clock starts."""

    name: str
    answers: Mapping[str, Any]
    channel: str
    at: datetime
    accepted: datetime
    takes: Mapping[str, tuple[str, ...]]
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What is otherwise than expected. `what`: the key of `expect`."""

    what: str
    expected: Any
    got: Any


def parse_case(data: Any) -> Case:
    """Raises BadCaseOfTest."""
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str) or not data["name"]:
        raise BadCaseOfTest((), "needs a name")
    if unknown := sorted(set(map(str, data)) - _KEYS):
        raise BadCaseOfTest((unknown[0],), "is not a known key")
    expect, answers, takes = (data.get(key, {}) for key in ("expect", "answers", "takes"))
    for key, value in (("expect", expect), ("answers", answers), ("takes", takes)):
        if not isinstance(value, Mapping):
            raise BadCaseOfTest((key,), "must be a table")
    if not expect:
        raise BadCaseOfTest(("expect",), "says nothing")
    if unknown := sorted(set(map(str, expect)) - _EXPECTED):
        raise BadCaseOfTest(
            ("expect", unknown[0]), f"nobody compares this; {', '.join(sorted(_EXPECTED))} are"
        )
    channel = data.get("channel", "online")
    if channel not in CHANNELS.values():
        raise BadCaseOfTest(("channel",), f"{channel!r} is none of {', '.join(CHANNELS.values())}")
    submitted = _moment(data, "submitted")
    return Case(
        name=data["name"],
        answers=answers,
        channel=channel,
        at=submitted,
        accepted=_moment(data, "accepted") if "accepted" in data else submitted,
        takes={step: tuple([it] if isinstance(it, str) else it) for step, it in takes.items()},
        expect=expect,
    )


def _moment(data: Mapping[str, Any], key: str) -> datetime:
    try:
        return parse_moment(data.get(key))
    except ValueError as error:
        raise BadCaseOfTest((key,), str(error)) from None


def try_case(tested: Tested, case: Case) -> list[Mismatch]:
    """What comes out otherwise than the case expects; [] when all holds. Raises BadCaseOfTest."""
    got = _outcome(tested, case)
    expected = {"refused": {}, **case.expect}
    if "due" in expected:
        try:
            expected["due"] = parse_moment(expected["due"])
        except ValueError as error:
            raise BadCaseOfTest(("expect", "due"), str(error)) from None
    found = []
    for what, value in expected.items():
        actual = got[what]() if callable(got[what]) else got[what]
        if what in {"fees", "because"} and isinstance(value, Mapping):
            actual = {code: actual[code] for code in actual if what == "fees" or code in value}
        if actual != value:
            found.append(Mismatch(what, case.expect.get(what, value), _written(actual)))
    return found


def _written(value: Any) -> Any:
    return f"{value:%a %Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


def _outcome(tested: Tested, case: Case) -> dict[str, Any]:
    """Everything that can be compared; what takes a while is a function."""
    on = case.at.date()
    given = dict(tested.example.get("answers", {})) | dict(case.answers)
    answers = {key: value for key, value in given.items() if value is not None}
    shown = visible_answers(tested.form, answers)
    facts = shown | compute(tested.form, answers, on)
    code = case_of(tested.procedure, facts)
    applied = under_case(tested.procedure, code)
    lines = fee_lines(applied, answers, on=on, channel=case.channel)
    amounts = [line.amount_vnd for line in lines]
    return {
        "refused": {key: it.code for key, it in check_all(tested.form, answers, on).items()},
        "case": code,
        "fee": UNKNOWN if None in amounts else sum(it for it in amounts if it is not None),
        "fees": {line.code: _amount(line) for line in lines},
        "because": {line.code: (line.because or {}).get("en", "") for line in lines},
        "due": lambda: _due(applied, case, tested.calendar),
        "papers": list(_papers(applied, tested.form, shown)),
        "path": lambda: list(_path(tested.process, {**facts, "case": code}, case.takes)),
        "result": applied["results"][0]["code"] if applied.get("results") else "",
    }


def _amount(line: FeeLine) -> int | str:
    if line.exempt:
        return EXEMPT
    return UNKNOWN if line.amount_vnd is None else line.amount_vnd


def _due(procedure: Mapping[str, Any], case: Case, calendar: Calendar) -> datetime:
    """As `dossiers.services.clock` begins a dossier's clock."""
    return due(
        case.accepted,
        parse_limit(procedure["limit"]["value"]),
        calendar,
        civil_code=procedure.get("counting") == "civil_code",
        last_hour_next_day=bool(procedure.get("linked")),
    ).at


def _papers(procedure: Mapping[str, Any], form: FormDefinition, shown: Mapping[str, Any]) -> Iterator[str]:
    for component in procedure["components"]:
        field = form.fields.get(component.get("field", ""))
        if field and is_visible(form, field, shown):
            yield component["code"]


def _path(
    process: Definition, facts: Mapping[str, Any], takes: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """The tasks in the order in which they are done, of those that wait the oldest first. No timer fires."""
    step, done = begin(process, facts), dict.fromkeys(takes, 0)
    for _ in range(MOST_TASKS):
        if step.ended:
            return
        token = next(
            it for it in step.marking.tokens if process.nodes[it.node].kind not in {Kind.PARALLEL, Kind.CALL}
        )
        node, outcome = process.nodes[token.node], ""
        if isinstance(node, Step):
            yield node.code
            asked = takes.get(node.code, ())
            at = done.get(node.code, 0)
            outcome = asked[at] if at < len(asked) else _onward(node)
            if node.code in done:
                done[node.code] += 1
            if outcome not in node.outcomes:
                raise BadCaseOfTest(("takes", node.code), f"{node.code} has no outcome {outcome}")
            facts = {**facts, f"outcome.{node.code}": outcome}
        step = leave(process, step.marking, token.id, outcome, facts)
    raise BadCaseOfTest(("takes",), f"the way is longer than {MOST_TASKS} tasks")


def _onward(node: Step) -> str:
    return next(it.name for it in node.outcomes.values() if not it.back)
