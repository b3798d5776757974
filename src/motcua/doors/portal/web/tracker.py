"""Who read my data: as a page and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.doors.portal.tracker import Period, Reading, all_own_readings, list_own_readings
from motcua.foundation.kernel.text import inert
from motcua.registry.access.policies import ActingRequest, citizen_required

_DAY: dict[str, Any] = {"type": "date"}


class PeriodForm(forms.Form):
    """Days from and to, both included. What is no day is told and not used."""

    begins = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("begins"), values.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("Enter a day that is not before the first one."))
        return values

    def period(self) -> Period:
        self.is_valid()
        return Period(self.cleaned_data.get("begins"), self.cleaned_data.get("ends"))


@citizen_required
@never_cache
@require_safe
def data_tracker(request: ActingRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    period = form.period()
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    page = list_own_readings(request.actor, period, before=number)
    days = {"begins": period.begins, "ends": period.ends}
    chosen = {name: day.isoformat() for name, day in days.items() if day}
    context = {
        "form": form,
        "readings": page.readings,
        "next": f"?{urlencode(chosen | {'before': page.after})}" if page.after else "",
        "query": urlencode(chosen),
        "is_filtered": bool(chosen) or number is not None,
    }
    return render(request, "portal/data_tracker.html", context, status=200 if form.is_valid() else 422)


@citizen_required
@never_cache
@require_safe
def data_tracker_csv(request: ActingRequest) -> StreamingHttpResponse:
    """The latest 5,000 readings of the period, UTF-8 with a mark for spreadsheets."""
    readings = all_own_readings(request.actor, PeriodForm(request.GET).period())
    headers = {"Content-Disposition": 'attachment; filename="data-tracker.csv"'}
    return StreamingHttpResponse(_lines(readings), content_type="text/csv; charset=utf-8", headers=headers)


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(readings: Iterator[Reading]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    titles = (
        _("When"),
        _("What"),
        _("Who"),
        pgettext("officer", "Post"),
        _("Unit"),
        _("Agency"),
        _("Dossier"),
    )
    yield writer.writerow(titles)
    for it in readings:
        when = timezone.localtime(it.at).strftime("%Y-%m-%d %H:%M:%S")
        words = (when, it.what, it.who, it.post, it.unit, it.agency, it.dossier)
        yield writer.writerow([inert(word) for word in words])
