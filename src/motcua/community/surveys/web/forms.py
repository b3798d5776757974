"""What is asked of people, of officers who enter an answer, and of who looks answers up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from motcua.community.surveys.models import Rating
from motcua.community.surveys.selectors import Wanted
from motcua.community.surveys.services.answering import MAX_WORDS, Answer
from motcua.community.surveys.services.cases import MAX_WORDS as MAX_REPLY
from motcua.community.surveys.web.words import language, rating_words, reason_words

DAYS = 90
# Nothing was asked before; the years of a calendar have ends that one may not reckon beyond.
FIRST_DAY = date(2018, 1, 1)
_PICK = {"class": "ds-input"}


class AnswerForm(forms.Form):
    """`rating` was chosen on the page before. Reasons and words may stay empty."""

    rating = forms.TypedChoiceField(
        choices=Rating.choices, coerce=int, widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Choose one of the three answers."),
            "invalid_choice": gettext_lazy("Choose one of the three answers."),
        },
    )  # fmt: skip
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=_PICK),
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=MAX_WORDS,
        help_text=gettext_lazy("Leave out names, personal numbers and telephones."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("reasons", list(reason_words().items()))

    def set_choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        fields: dict[str, Any] = self.fields
        fields[name].choices = choices

    @property
    def answer(self) -> Answer:
        """Of a valid form."""
        sent = self.cleaned_data
        return Answer(sent["rating"], sent["reasons"], sent["words"])


class PhoneForm(AnswerForm):
    code = forms.CharField(
        label=gettext_lazy("Code of the dossier"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the code of the dossier.")},
    )
    has_agreed = forms.BooleanField(
        label=gettext_lazy(
            "The person has agreed that I enter what they say, and knows that it cannot be changed."
        ),
        error_messages={"required": gettext_lazy("Enter an answer only when the person has agreed to it.")},
    )
    field_order = ("code", "rating", "reasons", "words", "has_agreed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rating: Any = self.fields["rating"]
        rating.widget = forms.RadioSelect(attrs=_PICK)
        rating.label = gettext_lazy("How satisfied were you with how your application was handled?")
        self.set_choices("rating", [(it, rating_words(it)) for it in (3, 2, 1)])


class CodeForm(forms.Form):
    """The code of a link, or of a receipt at a kiosk."""

    code = forms.CharField(
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the code.")},
    )


class WordsForm(forms.Form):
    """A reply, what was said on the telephone, or why a case is passed on."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    words = forms.CharField(
        label=gettext_lazy("Reply to the person"),
        max_length=MAX_REPLY,
        help_text=gettext_lazy(
            "Plain words. Whoever has the link reads it: name nobody and no personal data."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write it in a few words.")},
    )


class NotHelpedForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What is still wrong"),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FilterForm(forms.Form):
    """Every field may stay empty: all answers of the last 90 days."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rating = forms.ChoiceField(label=gettext_lazy("Answer"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, sent: Any, *, agencies: list[Any], procedures: dict[str, Any]) -> None:
        today = timezone.localdate()
        first = {"since": (today - timedelta(days=DAYS)).isoformat(), "until": today.isoformat()}
        super().__init__({**first, **{name: value for name, value in sent.items() if value}})
        everything: list[tuple[Any, Any]] = [("", gettext_lazy("All"))]
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = everything + [(it.path, it.name) for it in agencies]
        fields["procedure"].choices = everything + [
            (code, names.get(language()) or names.get("vi", code)) for code, names in procedures.items()
        ]
        fields["rating"].choices = everything + [(str(it), rating_words(it)) for it in (3, 2, 1)]
        fields["reason"].choices = everything + list(reason_words().items())

    @property
    def wanted(self) -> Wanted:
        """What was chosen; of a field that is wrong, nothing."""
        sent = self.cleaned_data
        today = timezone.localdate()
        since = max(sent.get("since") or today - timedelta(days=DAYS), FIRST_DAY)
        until = min(sent.get("until") or today, today)
        return Wanted(
            _midnight(since),
            _midnight(until + timedelta(days=1)),
            path=sent.get("agency", ""),
            procedure=sent.get("procedure", ""),
            rating=int(sent.get("rating") or 0),
            reason=sent.get("reason", ""),
            words=sent.get("q", ""),
        )

    @property
    def query(self) -> str:
        """The address's part that asks for the same again."""
        return urlencode({name: value for name, value in self.data.items() if name in self.fields and value})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
