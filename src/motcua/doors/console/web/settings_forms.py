"""A form for each group of settings, made from what rooms declared; and those for certificates."""

from __future__ import annotations

import base64
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import Declaration
from motcua.foundation.installation.selectors import Described, Source
from motcua.foundation.ui.templatetags.ui import viet_date

_SEPARATOR = "__"


def field_name(key: str) -> str:
    """As it stands in forms and addresses of fields."""
    return key.replace(".", _SEPARATOR)


class GroupForm(forms.Form):
    """The settings of one group. What the operator has set is shown and cannot be entered."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        described: list[Described],
        *,
        version: int,
        needs_reason: bool,
        data: Any = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files, initial={"version": version})
        self._described = described
        for it in described:
            name = field_name(it.declaration.key)
            self.fields[name] = _field(it)
            if it.is_set and it.source is Source.CHOSEN and it.declaration.kind in {"secret", "file"}:
                self.fields[f"{name}-remove"] = forms.BooleanField(
                    label=format_lazy(_("Remove: {label}"), label=it.declaration.label), required=False
                )
        if needs_reason:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is changed"), help_text=_("Name the decision or the schedule of keeping."),
                max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def entered(self) -> dict[str, Any]:
        """By key, as it was entered; a secret or file that was left empty stays as it is."""
        values: dict[str, Any] = {}
        for it in self._described:
            if it.source is Source.OPERATOR:
                continue
            key, name = it.declaration.key, field_name(it.declaration.key)
            value, removed = self.cleaned_data.get(name), self.cleaned_data.get(f"{name}-remove")
            if it.declaration.kind not in {"secret", "file"}:
                values[key] = value
            elif removed:
                values[key] = None
            elif value:
                values[key] = _uploaded(value) if it.declaration.kind == "file" else value
        return values

    def blame(self, problems: dict[str, str | Promise]) -> None:
        """Show why values were refused, beside their fields."""
        for key, reason in problems.items():
            self.add_error(field_name(key), str(reason))

    def renewed(self, version: int) -> None:
        """The next time this form is sent it is about what holds now."""
        sent = cast("QueryDict", self.data).copy()
        sent["version"] = str(version)
        self.data = sent


def _uploaded(file: Any) -> dict[str, str]:
    return {"name": str(file.name), "content": base64.b64encode(file.read()).decode()}


def _field(described: Described) -> forms.Field:
    declared = described.declaration
    common: dict[str, Any] = {
        "label": declared.label,
        "help_text": _help(described),
        "required": False,
        "disabled": described.source is Source.OPERATOR,
        "initial": described.value,
    }
    return _MADE.get(declared.kind, _text)(declared, common)


def _text(declared: Declaration, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(**common, max_length=1000)


def _choice(declared: Declaration, common: dict[str, Any]) -> forms.Field:
    widget = forms.RadioSelect(attrs={"class": "ds-input"})
    return forms.ChoiceField(**common, choices=declared.choices, widget=widget)


def _list(declared: Declaration, common: dict[str, Any]) -> forms.Field:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "ds-input"})
    return forms.MultipleChoiceField(**common, choices=declared.choices, widget=widget)


def _secret(declared: Declaration, common: dict[str, Any]) -> forms.Field:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(**common, max_length=1000, strip=False, widget=widget)


def _file(declared: Declaration, common: dict[str, Any]) -> forms.Field:
    return forms.FileField(
        **(common | {"initial": None}), widget=forms.FileInput(attrs={"accept": declared.accept})
    )


_MADE = {"choice": _choice, "list": _list, "secret": _secret, "file": _file}


def _help(described: Described) -> str:
    declared = described.declaration
    parts = [str(declared.help)]
    if described.source is Source.OPERATOR:
        parts.append(_now("Set by the operator in %(name)s.") % {"name": declared.env})
    elif described.is_set and declared.kind in {"secret", "file"} and described.changed_at:
        day = viet_date(described.changed_at, "plain")
        parts.append(_now("Set on %(day)s. Left empty, it stays.") % {"day": day})
    return " ".join(filter(None, parts))


class KeyForm(forms.Form):
    """A key and its certificate, from an authority."""

    key_ref = forms.CharField(
        label=_("Reference"), max_length=64,
        help_text=_("Names the key here and at its officer: small letters, digits and dashes, as chair-04894."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), help_text=_("PKCS#12 (.p12 or .pfx), at most 64 KB."),
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password of the file"), required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}), help_text=_("Used once and not kept."),
    )  # fmt: skip
    replaces = forms.BooleanField(
        label=_("It takes the place of the key that is kept under this reference"), required=False
    )


class AuthorityForm(forms.Form):
    """An authority whose certificates are believed."""

    file = forms.FileField(
        label=_("Certificate of the authority"), help_text=_("PEM or DER, at most 64 KB."),
        widget=forms.FileInput(attrs={"accept": ".pem,.crt,.cer,.der"}),
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label=_("Believed for"), initial="signer", widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        choices=[("signer", _("Signatures")), ("tsa", _("Time stamps")), ("both", _("Both"))],
    )  # fmt: skip
    valid_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("Until (not including)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=_("By which decision"), max_length=200, help_text=_("Such as a number and date.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with KeyForm, which has a file too.
        super().__init__(*args, **{"auto_id": "authority_%s"} | kwargs)


class TrialForm(forms.Form):
    """What a trial asks, if it asks anything."""

    asked = forms.CharField(max_length=200)

    def __init__(self, label: str | Promise, data: Any = None, *, initial: str = "", prefix: str) -> None:
        super().__init__(data, initial={"asked": initial}, prefix=prefix)
        self.fields["asked"].label = str(label)
