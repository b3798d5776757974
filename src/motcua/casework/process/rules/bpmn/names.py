"""Names of the format: namespaces, and the ids of what a process as data has no name for."""

from __future__ import annotations

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OWN = "urn:motcua:process:1"  # what BPMN has no words for: texts by language, rights, limits, acts

LANGUAGE = "vi"  # of `name` attributes: the legal texts are Vietnamese

PROCESS = "process."  # before a code
LANE = "lane."
MESSAGE = "message."
START = "process.start"
CHOICE = ".outcome"  # after a task: the gateway where its outcomes part


def flow_id(source: str, name: str) -> str:
    return f"flow.{source}.{name}"


def timer_id(node: str, timer: str) -> str:
    return f"{node}.{timer}"
