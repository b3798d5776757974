"""What a form is: pages of groups of fields, with the schema of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, get_args

import jsonschema_rs

from motcua.foundation.kernel.conditions import Condition

LANGUAGES = ("vi", "en", "de")
Text = Mapping[str, str]
Answers = Mapping[str, Any]
Kind = Literal[
    "text",
    "textarea",
    "name",
    "date",
    "birth_date",
    "time",
    "number",
    "radio",
    "select",
    "checkbox",
    "commune",
    "place",
    "phone",
    "personal_number",
    "file",
    "money",
    "person",
    "address",
    "repeated",
    "calculated",
]
KINDS: tuple[str, ...] = get_args(Kind)
CHOICES = frozenset({"radio", "select"})
# Kinds that are answered with an object.
BLOCKS = frozenset({"person", "address"})
# Kinds that are answered with the code of a commune.
PLACES = frozenset({"commune", "place"})
SEXES = frozenset({"male", "female"})
Format = Literal["text", "number", "money", "date"]
FORMATS: tuple[str, ...] = get_args(Format)
USUAL_LENGTH = 1000
# However many a form allows, a page of more items helps nobody.
MOST_ITEMS = 50
PLACEHOLDER = re.compile(r"\{(\w+(?:\.\w+)*)\}")
# The day of asking, as computed values name it.
TODAY = "today"


class BadForm(ValueError):
    """A form.json that cannot be used. `path` leads to the place ("pages[1].title"), `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class Option:
    """One of several given answers. The label may hold {names} of answers and computed values."""

    value: str
    label: Text
    show_if: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    kind: among others `commune` (one that takes part here) and `place` (any commune of the nation); both are
    answered with the commune's five-digit code.
    hint: a sentence or two that always stand beside it. help: what is longer, opened by who wants to read it.
    required: what to do when it is unanswered, None for an optional question.
    prefill: a claim about the person ("eid.name") or the organisation they act for ("owner.name"),
        or "answers.<field>" to suggest what was said before; a block of kind `person` says "eid" for all its parts.
    known_if: when all of these hold, the claim is shown and not asked; None: a claim is only a suggestion.
    show_if: all must hold, those of its page and group included.
    birth_date, sex: what a personal number is compared with: a field, and "male", "female" or a field.
        sex of a `person`: "male" or "female", which the personal number must then say.
    differs_from: questions that must not have the same answer, of a person the same personal number; of a commune
        also "eid.residence_commune".
    earliest, latest: of a `date`: a day, "today" with "+30d" or "-5y" behind it if need be, or a date asked before.
    max_length, minimum, maximum, fractions: from the schema; of `repeated`, how many items there may be.
    fields: the parts of a `person` or `address`, the questions of each item of a `repeated`. Their conditions look
        at what stands before them in the same item, then at the whole form.
    item_label: what one item is called. several: a `file` question that takes more than one.
    format: how a `calculated` value is written. youngest: how many completed years a date of birth must be ago.
    offers_same: of a `person`, whether those named before may be put in by a button.
    """

    name: str
    kind: Kind
    label: Text
    hint: Text | None = None
    required: Text | None = None
    prefill: str = ""
    known_if: tuple[Condition, ...] | None = None
    show_if: tuple[Condition, ...] = ()
    options: tuple[Option, ...] = ()
    autocomplete: str = ""
    birth_date: str = ""
    sex: str = ""
    max_length: int = USUAL_LENGTH
    minimum: int | None = None
    maximum: int | None = None
    fractions: bool = False
    fields: tuple[Field, ...] = ()
    item_label: Text | None = None
    several: bool = False
    format: Format = "text"
    youngest: int | None = None
    offers_same: bool = True
    help: Text | None = None
    differs_from: tuple[str, ...] = ()
    earliest: str = ""
    latest: str = ""
    # "vi" where label and hint are Vietnamese for readers of every language.
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    fields: tuple[Field, ...]
    title: Text | None = None
    hint: Text | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How a computed value will stand on the paper, in capitals if `upper`."""

    label: Text
    value: str
    upper: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One question group as a page. part: from 1, for the progress. short: its heading in a summary."""

    name: str
    part: int
    title: Text
    short: Text
    groups: tuple[Group, ...]
    lead: Text | None = None
    preview: Preview | None = None

    @property
    def fields(self) -> Iterator[Field]:
        return (item for group in self.groups for item in group.fields)


Rule = Literal["first_word_of", "choose", "join", "sum", "difference", "product", "count", "age_on", "lookup"]
RULES: tuple[str, ...] = get_args(Rule)
Table = Mapping[str, Any] | tuple[tuple[float, Any], ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """A value made of answers by one rule; see `computing`.

    sources: names of fields and of values before it, or "name.part" of a block, "name.part" of every item of a
    repeated one, "name.count" of it. by, values: of `choose`. table: of `lookup`, value by key or (from, value) steps.
    """

    name: str
    rule: Rule
    sources: tuple[str, ...]
    by: str = ""
    values: tuple[str, ...] = ()
    table: Table = ()


@dataclass(frozen=True)
class FormDefinition:
    """A form. title: of a dossier, with {names}; declaration: what the person declares before submitting."""

    schema: Mapping[str, Any]
    title: Text
    declaration: Text
    parts: tuple[Text, ...]
    pages: tuple[Page, ...]
    computed: tuple[Computed, ...] = ()
    validator: jsonschema_rs.Draft202012Validator = field(repr=False, compare=False, kw_only=True)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by name, in the order of the pages."""
        return {item.name: item for page in self.pages for item in page.fields}

    @cached_property
    def computed_names(self) -> frozenset[str]:
        return frozenset(item.name for item in self.computed)

    @cached_property
    def decides_by_computed(self) -> bool:
        """Whether any question is shown by a computed value."""
        return any(it.field in self.computed_names for item in self.fields.values() for it in item.show_if)

    @cached_property
    def of_title(self) -> FormDefinition:
        """The form with no more questions and computed values than its title needs: lists say many titles."""
        texts = " ".join(self.title.values())
        needed, computed = _depends({it.partition(".")[0] for it in PLACEHOLDER.findall(texts)}, self)
        group = Group(tuple(it for name, it in self.fields.items() if name in needed))
        page = replace(self.pages[0], groups=(group,), preview=None)
        return replace(self, pages=(page,), computed=tuple(it for it in self.computed if it.name in computed))

    @cached_property
    def page_of(self) -> Mapping[str, str]:
        """Field name -> page name."""
        return {item.name: page.name for page in self.pages for item in page.fields}

    def page(self, name: str) -> Page:
        """Raises KeyError for a page that the form does not have."""
        for page in self.pages:
            if page.name == name:
                return page
        raise KeyError(name)


def in_language(text: Text, language: str) -> str:
    """The text in `language` ("de-AT" counts as "de"), else in Vietnamese."""
    return text.get(language.split("-")[0]) or text["vi"]


def at_path(values: Mapping[str, Any], path: str) -> list[Any]:
    """What stands under "name", "name.part" or "name.part" of every item, as a list; unanswered parts are left out.

    "name.count" is the number of items of a repeated one, 0 without any.
    """
    name, *parts = path.split(".")
    found = [values.get(name)]
    for part in parts:
        if part == "count":
            return [len(found[0]) if isinstance(found[0], list) else 0]
        items = [it for value in found for it in (value if isinstance(value, list) else [value])]
        found = [it.get(part) for it in items if isinstance(it, Mapping)]
    return [value for value in found if value not in (None, "")]


def _depends(names: set[str], form: FormDefinition) -> tuple[set[str], set[str]]:
    """The names of fields and of computed values among `names`, with all by which these are shown or made."""
    made = {item.name: item for item in form.computed}
    found, waiting = set[str](), set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        asks = {*made[name].sources, made[name].by} if name in made else set[str]()
        if name in form.fields:
            asks |= _shown_by(form.fields[name])
        waiting |= {it.partition(".")[0] for it in asks} - found
    return found & form.fields.keys(), found & made.keys()


def _shown_by(item: Field) -> set[str]:
    """The names in the conditions of a question, of its options and of its parts."""
    conditions = [*item.show_if, *(it for option in item.options for it in option.show_if)]
    return {it.field for it in conditions}.union(*(_shown_by(part) for part in item.fields))


def fill(text: Text, language: str, values: Mapping[str, Any]) -> str:
    """`in_language` with its {names} and {name.part}s replaced; one that has no value yet becomes "…"."""

    def words(found: re.Match[str]) -> str:
        return ", ".join(str(value) for value in at_path(values, found[1]) if value) or "…"

    return PLACEHOLDER.sub(words, in_language(text, language))
