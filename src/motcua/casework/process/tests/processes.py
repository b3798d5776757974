"""Small processes, written as process.yaml would."""

from __future__ import annotations

from motcua.casework.process.rules.definition import Definition, parse_process
from motcua.casework.process.rules.engine import Step, begin, fire_boundary, leave


def task(name, to="end", *, timers=(), **outcomes):
    """A task with one outcome `done`, or those given: name=target."""
    outcomes = outcomes or {"done": to}
    row = {
        "name": name,
        "title": {"vi": name, "en": name, "de": name},
        "lane": "office",
        "role": "specialist",
        "limit_hours": 1,
        "outcomes": [{"name": key, "to": target} for key, target in outcomes.items()],
    }
    return row | ({"timers": list(timers)} if timers else {})


def timer(name, to, *, interrupts, after="2wd"):
    return {"name": name, "after": after, "to": to, "interrupts": interrupts}


def node(name, kind, to=None, **keys):
    return {"name": name, "kind": kind, **({"to": to} if to is not None else {}), **keys}


def choice(name, kind, otherwise, **choices):
    """`work_new="a"`: to a when the answer work is "new"."""
    rows = []
    for key, target in choices.items():
        field, value = key.split("_")
        rows.append({"if": {"field": field, "equals": value}, "to": target})
    return {"name": name, "kind": kind, "choices": rows, "otherwise": otherwise}


def process(*rows, code="p", **keys):
    return {"code": code, "start": rows[0]["name"], "steps": list(rows), **keys}


class Play:
    """A process being run by hand: `done("a")` completes the task at a, `at` names where tokens wait."""

    def __init__(self, *rows, facts=None, **keys):
        self.definition: Definition = parse_process(process(*rows, **keys))
        self.facts = facts or {}
        self.step: Step = begin(self.definition, self.facts)

    @property
    def at(self):
        return sorted(token.node for token in self.step.marking.tokens)

    @property
    def ended(self):
        return self.step.ended

    def token(self, name):
        return next(it.id for it in self.step.marking.tokens if it.node == name)

    def done(self, name, outcome=None):
        if outcome is None:
            outcome = "done" if name in self.definition.steps else ""
        if outcome:
            self.facts = {**self.facts, f"outcome.{name}": outcome}
        self.step = leave(self.definition, self.step.marking, self.token(name), outcome, self.facts)
        return self

    def fire(self, name, timer_name):
        self.step = fire_boundary(
            self.definition, self.step.marking, self.token(name), timer_name, self.facts
        )
        return self
