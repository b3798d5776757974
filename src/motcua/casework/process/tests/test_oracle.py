"""SpiffWorkflow reads what we export and must enable the same tasks after every step, and end alike.

At night (MOTCUA_NIGHTLY=1, `make nightly`) with other processes each time, and many more.
"""

from __future__ import annotations

import io
import os
from collections import Counter
from types import SimpleNamespace

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from motcua.casework.process.rules.bpmn.names import PROCESS
from motcua.casework.process.rules.bpmn.writing import write_bpmn
from motcua.casework.process.rules.definition import parse_process
from motcua.casework.process.rules.engine import begin, fire_boundary, leave
from motcua.casework.process.rules.model import Kind
from motcua.casework.process.tests.generated import FACTS, processes

IS_NIGHT = os.environ.get("MOTCUA_NIGHTLY") == "1"
WORK = {Kind.TASK, Kind.TIMER, Kind.MESSAGE, Kind.SERVICE}


class Engine(PythonScriptEngine):
    """Evaluates the expressions of the file by Python, over the same facts as ours."""

    def __init__(self, facts):
        super().__init__()
        self.facts = {**facts, "true": True, "false": False}
        self.outcomes = {}

    def evaluate(self, task, expression, external_context=None):
        if expression.startswith("P"):  # a duration
            return expression
        return eval(expression, {}, {**self.facts, "outcome": SimpleNamespace(**self.outcomes)})


def without_picture(exported):
    """SpiffWorkflow tries the ways out of a gateway from top to bottom of the picture; BPMN 2.0.2, 13.4.2: in order."""
    tree = etree.parse(io.BytesIO(exported))
    for picture in tree.getroot().findall("{*}BPMNDiagram"):
        picture.getparent().remove(picture)
    return tree


class Oracle:
    """SpiffWorkflow running the exported files."""

    def __init__(self, data, facts):
        parser = BpmnParser(validator=BpmnValidator())
        called = data.get("called", {})
        for content in [data, *called.values()]:
            exported = write_bpmn(parse_process({**content, "called": called}))
            parser.add_bpmn_xml(without_picture(exported))
        self.engine = Engine(facts)
        spec = parser.get_spec(PROCESS + data["code"])
        self.flow = BpmnWorkflow(spec, parser.get_subprocess_specs(spec.name), script_engine=self.engine)
        self.settle()

    def settle(self):
        self.flow.do_engine_steps()

    def waiting(self):
        """Tasks of processes under way: a terminating end may make a join fire that it should have emptied."""
        ready = self.flow.get_tasks(state=TaskState.READY, manual=True)
        catching = [
            it
            for it in self.flow.get_tasks(state=TaskState.WAITING, spec_class=CatchingEvent)
            if not isinstance(it.task_spec, BoundaryEvent)
        ]
        return [it for it in (*ready, *catching) if not it.workflow.completed]

    def enabled(self):
        return Counter(it.task_spec.name for it in self.waiting())

    def done(self, code, outcome):
        task = next(it for it in self.waiting() if it.task_spec.name == code)
        if outcome:
            self.engine.outcomes[code] = outcome
            task.run()
        else:
            self.fire_event(task)
        self.settle()

    def fire(self, code, timer_name):
        timers = self.flow.get_tasks(state=TaskState.WAITING, spec_name=f"{code}.{timer_name}")
        self.fire_event(timers[0])
        self.settle()

    def fire_event(self, task):
        task._set_internal_data(event_fired=True)
        task.task_spec._update(task)


def local(code):
    return code.rpartition("/")[2]


@settings(
    max_examples=3000 if IS_NIGHT else 80,
    derandomize=not IS_NIGHT,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(processes(), FACTS, st.data())
def test_spiffworkflow_enables_the_same_tasks_and_ends_alike(content, facts, data):
    definition = parse_process(content)
    oracle, step, fired = Oracle(content, facts), begin(definition, facts), set()
    for _ in range(25):
        work = [it for it in step.marking.tokens if definition.nodes[it.node].kind in WORK]
        assert oracle.enabled() == Counter(local(it.node) for it in work)
        assert oracle.flow.completed == step.ended
        if step.ended:
            return
        token = data.draw(st.sampled_from(work))
        here = definition.nodes[token.node]
        timers = [it for it in here.timers if (token.id, it.name) not in fired]
        ways = [*(flow.name for flow in here.flows), *timers]
        way = data.draw(st.sampled_from(ways))
        note(f"{token.node}: {way}")
        if way in timers:
            fired.add((token.id, way.name))
            step = fire_boundary(definition, step.marking, token.id, way.name, facts)
            oracle.fire(local(token.node), way.name)
        else:
            outcome = way if here.kind is Kind.TASK else ""
            step = leave(definition, step.marking, token.id, outcome, facts)
            oracle.done(local(token.node), outcome)
