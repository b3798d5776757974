"""What the administrators' pages show, as plain data for templates. No queries of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.organisations.models import Agency, AgencyCalendar, Holding, Succession
from motcua.registry.organisations.words import LEVELS

_BEFORE = {
    "renamed": gettext_lazy("Renamed from %(name)s"),
    "merged": gettext_lazy("%(name)s was merged into it"),
    "split": gettext_lazy("Split off from %(name)s"),
}
_AFTER = {
    "renamed": gettext_lazy("Renamed to %(name)s"),
    "merged": gettext_lazy("Merged into %(name)s"),
    "split": gettext_lazy("Split; one part is %(name)s"),
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FROM = pgettext_lazy("a day", "from %(day)s")


def period(begins: date, ends: date | None) -> str:
    """ "from 1 July 2025", "1 July 2025 to 31 December 2025": the last day is the one before the end."""
    if ends is None:
        return str(_FROM) % {"day": viet_date(begins, "plain")}
    return _("%(first)s until %(end)s (not included)") % {
        "first": viet_date(begins, "plain"),
        "end": viet_date(ends, "plain"),
    }


def agency_row(agency: Agency) -> dict[str, Any]:
    """`below` is None where it was not counted: in what a search found."""
    below = getattr(agency, "below", None)
    return {
        "code": agency.code,
        "name": agency.name,
        "level": LEVELS[agency.level],
        "url": reverse("organisations:agency", args=[agency.pk]),
        "below": below,
        "below_url": f"{reverse('organisations:list')}?under={agency.pk}" if below else "",
        "superior": agency.parent.name if below is None and agency.parent else "",
    }


def crumbs(agency: Agency, scopes: Sequence[str]) -> list[dict[str, str]]:
    """The way down to an agency as far as its superior is known here."""
    home = {"text": _("Organisations"), "url": reverse("organisations:list")}
    parent = agency.parent
    if not parent or not any(parent.path.startswith(scope) for scope in scopes):
        return [home]
    return [home, {"text": parent.name, "url": f"{reverse('organisations:list')}?under={parent.pk}"}]


def agency_facts(agency: Agency) -> list[dict[str, Any]]:
    rows = [
        (_("Code"), agency.code),
        (_("Level"), str(LEVELS[agency.level])),
        (_("Exists"), period(agency.valid_from, agency.valid_to)),
        (_("Superior"), agency.parent.name if agency.parent else _("none")),
        (_("Place"), " ".join(filter(None, [agency.place_name, agency.place_code])) or "–"),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def history_rows(came: Sequence[Succession], went: Sequence[Succession]) -> list[dict[str, Any]]:
    """Successions for components/timeline, oldest first."""
    rows = [(it.on, _BEFORE[it.kind], it.predecessor) for it in came]
    rows += [(it.on, _AFTER[it.kind], it.successor) for it in went]
    return [
        {
            "state": "done",
            "title": str(words) % {"name": other.name},
            "meta": viet_date(on, "plain"),
            "url": reverse("organisations:agency", args=[other.pk]),
            "url_text": other.code,
        }
        for on, words, other in sorted(rows, key=lambda row: row[0])
    ]


def calendar_rows(agency: Agency, row: AgencyCalendar | None) -> list[dict[str, Any]]:
    if not row:
        return [{"label": _("Whose"), "value": _("usual office hours")}]
    own = row.agency_id == agency.pk
    shown = [
        {"label": _("Whose"), "value": _("its own") if own else row.agency.name},
        {"label": _("Since"), "value": viet_date(row.valid_from, "plain")},
    ]
    for number, pairs in sorted(row.hours.items()):
        hours = ", ".join(f"{opens}–{closes}" for opens, closes in pairs) or _("closed")
        shown.append({"label": _(_WEEKDAYS[int(number)]), "value": hours})
    if row.saturday:
        hours = ", ".join(f"{opens}–{closes}" for opens, closes in row.saturday)
        shown.append({"label": _("Saturday, receiving only"), "value": hours})
    for closed in row.closed:
        day = viet_date(date.fromisoformat(closed["date"]), "plain")
        shown.append({"label": _("Closed"), "value": f"{day}: {closed['reason']}"})
    return shown


def holding_item(holding: Holding, *, today: date) -> dict[str, Any]:
    """A post an officer held, for components/timeline."""
    state = "done"
    if holding.valid_from > today:
        state = "next"
    elif holding.valid_to is None or holding.valid_to > today:
        state = "now"
    post = holding.post
    return {
        "state": state,
        "title": post.title,
        "meta": f"{post.unit.name}, {post.unit.agency.name}",
        "note": period(holding.valid_from, holding.valid_to),
        "url": reverse("organisations:agency", args=[post.unit.agency_id]),
        "url_text": post.unit.agency.code,
    }
