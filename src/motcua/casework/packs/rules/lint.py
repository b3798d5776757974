"""Checks of a procedure's files that need no database. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from motcua.casework.dossiers.rules.silence import BadSilence, silence_of
from motcua.casework.forms.rules.definition import FormDefinition
from motcua.foundation.kernel.conditions import BadCondition, Condition, parse_conditions
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit

from .cases import lint_cases, lint_shares
from .findings import At, Fault, did_you_mean, fault
from .form_lint import contradiction, lint_form, too_long
from .once_only import lint_once_only
from .process_lint import lint_process
from .surroundings import Surroundings
from .tables import lint_tables
from .template_lint import lint_template
from .texts import missing_languages

FILE = "procedure.yaml"
# Characters of names in lists and on buttons.
ROOM = {"name": 160, "official_name": 1000}
_RESULT = re.compile(r"^KQ\.[A-Z]\d{2}\.\d{5,6}$")


def lint_procedure(files: Mapping[str, Any], around: Surroundings | None = None) -> Iterator[Fault]:
    """What is wrong with a procedure's parsed files {"procedure", "form", "process", "template", "example"}.

    A file that is missing or None is left out, and what depends on it; those there are have the shape of their schema.
    """
    around = around or Surroundings()
    procedure = files.get("procedure")
    form, process = None, None
    if files.get("form") is not None:
        form, found = lint_form(files["form"])
        yield from found
    if files.get("process") is not None:
        process, found = lint_process(files["process"])
        yield from found
    if procedure is None:
        return
    yield from _of_procedure(procedure, around)
    if form:
        yield from _against_form(procedure, form)
        yield from lint_once_only(procedure, files["form"], around.held)
        yield from lint_template(files.get("template") or "", form)
        yield from lint_tables(procedure, files.get("process"), form)
    cases = list(lint_cases(procedure, form))
    yield from cases
    if process and not cases and not list(lint_limits(procedure)):
        yield from lint_shares(procedure, process)


def lint_limits(procedure: Mapping[str, Any], file: str = FILE, at: At = ()) -> Iterator[Fault]:
    """Limits that nobody can count. at: where in the file the procedure stands."""
    limit, send_back = procedure.get("limit") or {}, procedure.get("send_back")
    for place, value in ((("limit", "value"), limit.get("value")), (("send_back",), send_back)):
        if value:
            try:
                parse_limit(str(value))
            except UnreadableLimit as error:
                yield fault(file, (*at, *place), "malformed-limit", place=place[0], why=str(error))


def lint_places(
    procedure: Mapping[str, Any], around: Surroundings, file: str = FILE, at: At = ()
) -> Iterator[Fault]:
    """Sector, words of the fee, life events: what a procedure, modelled or listed, names of the pack around it."""
    fee = (procedure.get("fee") or {}).get("words")
    named: list[tuple[At, str, Any, frozenset[str] | None]] = [
        (("sector",), "unknown-sector", procedure.get("sector"), around.sectors),
        (("fee", "words"), "unknown-fee-words", fee, around.fees),
    ]
    for number, code in enumerate(procedure.get("life_events", [])):
        named.append((("life_events", number), "unknown-life-event", code, around.life_events))
    for place, rule, name, known in named:
        if name and known is not None and name not in known:
            yield fault(file, (*at, *place), rule, name=name, hint=did_you_mean(name, sorted(known)))


def _of_procedure(procedure: Mapping[str, Any], around: Surroundings) -> Iterator[Fault]:
    yield from lint_limits(procedure)
    yield from lint_places(procedure, around)
    yield from _validity(procedure, around.today)
    yield from _twice(procedure)
    yield from _results(procedure, around.results)
    yield from _components(procedure)
    yield from _fees(procedure)
    yield from _law(procedure)
    if not procedure["legal_basis"]:
        yield fault(FILE, ("legal_basis",), "no-legal-basis")
    try:
        silence_of(procedure)
    except BadSilence as error:
        yield fault(FILE, ("silence",), "silence", why=str(error))
    yield from too_long(FILE, ("name",), procedure["name"], ROOM["name"])


def _validity(procedure: Mapping[str, Any], today: date | None) -> Iterator[Fault]:
    begins, ends = str(procedure["valid_from"]), str(procedure.get("valid_to") or "")
    if ends and ends < begins:
        yield fault(FILE, ("valid_to",), "ends-before-it-begins", ends=ends, begins=begins)
    elif ends and today and ends < today.isoformat():
        yield fault(FILE, ("valid_to",), "expired", ends=ends)


def _twice(procedure: Mapping[str, Any]) -> Iterator[Fault]:
    """Codes of one kind that stand twice. A result of the same code may be issued under another name."""
    for key, what in (("components", "component"), ("fees", "fee")):
        first: dict[str, int] = {}
        for number, item in enumerate(procedure[key]):
            code = str(item.get("code", ""))
            if code and code in first:
                values: dict[str, Any] = {"what": what, "name": code, "first": (key, first[code], "code")}
                yield fault(FILE, (key, number, "code"), "stands-twice", **values)
            first.setdefault(code, number)


def _results(procedure: Mapping[str, Any], known: frozenset[str] | None) -> Iterator[Fault]:
    for number, component in enumerate(procedure["components"]):
        for position, code in enumerate(component.get("accepts", [])):
            at = ("components", number, "accepts", position)
            if known is not None and code not in known:
                yield fault(FILE, at, "unknown-result", name=code, hint=did_you_mean(code, sorted(known)))


def _components(procedure: Mapping[str, Any]) -> Iterator[Fault]:
    for number, component in enumerate(procedure["components"]):
        at, code = ("components", number), component["code"]
        if component["needed"] != "state_has" and not component.get("kinds"):
            yield fault(FILE, at, "upload-without-kinds", code=code)
        if component.get("accepts") and "field" not in component:
            yield fault(FILE, (*at, "accepts"), "accepts-nothing-asked", code=code)
        show_if = component.get("condition", {}).get("show_if", [])
        if why := contradiction(_conditions(show_if)):
            yield fault(
                FILE, (*at, "condition", "show_if"), "never-true", who=f"the component {code}", why=why
            )


def _fees(procedure: Mapping[str, Any]) -> Iterator[Fault]:
    for at, fee in _all_fees(procedure):
        if "amount_vnd" not in fee and not fee.get("text") and "table" not in fee:
            yield fault(FILE, at, "fee-without-amount")
        if why := contradiction(_conditions(fee.get("if", []))):
            yield fault(FILE, (*at, "if"), "never-true", who="the fee", why=why)
        days = fee.get("condition", {})
        if days.get("from", 0) > days.get("at_most", days.get("from", 0)):
            yield fault(
                FILE, (*at, "condition"), "never-true", who="the fee", why="from is more than at_most"
            )


def _all_fees(procedure: Mapping[str, Any]) -> Iterator[tuple[At, Mapping[str, Any]]]:
    yield from ((("fees", number), fee) for number, fee in enumerate(procedure["fees"]))
    for position, case in enumerate(procedure.get("cases", [])):
        for number, fee in enumerate(case.get("fees", [])):
            yield ("cases", position, "fees", number), fee


def _law(procedure: Mapping[str, Any]) -> Iterator[Fault]:
    """The time for a supplement, and the special law that names a suspension, where the procedure has its own."""
    if "supplement" in procedure:
        own = procedure["supplement"]
        try:
            limit, warn = parse_limit(str(own["limit"])), parse_limit(str(own["warn"]))
        except (KeyError, TypeError, UnreadableLimit):
            yield fault(FILE, ("supplement",), "supplement", why="needs limit and warn, such as 15wd and 3wd")
        else:
            if warn.unit is not limit.unit or warn.count >= limit.count:
                why = "must warn earlier: warn must be shorter than limit, in the same unit"
                yield fault(FILE, ("supplement", "warn"), "supplement", why=why)
    if "suspension" in procedure:
        named = procedure["suspension"]
        law = named.get("law") if isinstance(named, Mapping) else None
        if missing := missing_languages(law):
            values = {"place": "suspension.law", "languages": ", ".join(missing)}
            yield fault(FILE, ("suspension", "law"), "missing-language", **values)


def _against_form(procedure: Mapping[str, Any], form: FormDefinition) -> Iterator[Fault]:
    """Questions that the procedure names."""
    names = {*form.fields, *form.computed_names}
    for at, who, name in _named(procedure):
        if name.partition(".")[0] not in names:
            hint = did_you_mean(name, sorted(names))
            yield fault(FILE, at, "unknown-field", who=who, name=name, hint=hint)
    for number, component in enumerate(procedure["components"]):
        if component["needed"] != "state_has" and "field" not in component:
            yield fault(FILE, ("components", number), "no-question-for-paper", code=component["code"])


def _named(procedure: Mapping[str, Any]) -> Iterator[tuple[At, str, str]]:
    for number, result in enumerate(procedure["results"]):
        if result.get("about"):
            yield ("results", number, "about"), f"the result {result['code']}", result["about"]
    for number, component in enumerate(procedure["components"]):
        at, who = ("components", number), f"the component {component['code']}"
        if component.get("field"):
            yield (*at, "field"), who, component["field"]
        for condition in _conditions(component.get("condition", {}).get("show_if", [])):
            yield (*at, "condition", "show_if"), who, condition.field
    for place, fee in _all_fees(procedure):
        yield from _named_by_fee(place, fee)


def _named_by_fee(at: At, fee: Mapping[str, Any]) -> Iterator[tuple[At, str, str]]:
    named = [
        ("per", fee.get("per")),
        ("condition", fee.get("condition", {}).get("days_since")),
        ("exemptions", fee.get("exemptions", {}).get("field")),
        *(("if", it.field) for it in _conditions(fee.get("if", []))),
    ]
    yield from (((*at, key), "the fee", name) for key, name in named if name)


def _conditions(data: Any) -> Sequence[Condition]:
    try:
        return parse_conditions(data)
    except BadCondition:
        return ()  # told by the shape
