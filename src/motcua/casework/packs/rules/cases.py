"""Checks of a procedure's cases, and that its steps fit into the limit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from motcua.casework.dossiers.rules.cases import BadCase, Case, case_of, case_table, parse_cases, ways_to
from motcua.casework.forms.rules.definition import Field, FormDefinition
from motcua.casework.process.rules.model import Definition
from motcua.casework.process.rules.paths import Facts, longest_hours, working_hours
from motcua.foundation.kernel.conditions import Condition
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

from .findings import At, Fault, did_you_mean, fault
from .form_lint import contradiction
from .texts import missing_languages

FILE = "procedure.yaml"


def lint_cases(procedure: Mapping[str, Any], form: FormDefinition | None) -> Iterator[Fault]:
    """What is wrong with the cases: codes, limits, components, conditions that lead nowhere, papers not asked for.

    form: None where there is none, or it has findings of its own.
    """
    try:
        cases = parse_cases(procedure)
        case_table(procedure)
    except BadCase as error:
        place = "case_table" if str(error).startswith("case_table") else "cases"
        yield fault(FILE, (place,), "case", why=str(error))
        return
    codes = [case.code for case in cases]
    known = {item["code"] for item in procedure["components"]}
    for number, case in enumerate(cases):
        at: At = ("cases", number)
        if (first := codes.index(case.code)) != number:
            values = {"what": "the case", "name": case.code, "first": ("cases", first)}
            yield fault(FILE, (*at, "code"), "stands-twice", **values)
        for position, code in enumerate(case.components or ()):
            if code not in known:
                values = {
                    "who": f"cases: {case.code}",
                    "name": code,
                    "hint": did_you_mean(code, sorted(known)),
                }
                yield fault(FILE, (*at, "components", position), "unknown-component", **values)
        yield from _texts(at, case)
        yield from _limit(at, case)
        if form:
            yield from _against_form(procedure, at, case, form)


def lint_shares(procedure: Mapping[str, Any], process: Definition) -> Iterator[Fault]:
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
            cases = [it["code"] for it in procedure.get("cases", [])]
            at: At = ("cases", cases.index(code), "limit", "value") if code else ("limit", "value")
            if code and "limit" not in procedure["cases"][cases.index(code)]:
                at = at[:2]
            values = {
                "taken": taken,
                "whose": f"case {code}" if code else "the procedure",
                "allowed": allowed,
            }
            yield fault(FILE, at, "steps-too-long", **values)


def _texts(at: At, case: Case) -> Iterator[Fault]:
    texts = {"name": case.name}
    if "limit" in case.replaced:
        texts["limit.text"] = case.replaced["limit"].get("text", {})
    texts |= {
        f"fees[{position}].name": fee.get("name", {})
        for position, fee in enumerate(case.replaced.get("fees", ()))
    }
    for place, text in texts.items():
        if missing := missing_languages(text):
            where = tuple(int(it) if it.isdigit() else it for it in re.findall(r"\w+", place))
            values = {"place": f"cases: {case.code}: {place}", "languages": ", ".join(missing)}
            yield fault(FILE, (*at, *where), "missing-language", **values)


def _limit(at: At, case: Case) -> Iterator[Fault]:
    if "limit" not in case.replaced:
        return
    try:
        parse_limit(str(case.replaced["limit"].get("value")))
    except UnreadableLimit as error:
        yield fault(
            FILE,
            (*at, "limit", "value"),
            "malformed-limit",
            place=f"cases: {case.code}: limit",
            why=str(error),
        )


def _against_form(procedure: Mapping[str, Any], at: At, case: Case, form: FormDefinition) -> Iterator[Fault]:
    names = {*form.fields, *(value.name for value in form.computed)}
    ways = ways_to(procedure, case)
    if unknown := sorted({condition.field for way in ways for condition in way} - names):
        hint = did_you_mean(unknown[0], sorted(names))
        yield fault(
            FILE, (*at, "when"), "unknown-field", who=f"cases: {case.code}", name=unknown[0], hint=hint
        )
        return
    if why := contradiction(case.when):
        yield fault(FILE, (*at, "when"), "never-true", who=f"cases: {case.code}", why=why)
        return
    samples = [
        facts for way in ways for facts in _samples(way, form) if case_of(procedure, facts) == case.code
    ]
    if not samples:
        yield fault(FILE, (*at, "when"), "case-never-first", code=case.code)
    for component in procedure["components"]:
        field = form.fields.get(component.get("field", ""))
        if field and samples:
            yield from _paper(at, (component["code"], field), case, samples)


def _paper(at: At, asked_for: tuple[str, Field], case: Case, samples: Sequence[Facts]) -> Iterator[Fault]:
    """Whether the form asks for a paper exactly in the cases that need it. Other conditions may narrow it further."""
    code, field = asked_for
    needed = case.components is None or code in case.components
    for facts in samples:
        conditions = [condition for condition in field.show_if if condition.field in facts]
        asked = all(condition.holds(facts) for condition in conditions)
        if asked != needed:
            problem = "does not ask for" if needed else "asks for"
            values = {"problem": problem, "field": field.name, "code": case.code}
            yield fault(FILE, at, "case-and-paper", **values)
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
