"""Checks of a form: names that nothing has, conditions that never hold, circles, labels without room. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.casework.forms.rules.definition import BadForm, FormDefinition
from motcua.casework.forms.rules.parsing import parse_form
from motcua.foundation.kernel.conditions import BadCondition, Condition, parse_conditions

from .findings import At, Fault, did_you_mean, fault
from .rulebook import RULES
from .texts import LANGUAGES

FILE = "form.json"
# Characters for which there is room: beside a question at 320 px in three lines, in the progress, in a list of pages.
ROOM = {"label": 160, "short": 60, "title": 140}
_SEGMENT = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the file has it. `conditions`: those of its page and group too, each with its place."""

    at: At
    item: Mapping[str, Any]
    page: str
    conditions: Sequence[tuple[At, Condition]] = field(default_factory=tuple)

    @property
    def name_at(self) -> At:
        """Where its name stands, by which people know it."""
        return (*self.at, "name")


def lint_form(form: Mapping[str, Any]) -> tuple[FormDefinition | None, list[Fault]]:
    """The form, None where it cannot be used, and what is wrong with it. form: of the right shape."""
    questions = list(asked(form))
    found = [*_circles(form), *_conditions(form, questions), *_room(form, questions)]
    wrong = [it for it in found if RULES[it.rule].level == "error"]
    try:
        return parse_form(form), found
    except BadForm as error:
        if not wrong:
            at = form_at(form, error.path)
            found.append(fault(FILE, at, "form", place=error.path, why=error.reason))
        return None, found


def asked(form: Mapping[str, Any]) -> Iterator[Asked]:
    """Every question in the order of the pages, those inside lists too."""
    for number, page in enumerate(form.get("pages", [])):
        at: At = ("pages", number)
        outer = list(_read(page.get("show_if"), (*at, "show_if")))
        for position, group in enumerate(page["groups"]):
            inside = (*at, "groups", position)
            both = [*outer, *_read(group.get("show_if"), (*inside, "show_if"))]
            yield from _in_group(group["fields"], (*inside, "fields"), page["name"], both)


def _in_group(
    rows: Sequence[Mapping[str, Any]], at: At, page: str, outer: Sequence[tuple[At, Condition]]
) -> Iterator[Asked]:
    for number, item in enumerate(rows):
        place = (*at, number)
        yield Asked(place, item, page, [*outer, *_read(item.get("show_if"), (*place, "show_if"))])
        yield from _in_group(item.get("fields", []), (*place, "fields"), page, outer)


def form_at(form: Mapping[str, Any], path: str) -> At:
    """Where in form.json stands what a BadForm names: "pages[1].title", "field NAME", "computed.NAME"."""
    if path.startswith("field "):
        return next((it.name_at for it in asked(form) if it.item.get("name") == path[6:]), ())
    steps = tuple(name or int(number) for name, number in _SEGMENT.findall(path))
    if len(steps) == 2 and steps[0] == "computed" and isinstance(steps[1], str):
        names = [it.get("name") for it in form.get("computed", [])]
        return ("computed", names.index(steps[1])) if steps[1] in names else ("computed",)
    return steps if steps and steps[0] in form else ()


def contradiction(conditions: Sequence[Condition]) -> str:
    """Why these cannot all hold at once; "" where they may."""
    by_field: dict[str, list[Condition]] = {}
    for condition in conditions:
        by_field.setdefault(condition.field, []).append(condition)
    for name, tests in by_field.items():
        allowed = [set(it.named) for it in tests if it.test in {"equals", "in"}]
        refused = {value for it in tests if it.test in {"not", "not_in"} for value in it.named}
        if allowed and not set.intersection(*allowed) - refused:
            return f"{name} cannot be all of this at once"
        if allowed and any(it.test == "filled" and not it.value for it in tests):
            return f"{name} is empty and has a value at once"
        least = [it.value for it in tests if it.test == "at_least"]
        most = [it.value for it in tests if it.test == "at_most"]
        if least and most and max(least) > min(most):
            return f"{name} is at least {max(least)} and at most {min(most)}"
    return ""


def _read(data: Any, at: At) -> Iterator[tuple[At, Condition]]:
    """Conditions with their places; what cannot be read is told by the form's own reading."""
    many = isinstance(data, list)
    for number, row in enumerate(data if many else [data] if data else []):
        try:
            (condition,) = parse_conditions(row)
        except (BadCondition, ValueError):
            continue
        yield ((*at, number) if many else at), condition


def _conditions(form: Mapping[str, Any], questions: Sequence[Asked]) -> Iterator[Fault]:
    known = {str(it.item["name"]): it.item for it in questions}
    computed = {str(it.get("name")) for it in form.get("computed", [])}
    seen: set[At] = set()
    for question in questions:
        own = list(question.conditions)
        for number, option in enumerate(question.item.get("options", [])):
            own += _read(option.get("show_if"), (*question.at, "options", number, "show_if"))
        if isinstance(question.item.get("known"), dict | list):
            own += _read(question.item["known"], (*question.at, "known"))
        for at, condition in own:
            if at not in seen:
                seen.add(at)
                yield from _condition(at, condition, known, computed)
        if why := contradiction([it for _at, it in question.conditions]):
            yield fault(
                FILE, question.name_at, "never-true", who=f"the question {question.item['name']}", why=why
            )


def _condition(
    at: At, condition: Condition, known: Mapping[str, Mapping[str, Any]], computed: set[str]
) -> Iterator[Fault]:
    name = condition.field
    if name not in known and name not in computed:
        hint = did_you_mean(name, [*known, *computed])
        yield fault(FILE, (*at, "field"), "unknown-field", who="a condition", name=name, hint=hint)
        return
    options = [it["value"] for it in known.get(name, {}).get("options", [])]
    for value in condition.named if options else ():
        if value not in options:
            hint = did_you_mean(value, options)
            place = (*at, condition.test)
            yield fault(FILE, place, "unknown-option", who="a condition", field=name, name=value, hint=hint)


def _circles(form: Mapping[str, Any]) -> Iterator[Fault]:
    """Computed values that need themselves, each circle told once."""
    rows = [it for it in form.get("computed", []) if isinstance(it.get("name"), str)]
    needs = {
        it["name"]: [name for name in _named(it) if name in {row["name"] for row in rows}] for it in rows
    }
    told: set[str] = set()
    for number, row in enumerate(rows):
        if row["name"] not in told and (way := _way_back(row["name"], needs)):
            told.update(way)
            words = " → ".join([*way, row["name"]])
            yield fault(FILE, ("computed", number), "value-in-a-circle", name=row["name"], way=words)


def _named(row: Mapping[str, Any]) -> list[str]:
    """What a computed value is made of."""
    found = []
    for key, value in row.items():
        rows = [value] if isinstance(value, str) else value.values() if isinstance(value, dict) else value
        if key not in {"name", "lookup"} and isinstance(rows, list | type({}.values())):
            found += [str(it).partition(".")[0] for it in rows]
    return found


def _way_back(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """The names from a value back to itself; none where there is no circle."""
    waiting, seen = [[start]], set()
    while waiting:
        way = waiting.pop()
        for name in needs[way[-1]]:
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                waiting.append([*way, name])
    return []


def _room(form: Mapping[str, Any], questions: Sequence[Asked]) -> Iterator[Fault]:
    for question in questions:
        yield from too_long(FILE, (*question.at, "label"), question.item["label"], ROOM["label"])
    for number, page in enumerate(form.get("pages", [])):
        for key in ("title", "short"):
            yield from too_long(FILE, ("pages", number, key), page[key], ROOM[key])


def too_long(file: str, at: At, text: Mapping[str, str], most: int) -> Iterator[Fault]:
    """Languages in which a text has more characters than there is room for."""
    for language in LANGUAGES:
        if (count := len(text.get(language, ""))) > most:
            place = ".".join(str(it) for it in at if not isinstance(it, int))
            yield fault(
                file, (*at, language), "too-long", place=place, count=count, language=language, most=most
            )
