"""What the pages of figures are asked for: whose, for which days, as it was known when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.ui.formats import format_date
from motcua.oversight.indicators.policies import evaluated_paths
from motcua.oversight.indicators.rules.periods import BadPeriod
from motcua.oversight.indicators.rules.spans import ONE_DAY, Kind, Span, parse_span, span_of
from motcua.oversight.indicators.selectors import get_agency, list_agencies
from motcua.oversight.indicators.tallying import Days
from motcua.oversight.indicators.web.words import language
from motcua.registry.organisations.models import Agency

# Figures of days before the first rules, or far ahead, are nobody's.
FIRST, AHEAD = date(2015, 1, 1), timedelta(days=366)
LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """`is_own`: without the agencies below; `known_on`: as the journal told it at the end of that day, None: now."""

    agency: Agency
    span: Span
    is_own: bool = False
    known_on: date | None = None

    @property
    def days(self) -> Days:
        return Days(self.span.first, self.span.until)

    @property
    def days_before(self) -> Days | None:
        """Days of the period before that this one is compared with: all; of one that is not over as many as it has had.

        None on a single day that is not over, and before it begins.
        """
        before, told = self.span.shifted(-1), min(it for it in (timezone.localdate(), self.known_on) if it)
        if told >= self.span.last and (told > self.span.last or self.known_on):
            return Days(before.first, before.until)
        if self.span.kind is Kind.DAY or told < self.span.first:
            return None
        return Days(before.first, min(before.first + (told + ONE_DAY - self.span.first), before.until))

    @property
    def scope(self) -> str:
        return self.agency.path

    @property
    def is_now(self) -> bool:
        """Whether what stands open is told of now: the period is not over."""
        return self.span.until > timezone.localdate() and not self.known_on

    def query(self, **more: object) -> str:
        """The address's part that asks for the same; `more` besides, what is empty left out."""
        own = {
            "agency": self.agency.path,
            "period": self.span.code,
            "own": "1" if self.is_own else "",
            "known_on": self.known_on.isoformat() if self.known_on else "",
        }
        return urlencode({name: value for name, value in (own | more).items() if value not in ("", None)})

    def shifted(self, steps: int) -> Asked:
        return replace(self, span=self.span.shifted(steps))


class FiguresForm(forms.Form):
    """Every field may stay empty: this month, the officer's own agency and all below it, as it is known now."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("figure", "Period"),
        required=False,
        choices=[
            (Kind.DAY, gettext_lazy("Day")),
            (Kind.MONTH, gettext_lazy("Month")),
            (Kind.QUARTER, gettext_lazy("Quarter")),
            (Kind.YEAR, gettext_lazy("Year")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose a day, a month, a quarter or a year.")},
    )
    on = forms.DateField(
        label=gettext_lazy("in which this day lies"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day, like 2026-03-31.")},
    )
    known_on = forms.DateField(
        label=gettext_lazy("As it was known on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day, like 2026-03-31.")},
    )
    own = forms.BooleanField(label=gettext_lazy("Without the agencies below"), required=False)

    def __init__(self, actor: Actor, sent: Mapping[str, Any]) -> None:
        """Raises NotFound for an agency the actor may not see, and for who may see none."""
        self.agency = _agency(actor, str(sent.get("agency", "")))
        data = {name: value for name, value in sent.items() if value}
        data = {"kind": Kind.MONTH, "on": timezone.localdate().isoformat()} | data
        period = str(sent.get("period", ""))
        asked = _asked_span(period)
        if asked:
            data |= {"kind": asked.kind, "on": asked.first.isoformat()}
        self._is_period_bad = bool(period) and not asked
        super().__init__(data)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or timezone.localdate()
        if self._is_period_bad or not FIRST <= day <= timezone.localdate() + AHEAD:
            raise forms.ValidationError(_("There are no figures of that time."))
        return day

    def clean_known_on(self) -> date | None:
        day: date | None = self.cleaned_data["known_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("That day is not over yet."))
        return day

    @property
    def asked(self) -> Asked:
        """Of a valid form."""
        given = self.cleaned_data
        span = span_of(given["on"], Kind(given["kind"] or Kind.MONTH))
        return Asked(self.agency, span, is_own=given["own"], known_on=given["known_on"])


def read_asked(actor: Actor, sent: QueryDict) -> Asked:
    """Of an address that comes from links only. Raises NotFound."""
    form = FiguresForm(actor, sent.dict())
    if not form.is_valid():
        raise NotFound
    return form.asked


def _agency(actor: Actor, path: str) -> Agency:
    """Without a choice the officer's own, else the first they may see."""
    if path:
        return get_agency(actor, path)
    try:
        return get_agency(actor, actor.agency_path)
    except NotFound:
        agencies = list_agencies(actor) if evaluated_paths(actor) else []
    if not agencies:
        raise NotFound
    return agencies[0]


def _asked_span(text: str) -> Span | None:
    try:
        return parse_span(text)
    except BadPeriod:
        return None


def before_words(asked: Asked) -> str:
    """The days that `days_before` gives: "Month 2 of 2026", "Month 2 of 2026 until 10 February 2026"."""
    before, days = asked.span.shifted(-1), asked.days_before
    if days is None or days.until == before.until:
        return span_words(before)
    last = format_date(days.until - ONE_DAY, language(), weekday=False)
    return _("%(period)s until %(day)s") % {"period": span_words(before), "day": last}


def span_words(span: Span) -> str:
    """ "Month 3 of 2026", "Tuesday 10 March 2026"."""
    if span.kind is Kind.DAY:
        return format_date(span.first, language())
    if span.kind is Kind.YEAR:
        return _("Year %(year)s") % {"year": span.first.year}
    if span.kind is Kind.QUARTER:
        return _("Quarter %(quarter)s of %(year)s") % {
            "quarter": (span.first.month + 2) // 3,
            "year": span.first.year,
        }
    return _("Month %(month)s of %(year)s") % {"month": span.first.month, "year": span.first.year}
