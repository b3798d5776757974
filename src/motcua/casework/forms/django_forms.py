"""One page of a form as a Django form, for the project's field template. Works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.choosing import Choice, Offer, Search, SearchChoiceWidget, read_search
from motcua.foundation.ui.fields import DayWidget

from .messages import problem_message
from .rules.answers import (
    DATES,
    Raw,
    apply_page,
    compute,
    date_parts,
    known_answers,
    suggestion,
    visible_answers,
    visible_options,
)
from .rules.checks import check_page
from .rules.definition import Answers, Condition, Field, FormDefinition, Page, Text, fill, in_language
from .rules.summary import Row, summary

ACCEPTED_FILES = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
_CHOOSE = _("Choose one of the places found.")
_NOT_FOUND = _("Enter the name of a commune, ward or former ward; no place fits these words.")
_NOT_HERE = _("Enter another commune; none that takes applications here fits these words.")
_INPUTS: dict[str, dict[str, str]] = {
    "number": {"inputmode": "numeric"},
    "phone": {"inputmode": "tel", "type": "tel", "autocomplete": "tel"},
    "personal_number": {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"},
    "name": {"autocapitalize": "words", "spellcheck": "false", "autocomplete": "off"},
    "time": {"type": "time"},
}


# A list that can be looked through at a glance; longer ones are searched.
_SHORT_LIST = 12


class Places(Protocol):
    """What the forms must know about places."""

    @property
    def suggest_url(self) -> str:
        """Where a script asks for what fits."""

    def offer(self, words: str, only: Collection[str] | None) -> Offer:
        """Communes for what somebody typed; only: codes on offer."""

    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        """Full names by code; unknown ones are left out."""


@dataclass(frozen=True)
class Asking:
    """Under what circumstances a page is asked.

    answers: of the whole draft. claims: what eID says ("eid.name" -> value). communes: (code, name) on offer.
    today: local date. file_names: id -> name of files stored before.
    places: how any place of the nation is found; None: no form here asks for one.
    """

    today: date
    answers: Answers = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    communes: Sequence[tuple[str, str]] = ()
    file_names: Mapping[str, str] = field(default_factory=dict)
    places: Places | None = None


class QuestionField(forms.Field):
    """Carries a question to the template; the rules of the form judge, not Django.

    required: only for the label. stored: name of the file stored before.
    show_if: conditions on the same page, for a script that hides the question while they do not hold.
    offers: what can be used instead of a file, for components/offers; set by who shows the page.
    """

    def __init__(self, question: Field, **kwargs: Any) -> None:
        super().__init__(required=question.required is not None, **kwargs)
        self.question = question
        self.stored = ""
        self.show_if: tuple[Condition, ...] = ()
        self.offers: Sequence[Mapping[str, str]] = ()

    def validate(self, value: Any) -> None:
        """Left to `check_page`."""


class PageForm(forms.Form):
    """One page. `answers` is the whole draft once a bound form was judged, right or wrong: save it anyway.

    For templates: page, title, lead, known (rows from the State), groups (with bound fields), preview.
    """

    use_required_attribute = False

    def __init__(
        self, definition: FormDefinition, page: Page, asking: Asking, raw: Raw | None = None
    ) -> None:
        self.definition, self.page, self.asking = definition, page, asking
        self.language = (get_language() or "vi").split("-")[0]
        self.raw = raw or {}
        shown = visible_answers(definition, asking.answers)
        self.answers: dict[str, Any] = shown | known_answers(definition, shown, asking.claims)
        self.searches: dict[str, Search] = {}
        asked = _asked(definition, page, self.answers, asking)
        if raw is not None:
            self._read_searches(asked, raw)
            raw = self.raw
        super().__init__(data=_multi_value(raw) if raw is not None else None)
        for question in asked:
            self.fields[question.name] = self._field(question)

    @property
    def title(self) -> str:
        return in_language(self.page.title, self.language)

    @property
    def lead(self) -> str:
        return self._words(self.page.lead)

    @property
    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Title, hint and bound fields of each group that asks something."""
        found = []
        for group in self.page.groups:
            fields = [self[item.name] for item in group.fields if item.name in self.fields]
            if fields:
                found.append((self._words(group.title), self._words(group.hint), fields))
        return found

    @property
    def known(self) -> list[Row]:
        """What the State already says about this page: shown with its source, not asked."""
        names = dict(self.asking.communes) | dict(self.asking.file_names) | self._place_names()
        sections = summary(self.definition, self.answers, self.language, names, self.asking.claims)
        return [
            row for section in sections if section.page == self.page.name for row in section.rows if row.known
        ]

    @property
    def preview(self) -> tuple[str, str] | None:
        """Label and value of how it will stand on the paper; None without one, or before it is answered."""
        sections = summary(self.definition, self.answers, self.language)
        found = [row for it in sections if it.page == self.page.name for row in it.rows if not row.field]
        return (found[0].label, found[0].value) if found else None

    def clean(self) -> dict[str, Any]:
        asking = self.asking
        self.answers = apply_page(self.definition, self.page, self.answers, self.raw, asking.claims)
        for name in self._communes_not_offered():
            del self.answers[name]
        if self.is_searching:
            return self.answers
        problems = check_page(self.definition, self.page, self.answers, asking.today, asking.claims)
        for name, search in self.searches.items():
            if search.is_open:
                missing = _NOT_FOUND if self.definition.fields[name].kind == "place" else _NOT_HERE
                self.add_error(name, _CHOOSE if search.offer.choices else missing)
                problems.pop(name, None)
        for name, problem in problems.items():
            question = self.definition.fields[name]
            place = name if name in self.fields else None
            self.add_error(place, problem_message(question, problem, self.language))
        return self.answers

    @property
    def is_searching(self) -> bool:
        """The person pressed "Find" beside a question: the page is shown again with what fits, and not judged."""
        return bool(self.raw.get("find")) and bool(self.searches)

    @property
    def has_searches(self) -> bool:
        return any(isinstance(field.widget, SearchChoiceWidget) for field in self.fields.values())

    def _is_searched(self, question: Field) -> bool:
        if not self.asking.places:
            return False
        return question.kind == "place" or (
            question.kind == "commune" and len(self.asking.communes) > _SHORT_LIST
        )

    def _read_searches(self, asked: Sequence[Field], raw: Raw) -> None:
        """What was chosen or typed in the searched questions; the raw answers then hold the choice alone."""
        chosen: dict[str, str] = {}
        for question in filter(self._is_searched, asked):
            search = read_search(question.name, raw, self._finder(question), known=self._chosen(question))
            self.searches[question.name] = search
            chosen[question.name] = search.value
        self.raw = {**raw, **chosen}

    def _finder(self, question: Field) -> Callable[[str], Offer]:
        places = self.asking.places
        only = {code for code, _name in self.asking.communes} if question.kind == "commune" else None
        return lambda words: places.offer(words, only) if places else Offer()

    def _chosen(self, question: Field) -> Choice | None:
        """What was chosen before or is suggested, None when no such place exists."""
        code = str(self.answers.get(question.name) or self._suggested(question) or "")
        name = dict(self.asking.communes).get(code) if question.kind == "commune" else None
        if not name and self.asking.places and code and question.kind == "place":
            name = self.asking.places.names({code}).get(code)
        return Choice(code, name) if name else None

    def _suggested(self, question: Field) -> Any:
        return suggestion(question, self.answers, self.asking.claims)

    def _place_names(self) -> dict[str, str]:
        fields = self.definition.fields.values()
        codes = {str(self.answers.get(it.name)) for it in fields if it.kind == "place"} - {"None"}
        return dict(self.asking.places.names(codes)) if codes and self.asking.places else {}

    def _communes_not_offered(self) -> list[str]:
        offered = {code for code, _name in self.asking.communes}
        asked = [name for name in self.fields if self.definition.fields[name].kind == "commune"]
        return [name for name in asked if name in self.answers and self.answers[name] not in offered]

    def _words(self, text: Text | None) -> str:
        return in_language(text, self.language) if text else ""

    def _field(self, question: Field) -> QuestionField:
        value = self.answers.get(question.name, self._suggested(question))
        made = QuestionField(
            question,
            label=in_language(question.label, self.language),
            help_text=escape(self._words(question.hint)),
            widget=self._widget(question),
            initial=list(reversed(list(date_parts(value).values()))) if question.kind in DATES else value,
        )
        made.stored = self.asking.file_names.get(str(value), "") if question.kind == "file" else ""
        local = {item.name for item in self.page.fields}
        made.show_if = tuple(condition for condition in question.show_if if condition.field in local)
        return made

    def _widget(self, question: Field) -> forms.Widget:
        attrs = _attributes(question)
        if self._is_searched(question):
            return self._search_widget(question)
        match question.kind:
            case "date" | "birth_date":
                return DayWidget(attrs=attrs)
            case "radio":
                return forms.RadioSelect(attrs=attrs, choices=self._choices(question))
            case "select":
                return forms.Select(attrs=attrs, choices=[("", ""), *self._choices(question)])
            case "commune":
                return forms.Select(attrs=attrs, choices=[("", ""), *self.asking.communes])
            case "checkbox":
                return forms.CheckboxInput(attrs=attrs)
            case "textarea":
                return forms.Textarea(attrs=attrs | {"rows": 3})
            case "file":
                return forms.FileInput(attrs=attrs | {"accept": ACCEPTED_FILES})
        return forms.TextInput(attrs=attrs)

    def _search_widget(self, question: Field) -> SearchChoiceWidget:
        search, before = self.searches.get(question.name), self._chosen(question)
        search = search or (Search(before.value, "", Offer((before,))) if before else Search())
        places = self.asking.places
        query = urlencode({"for": question.name} | ({"desk": "1"} if question.kind == "commune" else {}))
        return SearchChoiceWidget(search, f"{places.suggest_url}?{query}" if places else "")

    def _choices(self, question: Field) -> list[tuple[str, str]]:
        """Options offered under the answers so far, with {names} filled in."""
        values = self.answers | compute(self.definition, self.answers)
        options = visible_options(question, self.answers)
        return [(value, fill(label, self.language, values)) for value, label in options]


def page_form(definition: FormDefinition, page: Page, asking: Asking, raw: Raw | None = None) -> PageForm:
    """The form of one page in the active language: unbound, or bound with `raw`; nothing typed is lost.

    raw: `dict(request.POST.lists())`; for a file, the id under which the caller stored what was uploaded.
    """
    return PageForm(definition, page, asking, raw)


def _asked(definition: FormDefinition, page: Page, answers: Answers, asking: Asking) -> list[Field]:
    """Questions that are not known and may be asked on this page: conditions within it are left open."""
    known = known_answers(definition, answers, asking.claims)
    local = {item.name for item in page.fields}
    return [
        item
        for item in page.fields
        if item.name not in known
        and all(condition.field in local or condition.holds(answers) for condition in item.show_if)
    ]


def _attributes(question: Field) -> dict[str, str]:
    attrs = dict(_INPUTS.get(question.kind, {}))
    if question.kind in {"radio", "checkbox"}:
        attrs["class"] = "ds-input"
    if question.autocomplete:
        attrs["autocomplete"] = question.autocomplete
    return attrs


def _multi_value(raw: Raw) -> MultiValueDict[str, Any]:
    return MultiValueDict(
        {name: value if isinstance(value, list) else [value] for name, value in raw.items()}
    )
