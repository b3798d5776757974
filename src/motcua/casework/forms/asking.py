"""What a page is asked with: the circumstances, one question as a Django field, its control."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils.datastructures import MultiValueDict

from motcua.foundation.ui.choosing import Offer
from motcua.foundation.ui.fields import DayWidget

from .rules.answers import suggestion
from .rules.cleaning import Raw
from .rules.definition import Answers, Field

ACCEPTED_FILES = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
# A list that can be looked through at a glance; longer ones are searched.
_SHORT_LIST = 12
_INPUTS: dict[str, dict[str, str]] = {
    "number": {"inputmode": "numeric"},
    "money": {"inputmode": "numeric", "autocomplete": "off"},
    "phone": {"inputmode": "tel", "type": "tel", "autocomplete": "tel"},
    "personal_number": {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"},
    "name": {"autocapitalize": "words", "spellcheck": "false", "autocomplete": "off"},
    "time": {"type": "time"},
}


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
    """

    def __init__(self, question: Field, **kwargs: Any) -> None:
        super().__init__(required=question.required is not None, **kwargs)
        self.question = question
        self.stored = ""
        # A longer explanation that who wants to opens, in words.
        self.explanation = ""
        # Of label and hint, where they are not in the reader's language.
        self.lang = ""
        # What the paper that is asked for looks like, for components/paper_example; set by who shows the page.
        self.example: object = None
        # What can be used instead of a file, for components/offers; set by who shows the page.
        self.offers: Sequence[Mapping[str, str]] = ()
        self.looked = ""
        # How many lie there on paper, for components/ticks; set by who shows the page at a counter.
        self.ticks: Sequence[Mapping[str, str]] = ()

    def validate(self, value: Any) -> None:
        """Left to `check_page`."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question to be asked, wherever it stands. key: its input's name. facts: what its options look at."""

    key: str
    question: Field
    value: Any
    facts: Answers

    def start(self, asking: Asking, answers: Answers) -> Any:
        """What stands in the box: what was answered, else what is suggested."""
        if self.value is None:
            return suggestion(self.question, answers, asking.claims)
        is_amount = self.question.kind == "money" and isinstance(self.value, int)
        return f"{self.value:,}".replace(",", ".") if is_amount else self.value


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


def control(question: Field, choices: Sequence[tuple[str, str]]) -> forms.Widget:
    """The control of a question that is not searched for. choices: of `radio`, `select`, `commune`."""
    attrs = _attributes(question)
    match question.kind:
        case "date" | "birth_date":
            return DayWidget(attrs=attrs)
        case "radio":
            return forms.RadioSelect(attrs=attrs, choices=choices)
        case "select" | "commune":
            return forms.Select(attrs=attrs, choices=[("", ""), *choices])
        case "checkbox":
            return forms.CheckboxInput(attrs=attrs)
        case "textarea":
            return forms.Textarea(attrs=attrs | {"rows": 3})
        case "file":
            kind = SeveralFiles if question.several else forms.FileInput
            return kind(attrs=attrs | {"accept": ACCEPTED_FILES})
        case "repeated":
            return forms.HiddenInput()
    return forms.TextInput(attrs=attrs)


def is_searched(question: Field, asking: Asking) -> bool:
    """Whether the answer is found by words, as there are too many to choose from."""
    if not asking.places:
        return False
    return question.kind == "place" or (question.kind == "commune" and len(asking.communes) > _SHORT_LIST)


def _attributes(question: Field) -> dict[str, str]:
    attrs = dict(_INPUTS.get(question.kind, {}))
    if question.fractions:
        attrs["inputmode"] = "decimal"
    if question.kind in {"radio", "checkbox"}:
        attrs["class"] = "ds-input"
    if question.autocomplete:
        attrs["autocomplete"] = question.autocomplete
    return attrs


def multi_value(raw: Raw) -> MultiValueDict[str, Any]:
    return MultiValueDict(
        {name: value if isinstance(value, list) else [value] for name, value in raw.items()}
    )
