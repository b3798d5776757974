"""A process as a BPMN 2.0 file that other tools open: the model, our own data beside it, and a diagram. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from motcua.casework.process.rules.bpmn import names
from motcua.casework.process.rules.expression import write_expression
from motcua.casework.process.rules.layout import Edge, lay_out
from motcua.casework.process.rules.model import (
    SCOPE,
    BoundaryTimer,
    Definition,
    Flow,
    Kind,
    Lane,
    Node,
    Step,
    Texts,
)
from motcua.foundation.worktime.limits import Unit, parse_limit

_TAGS = {
    Kind.TASK: "userTask",
    Kind.SERVICE: "serviceTask",
    Kind.EXCLUSIVE: "exclusiveGateway",
    Kind.PARALLEL: "parallelGateway",
    Kind.INCLUSIVE: "inclusiveGateway",
    Kind.TIMER: "intermediateCatchEvent",
    Kind.MESSAGE: "intermediateCatchEvent",
    Kind.CALL: "callActivity",
    Kind.END: "endEvent",
}
_SIZES = {"Task": (140.0, 80.0), "Activity": (140.0, 80.0), "Gateway": (50.0, 50.0), "Event": (36.0, 36.0)}
# BPMN counts by ISO 8601, which knows no working time: the exact length stands beside it in our namespace.
_ISO = {
    Unit.WORKING_HOURS: "PT{}H",
    Unit.WORKING_DAYS: "P{}D",
    Unit.DAYS: "P{}D",
    Unit.MONTHS: "P{}M",
    Unit.SAME_DAY: "P{}D",
}


def write_bpmn(definition: Definition) -> bytes:
    """The process as BPMN 2.0 XML (UTF-8) with diagram coordinates; reading it gives the same definition.

    What it calls is named, not written.
    """
    for prefix, space in (
        ("", names.MODEL), ("bpmndi", names.DIAGRAM), ("dc", names.DC), ("di", names.DI), ("xsi", names.XSI),
        ("motcua", names.OWN),
    ):  # fmt: skip
        register_namespace(prefix, space)
    root = Element(_bpmn("definitions"), {"id": "definitions", "targetNamespace": names.OWN})
    nodes = [it for it in definition.nodes.values() if SCOPE not in it.code and _is_used(definition, it)]
    for message in dict.fromkeys(it.message for it in nodes if it.message):
        SubElement(root, _bpmn("message"), {"id": names.MESSAGE + message, "name": message})
    process = SubElement(
        root,
        _bpmn("process"),
        {"id": names.PROCESS + definition.code, "isExecutable": "true", _own("code"): definition.code},
    )
    _write_lanes(process, definition, nodes)
    model = _Model(process)
    model.start(definition.start)
    for node in nodes:
        model.node(node)
    _write_diagram(root, process, model)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _bpmn(tag: str) -> str:
    return f"{{{names.MODEL}}}{tag}"


def _own(tag: str) -> str:
    return f"{{{names.OWN}}}{tag}"


def _is_used(definition: Definition, node: Node) -> bool:
    return node.code == definition.start or node.code in definition.incoming


def _named(identity: str, texts: Texts) -> dict[str, str]:
    name = texts.get(names.LANGUAGE) or next(iter(texts.values()), "")
    return {"id": identity, "name": name} if name else {"id": identity}


def _extend(element: Element, parts: Mapping[str, tuple[Texts, ...]]) -> None:
    """Texts by language, as our extension elements; nothing when there are none."""
    wanted = {tag: rows for tag, rows in parts.items() if any(rows)}
    if not wanted:
        return
    extensions = SubElement(element, _bpmn("extensionElements"))
    for tag, rows in wanted.items():
        for texts in rows:
            holder = SubElement(extensions, _own(tag))
            for language, words in texts.items():
                SubElement(holder, _own("text"), {"language": language}).text = words


def _write_lanes(process: Element, definition: Definition, nodes: list[Node]) -> None:
    lanes = {name: lane for name, lane in definition.lanes.items() if SCOPE not in name}
    for node in nodes:
        if isinstance(node, Step):
            lanes.setdefault(node.lane, Lane(node.lane, {}))
    if not lanes:
        return
    lane_set = SubElement(process, _bpmn("laneSet"), {"id": "lanes"})
    for name, lane in lanes.items():
        attributes = _named(names.LANE + name, lane.names)
        if name not in definition.lanes:
            attributes[_own("undeclared")] = "true"
        if lane.unit:
            attributes[_own("unit")] = lane.unit
        if lane.agency:
            attributes[_own("agency")] = json.dumps(dict(lane.agency), ensure_ascii=False)
        element = SubElement(lane_set, _bpmn("lane"), attributes)
        _extend(element, {"title": (lane.names,)})
        for node in nodes:
            if isinstance(node, Step) and node.lane == name:
                SubElement(element, _bpmn("flowNodeRef")).text = node.code


class _Model:
    """Writes flow nodes and sequence flows and remembers them for the diagram."""

    def __init__(self, process: Element) -> None:
        self.process = process
        self.shapes: dict[str, tuple[float, float]] = {}
        self.edges: list[Edge] = []
        self.attached: list[tuple[str, str]] = []

    def start(self, target: str) -> None:
        self._element("startEvent", {"id": names.START})
        self._flow(Edge(names.flow_id(names.START, "0"), names.START, target))

    def node(self, node: Node) -> None:
        tag = "receiveTask" if node.kind is Kind.MESSAGE and node.timers else _TAGS[node.kind]
        element = self._element(tag, _named(node.code, node.names) | _attributes(node))
        checks = node.checks if isinstance(node, Step) else ()
        _extend(element, {"title": (node.names,), "public": (node.public,), "check": checks})
        _write_event(element, node)
        if isinstance(node, Step) and len(node.flows) > 1:
            self._outcomes(node)
        else:
            for flow in node.flows:
                self._way(node, flow, node.code, is_last=flow is node.flows[-1])
        if node.chooses:
            element.set("default", names.flow_id(node.code, node.flows[-1].name))
        for timer in node.timers:
            self._timer(node, timer)

    def _element(self, tag: str, attributes: dict[str, str]) -> Element:
        self.shapes[attributes["id"]] = next(size for end, size in _SIZES.items() if tag.endswith(end))
        return SubElement(self.process, _bpmn(tag), attributes)

    def _outcomes(self, step: Step) -> None:
        """A task has one way out in BPMN; its outcomes part at a gateway of ours."""
        gateway = step.code + names.CHOICE
        default = names.flow_id(step.code, step.flows[-1].name)
        self._flow(Edge(names.flow_id(gateway, "0"), step.code, gateway))
        self._element("exclusiveGateway", {"id": gateway, "default": default, _own("outcomes"): "true"})
        for flow in step.flows:
            self._way(step, flow, gateway, is_last=flow is step.flows[-1])

    def _way(self, node: Node, flow: Flow, source: str, *, is_last: bool) -> None:
        edge = Edge(names.flow_id(node.code, flow.name), source, flow.target)
        if not isinstance(node, Step):
            self._flow(edge, expression=write_expression(flow.conditions))
            return
        outcome = node.outcomes[flow.name]
        element = self._flow(
            edge,
            _named(edge.id, outcome.label or {names.LANGUAGE: outcome.name})
            | {_own("outcome"): outcome.name},
            expression="" if is_last else f'outcome.{node.code} == "{outcome.name}"',
            label=outcome.label,
        )
        if outcome.back:
            element.set(_own("back"), "true")

    def _timer(self, node: Node, timer: BoundaryTimer) -> None:
        identity = names.timer_id(node.code, timer.name)
        element = SubElement(
            self.process,
            _bpmn("boundaryEvent"),
            {
                "id": identity,
                "name": timer.name,
                "attachedToRef": node.code,
                "cancelActivity": "true" if timer.interrupts else "false",
            },
        )
        _write_duration(element, timer.after)
        self.attached.append((identity, node.code))
        edge = Edge(names.flow_id(identity, "0"), identity, timer.to)
        self._flow(edge)

    def _flow(
        self,
        edge: Edge,
        attributes: Mapping[str, str] | None = None,
        *,
        expression: str = "",
        label: Texts | None = None,
    ) -> Element:
        self.edges.append(edge)
        element = SubElement(
            self.process,
            _bpmn("sequenceFlow"),
            {**(attributes or {}), "id": edge.id, "sourceRef": edge.source, "targetRef": edge.target},
        )
        _extend(element, {"label": (label or {},)})
        if expression:
            condition = SubElement(element, _bpmn("conditionExpression"))
            condition.set(f"{{{names.XSI}}}type", "tFormalExpression")
            condition.text = expression
        return element


def _attributes(node: Node) -> dict[str, str]:
    """What a node says in attributes, BPMN's and ours."""
    if node.kind is Kind.CALL:
        return {"calledElement": names.PROCESS + node.process}
    if node.kind is Kind.MESSAGE and node.timers:
        return {"messageRef": names.MESSAGE + node.message}
    own = {"service": node.service}
    if isinstance(node, Step):
        own |= {"role": node.role, "act": node.act, "limit": node.limit, "did": node.did}
    return {_own(key): value for key, value in own.items() if value}


def _write_event(element: Element, node: Node) -> None:
    if node.kind is Kind.TIMER:
        _write_duration(element, node.after)
    elif node.kind is Kind.MESSAGE and not node.timers:
        SubElement(element, _bpmn("messageEventDefinition"), {"messageRef": names.MESSAGE + node.message})
    elif node.terminates:
        SubElement(element, _bpmn("terminateEventDefinition"))


def _write_duration(element: Element, after: str) -> None:
    limit = parse_limit(after)
    definition = SubElement(element, _bpmn("timerEventDefinition"), {_own("after"): after})
    duration = SubElement(definition, _bpmn("timeDuration"))
    duration.set(f"{{{names.XSI}}}type", "tFormalExpression")
    duration.text = _ISO[limit.unit].format(limit.count)


def _write_diagram(root: Element, process: Element, model: _Model) -> None:
    """Shapes and edges; a boundary timer sits on the lower edge of its activity."""
    host = dict(model.attached)
    edges = [Edge(it.id, host.get(it.source, it.source), it.target) for it in model.edges]
    drawing = lay_out(model.shapes, edges, names.START)
    diagram = SubElement(root, f"{{{names.DIAGRAM}}}BPMNDiagram", {"id": "diagram"})
    plane = SubElement(
        diagram, f"{{{names.DIAGRAM}}}BPMNPlane", {"id": "plane", "bpmnElement": process.attrib["id"]}
    )
    corners: dict[str, tuple[float, float]] = {}
    for identity, box in drawing.boxes.items():
        _shape(plane, identity, (box.x, box.y, box.width, box.height))
    for place, (identity, code) in enumerate(model.attached):
        box = drawing.boxes[code]
        at = box.x + 8 + 40 * len([it for it in model.attached[:place] if it[1] == code])
        _shape(plane, identity, (at, box.y + box.height - 18, 36, 36))
        corners[identity] = (at + 18, box.y + box.height + 18)
    for edge in model.edges:
        points = list(drawing.lines[edge.id])
        if edge.source in corners:
            x, y = corners[edge.source]
            points = [
                (x, y),
                (x, y + 10),
                (points[0][0] + 10, y + 10),
                (points[0][0] + 10, points[1][1]),
                *points[1:],
            ]
        line = SubElement(
            plane, f"{{{names.DIAGRAM}}}BPMNEdge", {"id": f"edge.{edge.id}", "bpmnElement": edge.id}
        )
        for x, y in points:
            SubElement(line, f"{{{names.DI}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})


def _shape(plane: Element, identity: str, bounds: tuple[float, float, float, float]) -> None:
    attributes = {"id": f"shape.{identity}", "bpmnElement": identity}
    if identity.endswith(names.CHOICE):
        attributes["isMarkerVisible"] = "true"
    shape = SubElement(plane, f"{{{names.DIAGRAM}}}BPMNShape", attributes)
    SubElement(
        shape,
        f"{{{names.DC}}}Bounds",
        dict(zip(("x", "y", "width", "height"), (f"{it:g}" for it in bounds), strict=True)),
    )
