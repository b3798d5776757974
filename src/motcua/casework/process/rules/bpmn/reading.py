"""A BPMN 2.0 file as a process in the form of process.yaml. What is outside the subset is refused, all at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from motcua.casework.process.rules.bpmn import names
from motcua.casework.process.rules.bpmn.source import Element, read_xml
from motcua.casework.process.rules.bpmn.subset import EVENTS, KINDS, find_foreign
from motcua.casework.process.rules.expression import read_expression
from motcua.casework.process.rules.findings import BadProcess, Finding
from motcua.foundation.kernel.conditions import BadCondition
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

_DURATION = re.compile(r"P(?:(?P<m>[1-9]\d{0,3})M|(?P<w>[1-9]\d{0,2})W|(?P<d>[1-9]\d{0,3})D)", re.ASCII)
_CHOOSING = {"exclusiveGateway", "inclusiveGateway"}
_GATEWAYS = _CHOOSING | {"parallelGateway"}
Row = dict[str, Any]


def read_bpmn(content: bytes) -> dict[str, Any]:
    """The process as data for `parse_process`. Raises BadProcess: what and where (element, id, name, line)."""
    root = read_xml(content)
    if root.space != names.MODEL or root.tag != "definitions":
        raise BadProcess(
            [Finding(f"line {root.line}", "is no BPMN 2.0 file: it must begin with definitions")]
        )
    foreign = list(find_foreign(root))
    processes = list(root.all("process"))
    if len(processes) != 1:
        foreign.append(Finding(root.place, f"has {len(processes)} processes; one a file is read"))
    pools = [it for collaboration in root.all("collaboration") for it in collaboration.all("participant")]
    foreign += [Finding(it.place, "is a second participant; one a file is read") for it in pools[1:]]
    if foreign:
        raise BadProcess(foreign)
    reading = _Reading(root, processes[0])
    data = reading.data()
    if reading.findings:
        raise BadProcess(reading.findings)
    return data


def explain(content: bytes, error: BadProcess) -> BadProcess:
    """The same findings with the element and line of the file beside each step's name."""
    reading = _Reading(*_process_of(read_xml(content)))
    places = {reading.name(it): it.place for it in reading.nodes.values()}

    def placed(finding: Finding) -> Finding:
        where = places.get(finding.place.partition(".")[0])
        return Finding(f"{finding.place} ({where})", finding.why, finding.kind) if where else finding

    return BadProcess(placed(it) for it in error.findings)


def _process_of(root: Element) -> tuple[Element, Element]:
    return root, next(root.all("process"))


class _Reading:
    """One process: its elements by id, and what is wrong with them."""

    def __init__(self, root: Element, process: Element) -> None:
        self.findings: list[Finding] = []
        self.process = process
        self.messages = {it.id: it.get("name") or it.id for it in root.all("message")}
        tags = set(KINDS) | set(EVENTS)
        self.nodes = {it.id: it for it in process.children if it.tag in tags and it.space == names.MODEL}
        self.flows = list(process.all("sequenceFlow"))
        self.out: dict[str, list[Element]] = {}
        self.into: Counter[str] = Counter()
        for flow in self.flows:
            self.out.setdefault(flow.get("sourceRef"), []).append(flow)
            self.into[flow.get("targetRef")] += 1
        self.is_ours = "motcua:code" in process.attributes
        self.folded: set[str] = set()  # gateways where a task's outcomes part

    def wrong(self, element: Element, why: str) -> None:
        self.findings.append(Finding(element.place, why))

    def data(self) -> dict[str, Any]:
        self._check_ids()
        self._check_flows()
        if self.findings:
            return {}
        lanes, lane_of = self._lanes()
        self.folded = {gateway for it in self.nodes if (gateway := self._outcome_gateway(it))}
        starts = [it for it in self.nodes.values() if it.tag == "startEvent"]
        if len(starts) != 1:
            self.wrong(self.process, f"has {len(starts)} start events; it needs one")
        steps = [
            self._row(it, lane_of.get(it.id, ""))
            for it in self.nodes.values()
            if it.tag not in {"startEvent", "boundaryEvent"} and it.id not in self.folded
        ]
        self._add_timers({row["name"]: row for row in steps})
        data: dict[str, Any] = {"code": self.process.get("motcua:code") or self._code(self.process.id)}
        if starts:
            data["start"] = self._target(self.out[starts[0].id][0])
        return data | ({"lanes": lanes} if lanes else {}) | {"steps": steps}

    def _check_ids(self) -> None:
        seen: dict[str, Element] = {}
        for element in self.process.children:
            if element.space != names.MODEL or element.tag in {
                "laneSet",
                "extensionElements",
                "documentation",
            }:
                continue
            if not element.id:
                self.wrong(element, "has no id")
            elif element.id in seen:
                self.wrong(element, f"has the id of {seen[element.id].place}")
            seen[element.id] = element
        told: dict[str, Element] = {}
        for node in self.nodes.values():
            if node.tag in {"startEvent", "boundaryEvent"} or node.get("motcua:outcomes"):
                continue  # no step of its own
            if other := told.get(self.name(node)):
                self.wrong(
                    node,
                    f"has the name {self.name(node)!r} as {other.place}; motcua:name can tell them apart",
                )
            told[self.name(node)] = node

    def _check_flows(self) -> None:
        for flow in self.flows:
            for end in ("sourceRef", "targetRef"):
                if flow.get(end) not in self.nodes:
                    self.wrong(flow, f"{end} {flow.get(end)!r} is no element that is read")
            source = self.nodes.get(flow.get("sourceRef"))
            if any(flow.all("conditionExpression")) and (not source or source.tag not in _CHOOSING):
                self.wrong(flow, "has a condition, but does not leave an exclusive or inclusive gateway")
        for node in self.nodes.values():
            self._check_ways(node)

    def _check_ways(self, node: Element) -> None:
        ways = len(self.out.get(node.id, ()))
        if node.tag == "endEvent":
            if ways:
                self.wrong(node, "is an end and must have no way out")
        elif not ways:
            self.wrong(node, "has no way out")
        elif ways > 1 and node.tag not in _GATEWAYS:
            self.wrong(node, "has several ways out; put a gateway there")
        if node.tag in {"startEvent", "boundaryEvent"} and self.into[node.id]:
            self.wrong(node, "must have no way in")
        if node.get("default") and node.tag not in _CHOOSING:
            self.wrong(node, "has a default way, but is no exclusive or inclusive gateway")
        if node.tag in {"intermediateCatchEvent", "boundaryEvent"}:
            events = [it for it in node.children if it.tag in EVENTS[node.tag]]
            if len(events) != 1:
                self.wrong(node, f"needs exactly one of {', '.join(sorted(EVENTS[node.tag]))}")

    def name(self, element: Element) -> str:
        """What a step is called: our own name, or the id in small letters."""
        return element.get("motcua:name") or _slug(element.id)

    def _code(self, identity: str) -> str:
        return identity.removeprefix(names.PROCESS)

    def _target(self, flow: Element) -> str:
        return self.name(self.nodes[flow.get("targetRef")])

    def _lanes(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Lanes as data, and the lane of each element."""
        lanes: dict[str, Any] = {}
        lane_of: dict[str, str] = {}
        sets = list(self.process.all("laneSet"))
        if len(sets) > 1:
            self.wrong(sets[1], "is a second set of lanes; one is read")
        for lane in sets[0].all("lane") if sets else ():
            name = _slug(lane.id.removeprefix(names.LANE))
            lane_of |= {ref.text.strip(): name for ref in lane.all("flowNodeRef")}
            if name in lanes:
                self.wrong(lane, f"has the name {name!r} as another lane")
            if lane.get("motcua:undeclared"):
                continue
            row: Row = {"title": _texts(lane, "title", lane.get("name"))}
            if lane.get("motcua:unit"):
                row["unit"] = lane.get("motcua:unit")
            if lane.get("motcua:agency"):
                row["agency"] = self._json(lane, lane.get("motcua:agency"))
            lanes[name] = row
        return lanes, lane_of

    def _json(self, element: Element, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            self.wrong(element, f"motcua:agency is no JSON: {error}")
            return {}

    def _row(self, element: Element, lane: str) -> Row:
        kind = KINDS.get(element.tag) or ("timer" if any(element.all("timerEventDefinition")) else "message")
        row: Row = {"name": self.name(element), "kind": str(kind)}
        if title := _texts(element, "title", element.get("name")):
            row["title"] = title
        if public := _texts(element, "public"):
            row["public"] = public
        if kind == "task":
            return row | self._task(element, lane)
        if kind == "end":
            return row | ({"terminates": True} if any(element.all("terminateEventDefinition")) else {})
        return row | self._special(element, str(kind)) | self._onward(element)

    def _task(self, element: Element, lane: str) -> Row:
        row: Row = {"lane": lane, "outcomes": self._outcomes(element)}
        for key in ("role", "act", "limit"):
            if value := element.get(f"motcua:{key}"):
                row[key] = value
        if did := element.get("motcua:did"):
            row["person"] = {"did": did}
        if checks := [_language_texts(it) for it in element.own("check")]:
            row["checks"] = checks
        return row

    def _special(self, element: Element, kind: str) -> Row:
        """What only this kind has."""
        if kind == "timer":
            return {"after": self._after(element)}
        if kind == "service":
            return {"service": element.get("motcua:service")}
        if kind == "call":
            return {"process": self._code(element.get("calledElement"))}
        if kind == "message":
            holder = next(element.all("messageEventDefinition"), element)
            reference = holder.get("messageRef")
            return {"message": self.messages.get(reference, reference)}
        return {}

    def _onward(self, element: Element) -> Row:
        """Where it goes: `to`, or `choices` and `otherwise`."""
        flows = self.out[element.id]
        if element.tag == "parallelGateway":
            return {"to": [self._target(it) for it in flows]}
        if len(flows) == 1:
            return {"to": self._target(flows[0])}
        default = self._default(element, flows)
        choices = [{"if": self._condition(it), "to": self._target(it)} for it in flows if it is not default]
        return {"choices": choices, "otherwise": self._target(default) if default else ""}

    def _default(self, element: Element, flows: list[Element]) -> Element | None:
        default = next((it for it in flows if it.id == element.get("default")), None)
        if not default:
            self.wrong(element, "needs a default way: where to go when no condition holds")
        return default

    def _condition(self, flow: Element) -> list[Row]:
        text = next((it.text for it in flow.all("conditionExpression")), "")
        if not text.strip():
            self.wrong(flow, "needs a condition")
            return []
        try:
            return read_expression(text)
        except BadCondition as error:
            self.wrong(flow, f"condition: {error}")
            return []

    def _outcome_gateway(self, task: str) -> str:
        """The exclusive gateway right after a task where its outcomes part; "" when there is none."""
        element, flows = self.nodes[task], self.out.get(task, [])
        gateway = self.nodes.get(flows[0].get("targetRef")) if flows else None
        if element.tag != "userTask" or not gateway or gateway.tag != "exclusiveGateway":
            return ""
        ways = self.out[gateway.id]
        if self.into[gateway.id] != 1 or len(ways) < 2:
            return ""
        if self.is_ours:
            return gateway.id if gateway.get("motcua:outcomes") else ""
        by_outcome = [it for it in ways if it.id == gateway.get("default") or self._outcome_of(element, it)]
        return gateway.id if len(by_outcome) == len(ways) else ""

    def _outcome_of(self, task: Element, flow: Element) -> str:
        """The outcome a flow's condition asks for, if it asks for that alone."""
        try:
            rows = read_expression(next((it.text for it in flow.all("conditionExpression")), ""))
        except BadCondition:
            return ""
        one = rows[0] if len(rows) == 1 else {}
        is_outcome = one.get("field") in {"outcome", f"outcome.{self.name(task)}"}
        return str(one["equals"]) if is_outcome and isinstance(one.get("equals"), str) else ""

    def _outcomes(self, task: Element) -> list[Row]:
        gateway = self._outcome_gateway(task.id)
        flows = self.out[gateway or task.id]
        rows: list[Row] = []
        for flow in flows:
            asked = self._outcome_of(task, flow) if gateway else ""
            row: Row = {
                "name": flow.get("motcua:outcome") or asked or _slug(flow.get("name")) or "done",
                "to": self._target(flow),
            }
            is_named = not flow.get("motcua:outcome") or any(flow.own("label"))
            if label := _texts(flow, "label", flow.get("name") if is_named else ""):
                row["label"] = label
            if flow.get("motcua:back") == "true":
                row["back"] = True
            rows.append(row)
        return rows

    def _add_timers(self, rows: Mapping[str, Row]) -> None:
        for element in self.nodes.values():
            if element.tag != "boundaryEvent":
                continue
            host = self.nodes.get(element.get("attachedToRef"))
            row = rows.get(self.name(host)) if host else None
            if not row or row["kind"] not in {"task", "service", "message", "call"}:
                self.wrong(element, "must be attached to a user, service or receive task or a call activity")
                continue
            row.setdefault("timers", []).append(
                {
                    "name": self._timer_name(element),
                    "after": self._after(element),
                    "to": self._target(self.out[element.id][0]),
                    "interrupts": element.get("cancelActivity") != "false",
                }
            )

    def _timer_name(self, element: Element) -> str:
        """After its host's name where we wrote it, else its id."""
        ours = element.id.removeprefix(f"{element.get('attachedToRef')}.")
        return _slug(ours)

    def _after(self, element: Element) -> str:
        """Our own length if it stands there, else calendar days, weeks or months of ISO 8601."""
        definition = next(element.all("timerEventDefinition"))
        written = "".join(it.text for it in definition.all("timeDuration")).strip().strip("\"'")
        own = definition.get("motcua:after") or written
        try:
            return str(parse_limit(own))
        except UnreadableLimit:
            pass
        found = _DURATION.fullmatch(written)
        if not found:
            self.wrong(
                element,
                f"the duration {written!r} cannot be counted; P3D, P2W and P1M can, or 3wd, 8wh, 20d, 1m "
                "(working days, working hours, days, months)",
            )
            return ""
        if found["w"]:
            return f"{int(found['w']) * 7}d"
        return f"{found['d']}d" if found["d"] else f"{found['m']}m"


def _slug(identity: str) -> str:
    """A name for a step from an id or words of another tool."""
    return re.sub(r"[^a-z0-9_-]+", "_", identity.lower()).strip("_")[:40]


def _language_texts(holder: Element) -> dict[str, str]:
    return {
        it.get("language"): it.text for it in holder.children if it.tag == "text" and it.space == names.OWN
    }


def _texts(element: Element, tag: str, name: str = "") -> dict[str, str]:
    """Our texts by language. A `name` that was changed in another tool wins over the text of its language."""
    texts = next((_language_texts(it) for it in element.own(tag)), {})
    if not name:
        return texts
    if not texts:
        return {names.LANGUAGE: name}
    old = texts.get(names.LANGUAGE)
    if old is not None and " ".join(old.split()) != " ".join(name.split()):
        texts[names.LANGUAGE] = name
    return texts
