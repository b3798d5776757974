"""What an officer types for an act on many dossiers: it holds for all of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers import bulk_acts
from motcua.casework.dossiers.services.slips import law
from motcua.casework.dossiers.web.bulk_words import AMONG_COLLEAGUES, GROUNDS, QUESTIONS
from motcua.casework.dossiers.web.words import language
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.selectors import list_officers_with

# Of how many different rights and agencies officers are looked for.
_PLACES = 3
_WAYS = (
    ("", gettext_lazy("As each applicant asked")),
    ("warehouse", gettext_lazy("In the applicants' warehouses only")),
    ("counter", gettext_lazy("On paper at the counter, each to who submitted it")),
)


class BulkForm(forms.Form):
    """What an act takes beside the dossiers. A reason is needed where tasks are taken from somebody."""

    officer = forms.ChoiceField(
        label=gettext_lazy("Who gets the tasks"),
        error_messages={
            "required": gettext_lazy("Choose the officer who gets the tasks."),
            "invalid_choice": gettext_lazy("Choose the officer who gets the tasks."),
        },
    )
    way = forms.ChoiceField(
        label=gettext_lazy("How the results are handed over"),
        choices=_WAYS,
        required=False,
        help_text=gettext_lazy("What goes by post needs its tracking number: return it one at a time."),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": gettext_lazy("Choose the ground.")},
    )
    on = forms.DateField(
        label=gettext_lazy("New day for the results"),
        help_text=gettext_lazy("A working day after the due dates; the hour of each stays the same."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Enter the new day."),
            "invalid": gettext_lazy("Enter the new day as a date."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the tasks move"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Enter why the tasks go to somebody else; it is kept with each of them.")
        },
        help_text=gettext_lazy("For the colleagues and the journal, for instance a transfer or an illness."),
    )

    def __init__(
        self, act: str, lines: list[bulk_acts.Line], actor: Actor, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - QUESTIONS.get(act, frozenset()):
            del self.fields[name]
        if "ground" in self.fields:
            grounds = law().grounds[GROUNDS[act]].items()
            choices = [(code, in_language(it.text, language())) for code, it in grounds]
            self.fields["ground"].choices = choices  # type: ignore[attr-defined]
        if "reason" in self.fields and act not in {"assign", "hand-back"}:
            self._ask_why(act)
            return
        if "officer" in self.fields:
            choices = [("", _("Choose an officer")), *_officers(lines)]
            self.fields["officer"].choices = choices  # type: ignore[attr-defined]
        if "reason" in self.fields:
            held = {line.task.claimed_by for line in lines if line.task} - {None, actor.person_id}
            self.fields["reason"].required = bool(held or self.data.get("leaving"))

    def _ask_why(self, act: str) -> None:
        reason = self.fields["reason"]
        reason.label = _("Reason")
        reason.help_text = (
            _("Whoever does the step again reads it.")
            if act in AMONG_COLLEAGUES
            else _("Every one of the applicants reads it: write what holds for all of them.")
        )
        reason.error_messages["required"] = _("Enter the reason in one or two sentences.")


def _officers(lines: list[bulk_acts.Line]) -> list[tuple[str, str]]:
    """Who may do tasks of the kind that were chosen, by name."""
    places = list(dict.fromkeys((it.task.role, it.task.agency_path) for it in lines if it.task))
    today = timezone.localdate()
    found = {
        str(pk): name
        for role, path in places[:_PLACES]
        for pk, name in list_officers_with(role, path, on=today)
    }
    return sorted(found.items(), key=lambda it: it[1])
