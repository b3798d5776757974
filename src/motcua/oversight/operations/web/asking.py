"""Which agency and moment a page is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.worktime.moments import local
from motcua.oversight.operations.policies import watched_paths
from motcua.oversight.operations.rules.replaying import SLOTS, Past, clock_of
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_agency_of_path, list_current_agencies

# No journal begins before; the first days of a calendar have none before them to be held against.
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """`past`: None is now."""

    agency: Agency
    past: Past | None = None

    @property
    def query(self) -> str:
        """The address's part that asks for the same again."""
        return self.query_at(self.past.slot if self.past else None)

    def query_at(self, slot: int | None) -> str:
        said = {"agency": self.agency.path}
        if self.past and slot is not None:
            said |= {"day": self.past.day.isoformat(), "at": clock_of(slot)}
        return urlencode(said)


class MomentForm(forms.Form):
    """Which day, and which moment of it; without a day it is now."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day, like 2026-03-31.")},
    )
    at = forms.CharField(label=gettext_lazy("At"), required=False, max_length=5)

    def __init__(self, actor: Actor, sent: Mapping[str, Any], *, now: datetime) -> None:
        """Without a choice the officer's own agency, else the first they may see. Raises NotFound for one they may not
        see."""
        self.agency = _agency(watched_paths(actor), actor, str(sent.get("agency", "")))
        self.today = local(now).date()
        # A moment without a day asks for nothing.
        super().__init__({name: sent.get(name, "") for name in ("day", "at")} if sent.get("day") else {})
        self.fields["day"].widget.attrs["max"] = self.today.isoformat()

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        if day and day < FIRST_DAY:
            raise forms.ValidationError(_("There are no figures of that time."))
        return day

    def clean_at(self) -> int:
        """So many quarters of an hour; no hour is the day's end, which is no time of a clock."""
        if (text := self.cleaned_data["at"]) in {"", "24:00"}:
            return SLOTS
        try:
            clock = time.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(_("Enter a time between 00:00 and 24:00, like 09:15.")) from None
        return clock.hour * 4 + clock.minute // 15

    @property
    def asked(self) -> Asked:
        """Of a valid form. Today's page is the live one, whatever hour was asked for."""
        day = self.cleaned_data["day"]
        is_past = day is not None and day < self.today
        return Asked(self.agency, Past(day, self.cleaned_data["at"]) if is_past else None)


def read_asked(actor: Actor, sent: Mapping[str, str], *, now: datetime) -> Asked:
    """Of an address that comes from links only. Raises NotFound for an agency they may not see and for what is no
    moment."""
    form = MomentForm(actor, sent, now=now)
    if not form.is_valid():
        raise NotFound
    return form.asked


def _agency(paths: tuple[str, ...], actor: Actor, wanted: str) -> Agency:
    is_own = any(actor.agency_path.startswith(path) for path in paths) if actor.agency_path else False
    if wanted or is_own:
        return get_agency_of_path(paths, (wanted or actor.agency_path)[:300])
    first = next(iter(list_current_agencies(paths)), None)
    if first is None:
        raise NotFound
    return get_agency_of_path(paths, first.path)
