"""BPMN out and in: the same definition comes back, other tools' files are read, the rest is refused by line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from motcua.casework.process.rules.bpmn.reading import explain, read_bpmn
from motcua.casework.process.rules.bpmn.writing import write_bpmn
from motcua.casework.process.rules.definition import BadProcess, parse_process
from motcua.casework.process.rules.model import Kind
from motcua.casework.process.rules.writing import write_process
from motcua.casework.process.tests.generated import processes
from motcua.casework.process.tests.processes import process, task, timer

PERMIT = yaml.safe_load(Path(__file__).with_name("permit.yaml").read_text(encoding="utf-8"))
OURS = [
    yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((settings.PACKS / "vn/procedures").glob("*/process.yaml"))
]


def again(data):
    """Through BPMN and back, with the same called processes."""
    content = read_bpmn(write_bpmn(parse_process(data)))
    return parse_process({**content, "called": data.get("called", {})})


@pytest.mark.parametrize("data", [PERMIT, *OURS], ids=lambda it: it["code"])
def test_what_is_exported_is_read_as_the_same_definition(data):
    assert again(data) == parse_process(data)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(processes())
def test_any_definition_survives_bpmn_and_yaml(data):
    definition = parse_process(data)
    assert again(data) == definition
    assert parse_process({**write_process(definition), "called": data.get("called", {})}) == definition


def test_the_export_is_valid_by_the_standards_schema_and_places_every_element():
    exported = etree.fromstring(write_bpmn(parse_process(PERMIT)))
    BpmnValidator().validator.assertValid(exported)
    spaces = {
        "m": "http://www.omg.org/spec/BPMN/20100524/MODEL",
        "d": "http://www.omg.org/spec/BPMN/20100524/DI",
    }
    drawn = set(exported.xpath("//d:BPMNShape/@bpmnElement | //d:BPMNEdge/@bpmnElement", namespaces=spaces))
    process = exported.find("m:process", spaces)
    assert drawn == {it.get("id") for it in process if it.get("id") != "process..lanes"}


def modelled(inside, attributes=""):
    """A file as a modelling tool writes it, without our namespace."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
<bpmn:process id="Process_1" isExecutable="true" {attributes}>
{inside}
</bpmn:process></bpmn:definitions>""".encode()


def flow(source, target, condition="", name=""):
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="f_{source}_{target}" name="{name}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


LINE = (
    '<bpmn:startEvent id="S"/><bpmn:userTask id="Activity_1" name="Kiểm tra"/><bpmn:endEvent id="E"/>'
    + flow("S", "Activity_1")
    + flow("Activity_1", "E")
)


def test_a_plain_file_of_another_tool_is_read():
    data = read_bpmn(modelled(LINE))
    assert (data["code"], data["start"]) == ("Process_1", "activity_1")
    task = data["steps"][0]
    assert (task["name"], task["title"], task["outcomes"]) == (
        "activity_1", {"vi": "Kiểm tra"}, [{"name": "done", "to": "e"}],
    )  # fmt: skip


def test_what_the_file_could_not_say_is_told_with_its_line():
    content = modelled(LINE)
    with pytest.raises(BadProcess) as refused:
        parse_process(read_bpmn(content))
    told = str(explain(content, refused.value))
    assert 'activity_1 (userTask Activity_1 "Kiểm tra" line 4): role is missing' in told


def test_outcomes_part_at_a_gateway_right_after_the_task():
    rows = (
        '<bpmn:startEvent id="S"/><bpmn:userTask id="T"/><bpmn:exclusiveGateway id="G" default="f_G_E"/><bpmn:endEvent id="E"/>'
        + flow("S", "T") + flow("T", "G") + flow("G", "T", "${outcome == 'again'}", "Làm lại") + flow("G", "E", name="xong")
    )  # fmt: skip
    task = read_bpmn(modelled(rows))["steps"][0]
    assert [(it["name"], it["to"]) for it in task["outcomes"]] == [("again", "t"), ("xong", "e")]


@pytest.mark.parametrize(
    ("condition", "conditions"),
    [
        ("${work == 'new'}", [{"field": "work", "equals": "new"}]),
        ("= work != \"new\"", [{"field": "work", "not": "new"}]),
        ("area &gt;= 250 and floors &lt;= 2.5", [{"field": "area", "at_least": 250}, {"field": "floors", "at_most": 2.5}]),
        ("kind in ['a', \"b\"] &amp;&amp; paid == true", [{"field": "kind", "in": ["a", "b"]}, {"field": "paid", "equals": True}]),
        ("kind not in ['a'] and not filled(owner.name)", [{"field": "kind", "not_in": ["a"]}, {"field": "owner.name", "filled": False}]),
        ('{"field": "work", "equals": "new"}', [{"field": "work", "equals": "new"}]),
    ],
)  # fmt: skip
def test_conditions_are_read_as_modellers_write_them(condition, conditions):
    rows = (
        '<bpmn:startEvent id="S"/><bpmn:inclusiveGateway id="G" default="f_G_E"/><bpmn:endEvent id="X"/><bpmn:endEvent id="E"/>'
        + flow("S", "G") + flow("G", "X", condition) + flow("G", "E")
    )  # fmt: skip
    assert read_bpmn(modelled(rows))["steps"][0]["choices"] == [{"if": conditions, "to": "x"}]


@pytest.mark.parametrize(
    "condition", ["work = 'new'", "a == 1 or b == 2", "f(x) == 1", "a &gt; 1", "a == b", "a in []", "a == ''', x", "__import__('os')"]
)  # fmt: skip
def test_any_other_expression_is_refused(condition):
    rows = (
        '<bpmn:startEvent id="S"/><bpmn:exclusiveGateway id="G" default="f_G_E"/><bpmn:endEvent id="X"/><bpmn:endEvent id="E"/>'
        + flow("S", "G") + flow("G", "X", condition) + flow("G", "E")
    )  # fmt: skip
    with pytest.raises(BadProcess, match="sequenceFlow f_G_X line 4: condition: "):
        read_bpmn(modelled(rows))


@pytest.mark.parametrize(
    ("duration", "after"), [("P3D", "3d"), ("P2W", "14d"), ("P1M", "1m"), ("3wd", "3wd"), ('"8wh"', "8wh")]
)
def test_a_duration_is_read_in_calendar_time_or_in_ours(duration, after):
    rows = (
        '<bpmn:startEvent id="S"/><bpmn:intermediateCatchEvent id="W"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        '<bpmn:endEvent id="E"/>' + flow("S", "W") + flow("W", "E")
    )
    assert read_bpmn(modelled(rows))["steps"][0]["after"] == after


REFUSED = {
    "a script": ('<bpmn:scriptTask id="X" name="Tính"/>', 'scriptTask X "Tính" line 4: scriptTask is not supported; no author'),
    "a subprocess": ('<bpmn:subProcess id="X"/>', "subProcess X line 4: subProcess is not supported; make it a process of its own"),
    "an abstract task": ('<bpmn:task id="X"/>', "make it a user task or a service task"),
    "a signal": (
        '<bpmn:intermediateCatchEvent id="X"><bpmn:signalEventDefinition/></bpmn:intermediateCatchEvent>',
        "signalEventDefinition is not supported in intermediateCatchEvent X line 4",
    ),
    "several instances": (
        '<bpmn:userTask id="X"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>', "multiInstanceLoopCharacteristics",
    ),
    "a cycle timer": (
        '<bpmn:boundaryEvent id="X" attachedToRef="Activity_1"><bpmn:timerEventDefinition><bpmn:timeCycle/>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>", "timeCycle is not supported",
    ),
    "compensation": ('<bpmn:userTask id="X" isForCompensation="true"/>', "userTask X line 4: isForCompensation is not supported"),
    "a way to nowhere": (flow("Activity_1", "Q"), "targetRef 'Q' is no element that is read"),
    "a task with two ways out": ('<bpmn:endEvent id="X"/>' + flow("Activity_1", "X"), "has several ways out; put a gateway there"),
    "a condition after a task": (
        '<bpmn:endEvent id="X"/>' + flow("Activity_1", "X", "a == 1"), "does not leave an exclusive or inclusive gateway",
    ),
    "a second start": ('<bpmn:startEvent id="X"/>' + flow("X", "Activity_1"), "has 2 start events"),
    "an end in the middle": (flow("E", "Activity_1"), "is an end and must have no way out"),
    "two of one id": ('<bpmn:endEvent id="E"/>', "has the id of endEvent E line 4"),
    "ids that become one name": ('<bpmn:userTask id="ACTIVITY_1"/>' + flow("ACTIVITY_1", "E"), "has the name 'activity_1'"),
    "a timer on nothing": (
        '<bpmn:boundaryEvent id="X" attachedToRef="E"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>' + flow("X", "E"),
        "must be attached to",
    ),
    "hours of the clock": (
        '<bpmn:boundaryEvent id="X" attachedToRef="Activity_1"><bpmn:timerEventDefinition><bpmn:timeDuration>PT4H'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>" + flow("X", "E"),
        "the duration 'PT4H' cannot be counted",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_what_lies_outside_the_subset_is_refused_with_element_and_line(fault):
    extra, words = REFUSED[fault]
    with pytest.raises(BadProcess, match=re.escape(words)):
        read_bpmn(modelled(f"{LINE}{extra}"))


def test_everything_outside_the_subset_is_told_at_once():
    extra = '<bpmn:scriptTask id="X"/>\n<bpmn:task id="Y"/>\n<bpmn:dataObject id="Z"/>'
    with pytest.raises(BadProcess) as refused:
        read_bpmn(modelled(f"{LINE}{extra}"))
    assert [it.place for it in refused.value.findings] == [
        "scriptTask X line 4",
        "task Y line 5",
        "dataObject Z line 6",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no XML"),
        (b"<a", "no XML"),
        (b"<a/>", "no BPMN 2.0 file"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DTDs and entities are not read"),
        (b"<a>" * 60 + b"</a>" * 60, "nested too deep"),
        (b" " * 2_000_001, "larger than"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "has 0 processes"),
    ],
)
def test_a_hostile_or_broken_file_is_refused(content, words):
    with pytest.raises(BadProcess, match=words):
        read_bpmn(content)


def test_a_title_changed_in_another_tool_is_kept_and_the_other_languages_too():
    exported = (
        write_bpmn(parse_process(PERMIT)).decode().replace('name="Thẩm định hồ sơ"', 'name="Thẩm định"')
    )
    data = read_bpmn(exported.encode())
    check = next(it for it in data["steps"] if it["name"] == "check")
    assert check["title"] == {"vi": "Thẩm định", "en": "Examine", "de": "Prüfen"}


def test_a_wait_for_a_message_with_a_timer_is_a_receive_task_and_comes_back():
    node = again(PERMIT).nodes["fee"]
    assert (node.kind, node.message, node.timers[0].after) == (Kind.MESSAGE, "payment-confirmed", "10d")


def test_names_that_look_like_ids_of_ours_do_no_harm():
    rows = [
        task("lanes", a="lanes_outcome", b="end", timers=[timer("outcome", "end", interrupts=True)]),
        task("lanes_outcome", "start"),
        task("start", "diagram"),
        task("diagram", "lanes_late", timers=[timer("late", "end", interrupts=False)]),
        task("lanes_late"),
    ]
    data = process(*rows, code="start")
    BpmnValidator().validator.assertValid(etree.fromstring(write_bpmn(parse_process(data))))
    assert again(data) == parse_process(data)
