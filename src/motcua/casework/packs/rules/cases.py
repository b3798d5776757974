"""Checks of a procedure's cases, and that its steps fit into the limit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from motcua.casework.dossiers.rules.cases import BadCase, Case, case_of, parse_cases, ways_to
from motcua.casework.forms.rules.definition import Field, FormDefinition
from motcua.casework.process.rules.model import Definition
from motcua.casework.process.rules.paths import Facts, longest_hours, working_hours
from motcua.foundation.kernel.conditions import Condition
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

from .texts import missing_languages


def lint_cases(procedure: Mapping[str, Any], form: FormDefinition | None) -> Iterator[str]:
    """What is wrong with the cases: codes, limits, components, conditions that lead nowhere, papers not asked for.

    form: None where there is none, or it has findings of its own.
    """
    try:
        cases = parse_cases(procedure)
    except BadCase as error:
        yield f"procedure.yaml: {error}"
        return
    codes = [case.code for case in cases]
    known = {item["code"] for item in procedure["components"]}
    for case in cases:
        if codes.count(case.code) > 1:
            yield f"procedure.yaml: cases: {case.code} stands twice"
        for code in sorted(set(case.components or ()) - known):
            yield f"procedure.yaml: cases: {case.code} names the unknown component {code}"
        yield from _texts(case)
        yield from _limit(case)
        if form:
            yield from _against_form(procedure, case, form)


def lint_shares(procedure: Mapping[str, Any], process: Definition) -> Iterator[str]:
    """The longest way through the steps must fit into the limit, for the procedure and for each of its cases.

    Counted in working hours, eight a day; a limit in calendar days leaves the working days it has at least,
    before holidays. Cases must be right.
    """
    limits = {"": procedure["limit"]} | {
        case.code: case.replaced.get("limit", procedure["limit"]) for case in parse_cases(procedure)
    }
    for code, limit in limits.items():
        allowed = working_hours(limit["value"])
        taken = longest_hours(process, {"case": code})
        if allowed and taken > allowed:
            words = f"case {code}" if code else "the procedure"
            yield f"process: the steps take up to {taken} working hours, the limit of {words} leaves {allowed}"


def _texts(case: Case) -> Iterator[str]:
    texts = {"name": case.name}
    if "limit" in case.replaced:
        texts["limit.text"] = case.replaced["limit"].get("text", {})
    texts |= {
        f"fees[{position}].name": fee.get("name", {})
        for position, fee in enumerate(case.replaced.get("fees", ()))
    }
    for place, text in texts.items():
        if missing := missing_languages(text):
            yield f"procedure.yaml: cases: {case.code}: {place} has no {', '.join(missing)}"


def _limit(case: Case) -> Iterator[str]:
    if "limit" not in case.replaced:
        return
    try:
        parse_limit(str(case.replaced["limit"].get("value")))
    except UnreadableLimit as error:
        yield f"procedure.yaml: cases: {case.code}: limit: {error}"


def _against_form(procedure: Mapping[str, Any], case: Case, form: FormDefinition) -> Iterator[str]:
    names = {*form.fields, *(value.name for value in form.computed)}
    ways = ways_to(procedure, case)
    if unknown := sorted({condition.field for way in ways for condition in way} - names):
        yield f"procedure.yaml: cases: {case.code} depends on {unknown[0]}, which the form does not have"
        return
    samples = [
        facts for way in ways for facts in _samples(way, form) if case_of(procedure, facts) == case.code
    ]
    if not samples:
        yield f"procedure.yaml: cases: {case.code} is never the first that holds"
    for component in procedure["components"]:
        field = form.fields.get(component.get("field", ""))
        if field and samples:
            yield from _paper(component["code"], field, case, samples)


def _paper(code: str, field: Field, case: Case, samples: Sequence[Facts]) -> Iterator[str]:
    """Whether the form asks for a paper exactly in the cases that need it. Other conditions may narrow it further."""
    needed = case.components is None or code in case.components
    for facts in samples:
        conditions = [condition for condition in field.show_if if condition.field in facts]
        asked = all(condition.holds(facts) for condition in conditions)
        if asked != needed:
            problem = "does not ask for" if needed else "asks for"
            yield f"form.json: {problem} {field.name} where the case is {case.code}"
            return


def _samples(when: Sequence[Condition], form: FormDefinition) -> Iterator[Facts]:
    """Facts, one set for every way in which the conditions may hold; the caller keeps those under which they do."""
    values = [_values(condition, form) for condition in when]
    for chosen in product(*values):
        yield {
            condition.field: value for condition, value in zip(when, chosen, strict=True) if value is not None
        }


def _values(condition: Condition, form: FormDefinition) -> list[Any]:
    match condition.test:
        case "in":
            return list(condition.value)
        case "filled":
            return ["x"] if condition.value else [None]
        case "not" | "not_in":
            field = form.fields.get(condition.field)
            options = [option.value for option in field.options] if field else []
            return [it for it in options if it not in condition.named] or [None]
    return [condition.value]
