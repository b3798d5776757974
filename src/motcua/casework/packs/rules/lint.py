"""Checks of a procedure's files that need no database. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from motcua.casework.dossiers.rules.silence import BadSilence, silence_of
from motcua.casework.forms.rules.definition import BadForm, FormDefinition
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.process.rules.definition import BadProcess, Definition, Step, parse_process
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

from .cases import lint_cases, lint_shares
from .texts import missing_languages

# In whose name one may apply: people, any organisation, or organisations of a kind (`registry.people`).
APPLICANTS = frozenset(
    {"citizen", "organisation", "enterprise", "cooperative", "household_business", "state_agency", "other"}
)
# How limits in days are counted: as offices do, keeping the hour, or by the Civil Code 91/2015/QH13 art. 147-148.
COUNTINGS = frozenset({"practice", "civil_code"})
_CODE = re.compile(r"^\d\.\d{6}$")
_RESULT = re.compile(r"^KQ\.[A-Z]\d{2}\.\d{5,6}$")
_OF_RESULT = {"code", "name", "about", "valid", "originals"}
_REQUIRED = (
    "code", "name", "lead", "everyday_words", "sector", "level", "valid_from", "publication", "who_may_apply",
    "legal_basis", "limit", "fees", "results", "components", "steps", "result",
)  # fmt: skip


def lint_procedure(files: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a procedure's parsed files {"procedure", "form", "process"}, one sentence a finding."""
    procedure = files["procedure"]
    for key in _REQUIRED:
        if key not in procedure:
            yield f"procedure.yaml: {key} is missing"
            return
    yield from lint_listing(procedure)
    yield from _texts(procedure)
    yield from _results(procedure)
    yield from _reuse(procedure)
    yield from _law(procedure)
    if (counting := procedure.get("counting", "practice")) not in COUNTINGS:
        yield f"procedure.yaml: counting: {counting!r} is not one of {', '.join(sorted(COUNTINGS))}"
    if unknown := sorted(set(procedure.get("applicants", [])) - APPLICANTS):
        yield f"procedure.yaml: applicants: {', '.join(unknown)} is not one of {', '.join(sorted(APPLICANTS))}"
    try:
        silence_of(procedure)
    except BadSilence as error:
        yield f"procedure.yaml: {error}"
    form = None
    try:
        form = parse_form(files["form"])
    except BadForm as error:
        yield f"form.json: {error}"
    if form:
        yield from _about(procedure, form)
    cases = list(lint_cases(procedure, form))
    yield from cases
    try:
        process = parse_process(files["process"])
    except BadProcess as error:
        yield from (f"process: {finding}" for finding in error.findings)
        return
    yield from _process(process)
    if not cases:
        yield from lint_shares(procedure, process)


def lint_listing(procedure: Mapping[str, Any]) -> Iterator[str]:
    """Code and limit of a procedure, modelled or only listed."""
    if not _CODE.match(str(procedure.get("code", ""))):
        yield f"code {procedure.get('code')!r} is not of the form 1.001193"
    if missing := missing_languages(procedure.get("name")):
        yield f"{procedure.get('code')}: name has no {', '.join(missing)}"
    limits = {"limit": procedure.get("limit", {}).get("value"), "send_back": procedure.get("send_back")}
    for name, value in limits.items():
        if value:
            try:
                parse_limit(str(value))
            except UnreadableLimit as error:
                yield f"{procedure.get('code')}: {name}: {error}"


def _texts(procedure: Mapping[str, Any]) -> Iterator[str]:
    texts = {"lead": procedure["lead"], "who_may_apply.text": procedure["who_may_apply"].get("text")}
    texts["limit.text"] = procedure["limit"].get("text")
    for kind in ("components", "fees", "results"):
        texts |= {
            f"{kind}[{position}].name": item.get("name") for position, item in enumerate(procedure[kind])
        }
    texts |= {f"steps[{position}]": step for position, step in enumerate(procedure["steps"])}
    for place, text in texts.items():
        if missing := missing_languages(text):
            yield f"procedure.yaml: {place} has no {', '.join(missing)}"


def _results(procedure: Mapping[str, Any]) -> Iterator[str]:
    for result in procedure["results"]:
        if unknown := sorted(set(result) - _OF_RESULT):
            yield f"procedure.yaml: result {result.get('code')}: nobody reads {', '.join(unknown)}"
        if not _RESULT.match(result.get("code", "")):
            yield f"procedure.yaml: result code {result.get('code')!r} is not of the form KQ.G15.000031"


def _reuse(procedure: Mapping[str, Any]) -> Iterator[str]:
    """Which results a component can be met with, and how long and about whom a result is."""
    for component in procedure["components"]:
        for code in component.get("accepts", []):
            if not _RESULT.match(str(code)):
                yield f"procedure.yaml: component {component['code']} accepts {code!r}, which is no result code"
        if component.get("accepts") and "field" not in component:
            yield f"procedure.yaml: component {component['code']} accepts results, but no field asks for it"
    for result in procedure["results"]:
        valid = result.get("valid", {"months": 1})
        months = valid.get("months") if isinstance(valid, Mapping) else None
        if not isinstance(months, int) or not 1 <= months <= 600:
            yield f"procedure.yaml: result {result.get('code')}: valid.months is a number from 1 to 600"


def _law(procedure: Mapping[str, Any]) -> Iterator[str]:
    """The time for a supplement, and the special law that names a suspension, where the procedure has its own."""
    if "supplement" in procedure:
        own = procedure["supplement"]
        try:
            limit, warn = parse_limit(str(own["limit"])), parse_limit(str(own["warn"]))
        except (KeyError, TypeError, UnreadableLimit):
            yield "procedure.yaml: supplement needs limit and warn, such as 15wd and 3wd"
        else:
            if warn.unit is not limit.unit or warn.count >= limit.count:
                yield "procedure.yaml: supplement: warn must be shorter than limit, in the same unit"
    if "suspension" in procedure:
        named = procedure["suspension"]
        law = named.get("law") if isinstance(named, Mapping) else None
        if missing := missing_languages(law):
            yield f"procedure.yaml: suspension.law has no {', '.join(missing)}"


def _about(procedure: Mapping[str, Any], form: FormDefinition) -> Iterator[str]:
    names = {*form.fields, *form.computed_names}
    for result in procedure["results"]:
        if result.get("about", "") not in {"", *names}:
            yield f"procedure.yaml: result {result['code']}: about names {result['about']!r}, which the form lacks"


def _process(definition: Definition) -> Iterator[str]:
    for lane in definition.lanes.values():
        if missing := missing_languages(lane.names):
            yield f"process: lanes.{lane.name} has no {', '.join(missing)}"
    for node in definition.nodes.values():
        named: list[tuple[str, Any]] = [("public", node.public)] if node.public else []
        if node.names or isinstance(node, Step):
            named.append(("title", node.names))
        if isinstance(node, Step):
            named += [(it.name, it.label) for it in node.outcomes.values() if it.label]
            named += [(f"checks[{at}]", it) for at, it in enumerate(node.checks)]
        for part, texts in named:
            if missing := missing_languages(texts):
                yield f"process: {node.code}.{part} has no {', '.join(missing)}"
