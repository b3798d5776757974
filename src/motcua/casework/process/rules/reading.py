"""From parsed YAML or JSON to nodes, with a finding for everything that does not fit. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from motcua.casework.process.rules.deciding import choices_of
from motcua.casework.process.rules.findings import Finding
from motcua.casework.process.rules.model import (
    ACTIVITIES,
    END,
    BoundaryTimer,
    Flow,
    Kind,
    Lane,
    Node,
    Outcome,
    Step,
    Texts,
)
from motcua.foundation.kernel.conditions import BadCondition, Condition, parse_conditions
from motcua.foundation.kernel.tables import BadTable
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

_Part = TypeVar("_Part")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_COMMON = {"name", "kind", "title", "public"}
_KEYS = {
    Kind.TASK: {"lane", "role", "person", "act", "limit_hours", "limit", "checks", "outcomes", "timers"},
    Kind.SERVICE: {"service", "to", "timers"},
    Kind.EXCLUSIVE: {"choices", "table", "otherwise", "to"},
    Kind.INCLUSIVE: {"choices", "otherwise", "to"},
    Kind.PARALLEL: {"to"},
    Kind.TIMER: {"after", "to"},
    Kind.MESSAGE: {"message", "to", "timers"},
    Kind.CALL: {"process", "to", "timers"},
    Kind.END: {"terminates"},
}


class Reader:
    """Reads rows and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def wrong(self, place: str, why: str) -> None:
        self.findings.append(Finding(place, why))

    def lanes(self, data: Any) -> dict[str, Lane]:
        if not isinstance(data, Mapping):
            self.wrong("lanes", "must be a table of lanes")
            return {}
        return {str(name): self._lane(str(name), row) for name, row in data.items()}

    def _lane(self, name: str, row: Any) -> Lane:
        place = f"lanes.{name}"
        self._lane_name(place, name)
        if not isinstance(row, Mapping):
            self.wrong(place, "must be texts, or a table with a title")
            return Lane(name, {})
        if "title" not in row:
            return Lane(name, self._texts(place, row))
        self._keys(place, row, {"title", "unit", "agency"})
        if "unit" in row and "agency" in row:
            self.wrong(place, "names a unit and an agency; it needs one of them or neither")
        agency = row.get("agency", {})
        if not isinstance(agency, Mapping) or not all(isinstance(it, str) for it in agency.values()):
            self.wrong(f"{place}.agency", "must be a table of texts")
            agency = {}
        unit = self._text(place, row, "unit", needed=False)
        return Lane(name, self._texts(place, row["title"]), unit, dict(agency))

    def _lane_name(self, place: str, name: str) -> str:
        if len(name) > 40:
            self.wrong(place, "names a lane with more than 40 letters")
        return name

    def nodes(self, data: Any) -> dict[str, Node]:
        if not isinstance(data, list):
            self.wrong("steps", "must be a list")
            return {}
        nodes: dict[str, Node] = {}
        for number, row in enumerate(data, start=1):
            if not isinstance(row, Mapping) or not NAME.fullmatch(str(row.get("name", ""))):
                self.wrong(
                    f"step {number}",
                    "needs a name of small letters, digits, - and _, at most 40, a letter first",
                )
            elif row["name"] in nodes:
                self.wrong(row["name"], "this name is given twice")
            else:
                nodes[row["name"]] = self._node(row["name"], row)
        return nodes

    def _node(self, code: str, row: Mapping[str, Any]) -> Node:
        try:
            kind = Kind(row.get("kind", "task"))
        except ValueError:
            self.wrong(code, f"{row['kind']!r} is no kind of step; {', '.join(Kind)} are")
            kind = Kind.END
            row = {}
        if code == END and kind is not Kind.END:
            self.wrong(code, "only an end can have this name")
        self._keys(code, row, _COMMON | _KEYS[kind])
        if kind is Kind.TASK:
            return self._step(code, row)
        return Node(
            code=code,
            kind=kind,
            names=self._texts(code, row["title"]) if "title" in row else {},
            public=self._texts(f"{code}.public", row["public"]) if "public" in row else {},
            flows=self._flows(code, kind, row),
            timers=self._timers(code, row) if kind in ACTIVITIES else (),
            after=self._limit(code, row, "after") if kind is Kind.TIMER else "",
            message=self._word(code, row, "message") if kind is Kind.MESSAGE else "",
            service=self._word(code, row, "service") if kind is Kind.SERVICE else "",
            process=self._word(code, row, "process") if kind is Kind.CALL else "",
            terminates=row.get("terminates") is True,
        )

    def _step(self, code: str, row: Mapping[str, Any]) -> Step:
        if "title" not in row:
            self.wrong(code, "title is missing")
        outcomes = self._outcomes(code, row)
        person = row.get("person", {})
        if "person" in row and (not isinstance(person, Mapping) or set(person) != {"did"}):
            self.wrong(f"{code}.person", "must be {did: STEP}")
            person = {}
        checks = row.get("checks", [])
        if not isinstance(checks, list):
            self.wrong(f"{code}.checks", "must be a list of texts")
            checks = []
        return Step(
            code=code,
            kind=Kind.TASK,
            names=self._texts(code, row.get("title", {})),
            public=self._texts(f"{code}.public", row["public"]) if "public" in row else {},
            flows=tuple(Flow(code, it.name, it.to) for it in outcomes),
            timers=self._timers(code, row),
            lane=self._lane_name(f"{code}.lane", self._text(code, row, "lane")),
            role=self._text(code, row, "role"),
            limit=self._step_limit(code, row),
            outcomes={it.name: it for it in outcomes},
            act=self._text(code, row, "act", needed=False),
            did=str(person.get("did", "")),
            checks=tuple(self._texts(f"{code}.checks", it) for it in checks),
        )

    def _step_limit(self, code: str, row: Mapping[str, Any]) -> str:
        if "limit" in row and "limit_hours" in row:
            self.wrong(code, "has limit and limit_hours; it needs one of them")
        if "limit_hours" not in row:
            return self._limit(code, row, "limit")
        return self._limit(code, {"limit_hours": f"{row['limit_hours']}wh"}, "limit_hours")

    def _limit(self, place: str, row: Mapping[str, Any], key: str) -> str:
        value = self._text(place, row, key)
        try:
            if value:
                parse_limit(value)
        except UnreadableLimit as error:
            self.wrong(f"{place}.{key}", str(error))
        return value

    def _outcomes(self, code: str, row: Mapping[str, Any]) -> tuple[Outcome, ...]:
        rows = row.get("outcomes")
        if not isinstance(rows, list) or not rows:
            self.wrong(code, "outcomes are missing")
            return ()
        return self._named(code, rows, {"name", "label", "to", "back"}, self._outcome)

    def _outcome(self, place: str, row: Mapping[str, Any]) -> Outcome:
        label = self._texts(place, row["label"]) if "label" in row else {}
        return Outcome(row["name"], self._text(place, row, "to"), label, row.get("back") is True)

    def _timers(self, code: str, row: Mapping[str, Any]) -> tuple[BoundaryTimer, ...]:
        return self._named(
            code, row.get("timers", []), {"name", "after", "to", "interrupts"}, self._boundary_timer
        )

    def _boundary_timer(self, place: str, row: Mapping[str, Any]) -> BoundaryTimer:
        if not isinstance(row.get("interrupts"), bool):
            self.wrong(place, "needs interrupts: true or false")
        after = self._limit(place, row, "after")
        return BoundaryTimer(row["name"], after, self._text(place, row, "to"), row.get("interrupts") is True)

    def _named(
        self, code: str, rows: Any, keys: set[str], read: Callable[[str, Mapping[str, Any]], _Part]
    ) -> tuple[_Part, ...]:
        """Rows with a name of their own in a step."""
        parts: dict[str, _Part] = {}
        for row in rows if isinstance(rows, list) else [rows]:
            if not isinstance(row, Mapping) or not NAME.fullmatch(str(row.get("name", ""))):
                self.wrong(code, "an outcome or timer needs a name of small letters, digits, - and _")
            elif row["name"] in parts:
                self.wrong(f"{code}.{row['name']}", "this name is given twice")
            else:
                self._keys(f"{code}.{row['name']}", row, keys)
                parts[row["name"]] = read(f"{code}.{row['name']}", row)
        return tuple(parts.values())

    def _flows(self, code: str, kind: Kind, row: Mapping[str, Any]) -> tuple[Flow, ...]:
        if kind is Kind.END:
            return ()
        if kind is Kind.EXCLUSIVE and "table" in row:
            row = self._table(code, row)
        if kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE} and "choices" in row:
            return self._choices(code, row)
        if kind is Kind.PARALLEL and isinstance(row.get("to"), list):
            if not row["to"] or not all(isinstance(it, str) for it in row["to"]):
                self.wrong(f"{code}.to", "must be names of steps")
                return ()
            return tuple(Flow(code, str(at), target) for at, target in enumerate(row["to"]))
        target = self._text(code, row, "to")
        return (Flow(code, "0", target),) if target else ()

    def _table(self, code: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """A gateway's decision table as the choices it stands for."""
        if "choices" in row:
            self.wrong(code, "has choices and table; it needs one of them")
        try:
            return {**row, "choices": choices_of(row["table"])}
        except BadTable as error:
            self.wrong(f"{code}.table.{error.path}", error.reason)
            return {**row, "choices": []}

    def _choices(self, code: str, row: Mapping[str, Any]) -> tuple[Flow, ...]:
        if "to" in row:
            self.wrong(code, "has choices and to; it needs one of them")
        if not isinstance(row.get("otherwise"), str):
            self.wrong(code, "needs otherwise: where to go when no choice holds")
        choices = row["choices"] if isinstance(row["choices"], list) else []
        if not choices:
            self.wrong(f"{code}.choices", "must be a list of {if, to}")
        flows = []
        for at, choice in enumerate(choices):
            place = f"{code}.choices[{at}]"
            if not isinstance(choice, Mapping) or set(choice) != {"if", "to"}:
                self.wrong(place, "must be {if, to}")
                continue
            conditions = self._conditions(place, choice["if"])
            flows.append(Flow(code, str(at), self._text(place, choice, "to"), conditions))
        return (*flows, Flow(code, str(len(choices)), str(row.get("otherwise", ""))))

    def _conditions(self, place: str, data: Any) -> tuple[Condition, ...]:
        try:
            conditions = parse_conditions(data)
        except BadCondition as error:
            self.wrong(place, str(error))
            return ()
        if not conditions:
            self.wrong(place, "needs a condition")
        return conditions

    def _keys(self, place: str, row: Mapping[str, Any], known: set[str]) -> None:
        if unknown := sorted(str(key) for key in row if key not in known):
            self.wrong(place, f"nobody reads {', '.join(unknown)} here")

    def _text(self, place: str, row: Mapping[str, Any], key: str, *, needed: bool = True) -> str:
        value = row.get(key, "")
        if not isinstance(value, str) or (needed and not value):
            self.wrong(place, f"{key} is missing" if value == "" else f"{key} must be a text")
            return ""
        return value

    def _word(self, place: str, row: Mapping[str, Any], key: str) -> str:
        value = self._text(place, row, key)
        if value and not _WORD.fullmatch(value):
            self.wrong(f"{place}.{key}", "must be of letters without accents, digits, dots, - and _")
        return value

    def _texts(self, place: str, data: Any) -> Texts:
        if not isinstance(data, Mapping) or not all(isinstance(it, str) for it in data.values()):
            self.wrong(place, "must have a text for each language")
            return {}
        return dict(data)
