"""Forms about other systems."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.clients.scopes import list_scopes
from motcua.registry.access.clients.services import LONGEST_OVERLAP_DAYS, Registration
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors.tree import agencies_by_code

USES = [
    ("", _("It uses the API in its own name")),
    ("officer", _("Officers sign in to it with their account here")),
    ("citizen", _("Citizens sign in to it with their eID through us")),
]


def _choices(*, sign_in: bool) -> list[tuple[str, Any]]:
    return [(scope.name, f"{scope.description} ({scope.name})") for scope in list_scopes(sign_in=sign_in)]


class ClientForm(forms.Form):
    """A client as an administrator registers it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    name = forms.CharField(
        label=_("Name of the system"),
        max_length=100,
        error_messages={"required": _("Enter the name under which people know the system.")},
    )
    agency_code = forms.CharField(
        label=_("Code of the agency it belongs to"),
        max_length=35,
        help_text=_("It sees and files for this agency and those below only. For example H44.25."),
        error_messages={"required": _("Enter the code of an agency.")},
    )
    contact = forms.CharField(
        label=_("Who answers for it"),
        max_length=200,
        help_text=_("An office with telephone or e-mail, not a single person."),
        error_messages={"required": _("Enter whom to call when something is wrong.")},
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("People who sign in to it read this sentence."),
        error_messages={"required": _("Enter what it is for, in one sentence.")},
    )
    use = forms.ChoiceField(
        label=_("How it uses this installation"),
        choices=USES,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        help_text=_("For a system that uses the API."),
    )
    claims = forms.MultipleChoiceField(
        label=_("What it may learn of who signs in"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        help_text=_("For a system people sign in to."),
    )
    redirect_uris = forms.CharField(
        label=_("Addresses people come back to"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, exactly as the system sends them. For a system people sign in to."),
    )
    valid_until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until somebody ends it."),
    )
    is_test = forms.BooleanField(
        label=_("Only to try: what it files is marked as a test and counted nowhere"), required=False
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        self._actor = actor
        self.agency: Agency | None = None
        self.fields["scopes"].choices = _choices(sign_in=False)  # type: ignore[attr-defined]
        self.fields["claims"].choices = _choices(sign_in=True)  # type: ignore[attr-defined]

    def clean_agency_code(self) -> str:
        code = str(self.cleaned_data["agency_code"]).upper()
        today = timezone.localdate()
        self.agency = agencies_by_code(self._actor.scopes("administrator"), [code], at=today).get(code)
        if not self.agency:
            raise forms.ValidationError(_("You administer no agency with this code. Look at its code again."))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        day, signs_in = values.get("valid_until"), bool(values.get("use"))
        if day and day < timezone.localdate():
            self.add_error("valid_until", _("Enter a day that is not over."))
        if signs_in and "openid" not in values.get("claims", []):
            self.add_error("claims", _("Tick that it may recognise people: without that nobody can sign in."))
        if signs_in and not values.get("redirect_uris", "").split():
            self.add_error("redirect_uris", _("Enter at least one address that begins with https://."))
        if signs_in and values.get("is_test"):
            self.add_error("is_test", _("Only a system that uses the API can be a test."))
        if not signs_in and not values.get("scopes"):
            self.add_error("scopes", _("Tick at least one thing it may do."))
        return values

    def registration(self) -> Registration:
        """What to register; only after `is_valid`."""
        values = self.cleaned_data
        assert self.agency  # noqa: S101  is_valid saw to it
        signs_in, day = bool(values["use"]), values["valid_until"]
        ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time(0, 0))) if day else None
        return Registration(
            id=values["id"],
            name=values["name"],
            agency_id=self.agency.id,
            agency_path=self.agency.path,
            contact=values["contact"],
            purpose=values["purpose"],
            scopes=tuple(values["claims" if signs_in else "scopes"]),
            is_test=values["is_test"],
            valid_until=ends,
            sign_in=values["use"],
            redirect_uris=tuple(values["redirect_uris"].split()) if signs_in else (),
        )


class ReasonForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence for the journal, without names of people."),
        error_messages={"required": _("Write in one sentence why. The reason is kept in the journal.")},
    )


class RotateForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    days = forms.IntegerField(
        label=_("How many days the old secret still works"),
        min_value=0,
        max_value=LONGEST_OVERLAP_DAYS,
        initial=7,
        help_text=_("0 to 30. Take 0 when somebody else may know it: it ends at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _now("Enter a number of days from 0 to 30.")
        self.fields["days"].error_messages |= dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), words
        )
        for validator in self.fields["days"].validators:
            validator.message = words  # type: ignore[attr-defined]
