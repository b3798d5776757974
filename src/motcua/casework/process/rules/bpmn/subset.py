"""What of BPMN 2.0 is read; everything else is refused, with element and line. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.casework.process.rules.bpmn.names import MODEL
from motcua.casework.process.rules.bpmn.source import Element
from motcua.casework.process.rules.findings import Finding
from motcua.casework.process.rules.model import Kind

KINDS = {
    "userTask": Kind.TASK,
    "serviceTask": Kind.SERVICE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
    "receiveTask": Kind.MESSAGE,
    "callActivity": Kind.CALL,
    "endEvent": Kind.END,
}  # an intermediateCatchEvent is a timer or a message
EVENTS = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminateEventDefinition"}),
    "intermediateCatchEvent": frozenset({"timerEventDefinition", "messageEventDefinition"}),
    "boundaryEvent": frozenset({"timerEventDefinition"}),
}
_PLAIN = {"documentation", "extensionElements"}  # said about an element, or by other tools: read over
_PICTURE = {"textAnnotation", "association", "group"}
_INSIDE = {
    "definitions": {"process", "message", "collaboration"},
    "collaboration": {"participant"} | _PICTURE,
    "participant": set[str](),
    "message": set[str](),
    "process": {"laneSet", "sequenceFlow", "intermediateCatchEvent"} | set(KINDS) | set(EVENTS) | _PICTURE,
    "laneSet": {"lane"},
    "lane": {"flowNodeRef"},
    "sequenceFlow": {"conditionExpression"},
    "timerEventDefinition": {"timeDuration"},
}
# Attributes that ask for what is not done here, with the value that asks for nothing.
_NEUTRAL = {
    "isForCompensation": "false", "instantiate": "false", "startQuantity": "1", "completionQuantity": "1",
    "triggeredByEvent": "false", "isClosed": "false", "parallelMultiple": "false",
}  # fmt: skip
_HINTS = {
    "task": "make it a user task or a service task",
    "manualTask": "make it a user task",
    "scriptTask": "no author's code is run here",
    "subProcess": "make it a process of its own, called by a call activity",
    "eventBasedGateway": "a boundary timer on a receive task does the same",
    "multiInstanceLoopCharacteristics": "a task is done once; a parallel gateway opens several",
}


def find_foreign(element: Element) -> Iterator[Finding]:
    """Everything below an element that is outside the subset, in the order of the file."""
    known = _INSIDE.get(element.tag, set())
    if element.tag in KINDS or element.tag in EVENTS:
        known = {"incoming", "outgoing"} | EVENTS.get(element.tag, frozenset())
    for name, neutral in _NEUTRAL.items():
        if element.get(name) not in ("", neutral):
            yield Finding(element.place, f"{name} is not supported")
    for child in element.children:
        if child.space != MODEL or child.tag in _PLAIN:
            continue
        if child.tag in known:
            yield from find_foreign(child)
        else:
            hint = f"; {_HINTS[child.tag]}" if child.tag in _HINTS else ""
            inside = "" if element.tag in {"process", "definitions"} else f" in {element.place}"
            yield Finding(child.place, f"{child.tag} is not supported{inside}{hint}")
