"""A dossier's clock for pages: the picture, its legend and what it says in one sentence. No queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import Class, class_of
from motcua.casework.dossiers.rules.clock_picture import draw_clock
from motcua.casework.dossiers.web.words import when


def clock_context(dossier: Dossier, now: datetime) -> dict[str, Any] | None:
    """What `dossiers/clock_picture.html` shows; None before a clock runs."""
    picture = draw_clock(dossier.due_steps)
    if not picture or not dossier.due_at:
        return None
    looks, signs = _look_words(), _sign_words()
    weekdays = [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")]
    return {
        "drawing": picture,
        "columns": list(zip(picture.columns, weekdays, strict=True)),
        "label": _("The clock of this dossier, week by week"),
        "description": sentence(dossier),
        "legend": [{"look": look, "text": looks[look]} for look in picture.looks],
        "signs": [{"sign": sign, "text": signs[sign]} for sign in picture.signs],
        "standing": class_words(class_of(dossier, now)),
        "original": when(dossier.basis_at) if dossier.basis_at and dossier.basis_at != dossier.due_at else "",
    }


def class_words(found: Class) -> str:
    """A class in words; empty where none counts."""
    return {
        Class.NONE: "",
        Class.EARLY: _("finished early"),
        Class.ON_TIME: _("finished on time"),
        Class.LATE: _("finished late"),
        Class.IN_PROCESS: _("in process"),
        Class.OVERDUE: _("overdue"),
        Class.STOPPED: _("the clock stands still"),
    }[found]


def sentence(dossier: Dossier) -> str:
    """The picture in words: from when to when, days off in between, days on which the clock stood still."""
    steps = dossier.due_steps
    begins = [index for index, it in enumerate(steps) if it["code"] in {"started", "restarted"}]
    first = begins[-1] if begins else 0
    off = sum(it["code"].startswith("skipped") for it in steps[first:])
    still = len({it["begins"][:10] for it in steps if it["code"] == "stopped"})
    start = when(datetime.fromisoformat(steps[first]["begins"]))
    until = when(dossier.due_at) if dossier.due_at else ""
    parts = [
        _("Counted from %(start)s; due %(when)s") % {"start": start, "when": until},
        ngettext("%(count)d day off in between", "%(count)d days off in between", off) % {"count": off},
    ]
    if still:
        words = ngettext(
            "the clock stood still on %(count)d day", "the clock stood still on %(count)d days", still
        )
        parts.append(words % {"count": still})
    return "; ".join(parts) + "."


def _look_words() -> dict[str, str]:
    return {
        "counted": _("Working hours that count"),
        "off": _("Day off, not counted"),
        "stopped": _("Clock stopped"),
        "early": _("Before the clock started"),
        "extended": _("Time of the extension"),
    }


def _sign_words() -> dict[str, str]:
    return {
        "start": _("Start"),
        "stop": _("Stop"),
        "resume": _("The clock goes on"),
        "restart": _("Start again, with the whole limit"),
        "due": _("Due"),
        "new": _("New date"),
    }
