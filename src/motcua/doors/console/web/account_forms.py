"""Forms about other people's accounts and about roles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.doors.console.accounts import find_agencies
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.contributions import list_rights
from motcua.registry.access.models import Role
from motcua.registry.access.selectors import list_roles


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Say why, in a few words.")}
    )

    def clean_reason(self) -> str:
        return clean_line(self.cleaned_data["reason"])


class GrantForm(ReasonForm):
    role = forms.ModelChoiceField(
        list_roles(),
        label=_("Role"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose a role.")},
    )
    agency = forms.CharField(
        label=_("Agency"),
        max_length=200,
        help_text=_("Its code, or a part of its name. A single / means all agencies."),
        error_messages={"required": _("Enter the code or the name of the agency.")},
    )
    valid_from = forms.DateField(
        label=_("First day"), error_messages={"required": _("Enter the first day.")}, widget=_day_input()
    )
    last_day = forms.DateField(label=_("Last day"), required=False, widget=_day_input())
    with_post = forms.BooleanField(
        label=_("Only while the officer holds today's post"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
    )
    field_order = ["role", "agency", "valid_from", "last_day", "with_post", "reason"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        self.initial["valid_from"] = timezone.localdate()

    def clean_agency(self) -> str:
        """The path of the agency that was meant."""
        typed = clean_line(self.cleaned_data["agency"])
        if typed == "/" and "/" in self.actor.scopes("administrator"):
            return "/"
        found = find_agencies(self.actor, typed, at=timezone.now()) if typed != "/" else []
        if len(found) == 1:
            return found[0].path
        if not found:
            raise forms.ValidationError(_now("There is no such agency where you administer. Enter its code."))
        choices = "; ".join(f"{agency.code} {agency.name}" for agency in found)
        raise forms.ValidationError(
            _now("Several agencies fit. Enter the code of one: %(choices)s") % {"choices": choices}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _now("The last day lies before the first."))
        return cleaned

    def valid_to(self) -> date | None:
        last: date | None = self.cleaned_data["last_day"]
        return last + timedelta(days=1) if last else None


class RoleForm(ReasonForm):
    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,38}$",
        label=_("Code"),
        help_text=_("Small letters, digits and underscores; stays as it is."),
        error_messages={
            "required": _("Enter a code."),
            "invalid": _("Small letters, digits and underscores."),
        },
    )
    vi = forms.CharField(label=_("Name in Vietnamese"), max_length=100)
    en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    de = forms.CharField(label=_("Name in German"), max_length=100, required=False)
    rights = forms.MultipleChoiceField(
        label=_("Rights"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose at least one right.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field_order = ["code", "vi", "en", "de", "rights", "reason", "version"]

    def __init__(self, data: Any = None, *, role: Role | None = None) -> None:
        initial: dict[str, Any] = {"version": 0}
        if role:
            initial = {"code": role.code, "rights": role.rights, "version": role.version, **role.names}
        super().__init__(data, initial=initial)
        self.fields["rights"].choices = [  # type: ignore[attr-defined]
            (right.code, f"{right.label}: {right.note}") for right in list_rights()
        ]
        if role:
            del self.fields["code"]

    def names(self) -> dict[str, str]:
        typed = {language: clean_line(self.cleaned_data[language]) for language in ("vi", "en", "de")}
        return {language: name or typed["vi"] for language, name in typed.items()}
