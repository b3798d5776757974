"""Which of a step's outcomes an act may take. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.casework.process.rules.model import GATEWAYS, Definition, Outcome, Step


def step_kind(step: Step) -> str:
    """By which act of the dossier's table the step is done."""
    return step.act or "complete-task"


def leads_to_signing(definition: Definition, outcome: Outcome) -> bool:
    """Whether a step that is signed comes next, straight or past gateways."""
    waiting, seen = [outcome.to], set[str]()
    while waiting:
        code = waiting.pop()
        node = definition.nodes.get(code)
        if code in seen or node is None:
            continue
        seen.add(code)
        if isinstance(node, Step):
            if step_kind(node) == "sign" and not outcome.back:
                return True
        elif node.kind in GATEWAYS:
            waiting.extend(flow.target for flow in node.flows)
    return False


def outcomes_for(definition: Definition, step: Step, act: str) -> list[Outcome]:
    """The outcomes an act may take, in the order of the file."""
    return list(_fitting(definition, step, act))


def _fitting(definition: Definition, step: Step, act: str) -> Iterator[Outcome]:
    for outcome in step.outcomes.values():
        signs = not outcome.back and leads_to_signing(definition, outcome)
        if act == "return-task":
            fits = outcome.back
        elif act in {"submit-for-signature", "draft-result", "draft-refusal"}:
            fits = signs
        elif act == "complete-task":
            fits = not outcome.back and not signs
        else:
            fits = not outcome.back
        if fits:
            yield outcome
