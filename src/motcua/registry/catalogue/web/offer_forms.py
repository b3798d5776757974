"""What an agency offers, as it is typed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.text import clean_line
from motcua.foundation.ui.fields import DayField
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.catalogue.models import Offer
from motcua.registry.catalogue.offers.services import Period, Terms
from motcua.registry.catalogue.offers.words import COUNTERS, LEVELS, PROACTIVE, REASONS, SCOPES, fee_words
from motcua.registry.catalogue.rules.offers import CHANNELS
from motcua.registry.catalogue.words import limit_words
from motcua.registry.organisations.models import Agency

_RADIO = forms.RadioSelect(attrs={"class": "ds-input"})
MOST_FEES = 30
_FEE = re.compile(
    r"(?P<amount>[0-9][0-9.,]*)"
    r"(?: *; *(?P<channel>online|counter|post)?)?(?: *; *(?P<territory>[0-9]{2,3})?)?"
    r"(?: *; *(?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2})?)?(?: *; *(?P<decision>[^;]{0,100}))?"
)


class OfferForm(forms.Form):
    """`agency`: a province may offer for all communes below it, others for themselves."""

    scope = forms.ChoiceField(label=_("Who offers it"), choices=list(SCOPES.items()), widget=_RADIO)
    level = forms.ChoiceField(
        label=_("How far online"),
        choices=list(LEVELS.items()),
        widget=_RADIO,
        error_messages={"required": _("Choose how far it is offered online.")},
    )
    reason = forms.ChoiceField(
        label=_("Why only in part"),
        help_text=_("The reason is published."),
        choices=[("", _("Not in part")), *REASONS.items()],
        required=False,
    )
    reason_words = forms.CharField(label=_("What has to be done in person"), required=False, max_length=500)
    proactive = forms.TypedChoiceField(
        label=_("How far the agency acts by itself"),
        choices=[("", _("Not proactive")), *((str(it), words) for it, words in PROACTIVE.items())],
        coerce=int,
        empty_value=0,
        required=False,
    )
    limit = forms.CharField(
        label=_("Shorter time limit"),
        help_text=_("Such as 3wd (working days), 8wh (working hours), 20d (days), 1m (months)."),
        required=False,
        max_length=8,
    )
    fees = forms.CharField(
        label=_("Fees set by the province"),
        help_text=_(
            "A line each: amount; online, counter or post; code of the former province or district; the first day without "
            "it, such as 2026-07-01; decision. Leave out what does not apply."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4_000,
    )
    decision = forms.CharField(label=_("Decision behind limit and fees"), required=False, max_length=100)
    counters = forms.ChoiceField(
        label=_("Where it is taken in"),
        choices=[("", _("As the procedure says")), *COUNTERS.items()],
        required=False,
    )
    contact = forms.CharField(
        label=_("Contact"),
        help_text=_("Shown to everybody: an office, its telephone."),
        required=False,
        max_length=300,
    )
    valid_from = DayField(label=_("From"))
    valid_to = DayField(label=_("The first day without it"), required=False)

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"scope": Offer.Scope.OWN, "valid_from": timezone.localdate()} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        if agency.level != "province":
            del self.fields["scope"]

    @classmethod
    def of(cls, agency: Agency, offer: Offer) -> OfferForm:
        """To change an offer: it begins with what holds."""
        names = (
            "scope",
            "level",
            "reason",
            "reason_words",
            "proactive",
            "limit",
            "decision",
            "counters",
            "contact",
        )
        known = {name: getattr(offer, name) for name in names} | {"valid_to": offer.valid_to}
        return cls(agency, initial=known | {"fees": "\n".join(_fee_line(it) for it in offer.fees)})

    def clean_fees(self) -> list[dict[str, Any]]:
        lines = [line.strip() for line in self.cleaned_data["fees"].splitlines() if line.strip()]
        return [_read_fee(line, at) for at, line in enumerate(lines[:MOST_FEES], start=1)]

    @property
    def terms(self) -> Terms:
        sent = self.cleaned_data
        names = (
            "level",
            "reason",
            "reason_words",
            "proactive",
            "limit",
            "fees",
            "counters",
            "contact",
            "decision",
        )
        return Terms(scope=sent.get("scope") or Offer.Scope.OWN, **{name: sent[name] for name in names})

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["valid_from"], self.cleaned_data["valid_to"])

    def preview(self) -> list[dict[str, Any]]:
        """What was filled in, for components/fact_list."""
        rows: list[dict[str, Any]] = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value in (None, "", [], 0):
                continue
            if name == "fees":
                rows += [
                    {"label": field.label, "value": words, "note": note}
                    for words, note in map(fee_words, value)
                ]
            else:
                rows.append({"label": field.label, "value": _shown(name, field, value)})
        return rows


def _shown(name: str, field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return viet_date(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(str(value), value))  # type: ignore[arg-type]
    return (
        limit_words(value)
        if name == "limit" and re.fullmatch("[1-9][0-9]{0,3}(wh|wd|d|m)|sameday", value)
        else value
    )


def _fee_line(row: Mapping[str, Any]) -> str:
    parts = [
        str(row["amount_vnd"]),
        *(row.get(name) or "" for name in ("channel", "territory", "until", "decision")),
    ]
    return "; ".join(parts).rstrip("; ")


def _read_fee(line: str, at: int) -> dict[str, Any]:
    found = _FEE.fullmatch(line)
    if not found or found["channel"] not in (None, *CHANNELS):
        raise ValidationError(
            _(
                "Line %(line)s: enter an amount, then what it holds for, such as 8000; online; 26; 2026-07-01; 12/2025/NQ-HĐND."
            ),
            params={"line": at},
        )
    digits = re.sub(r"[.,]", "", found["amount"])
    return {
        "amount_vnd": int(digits[:12]),
        "channel": found["channel"] or "",
        "territory": found["territory"] or "",
        "until": found["until"] or "",
        "decision": clean_line(found["decision"] or ""),
    }


class EndForm(forms.Form):
    on = DayField(label=_("The first day without it"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
