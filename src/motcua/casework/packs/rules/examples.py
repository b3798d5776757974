"""Whether a procedure's form accepts its own example. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from motcua.casework.forms.rules.checks import check_all
from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form

from .findings import Fault, did_you_mean, fault, fault_of_key

FILE = "example.json"
_LATER = date(2026, 12, 31)


def lint_example(files: Mapping[str, Any], today: date | None = None) -> Iterator[Fault]:
    """What the form says to the example's answers, given on a day after those in it. files: of the right shape."""
    example = files.get("example")
    if not example:
        return
    try:
        form = parse_form(files["form"])
    except BadForm:
        return  # told where the form is
    answers = example["answers"]
    for name in answers:
        if name not in form.fields:
            values = {"who": "the example", "name": name, "hint": did_you_mean(name, list(form.fields))}
            yield fault_of_key(FILE, ("answers", name), "unknown-field", **values)
    day = today or _day_of(example)
    for key, problem in check_all(form, answers, day, example.get("claims", {})).items():
        name, *rest = key.split("-")
        at = ("answers", name, *(int(it) if it.isdigit() else it for it in rest))
        yield fault(FILE, at, "example-refused", why=f"{key or 'the whole'}: {problem.code}")


def _day_of(example: Mapping[str, Any]) -> date:
    """The day on which the example's result was registered, so that it stays true; else one far behind it."""
    try:
        return date.fromisoformat(str(example.get("result", {}).get("registered_on")))
    except ValueError:
        return _LATER
