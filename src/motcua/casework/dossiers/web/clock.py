"""A dossier's clock for pages: the picture, its legend and what it says in one sentence. No queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import Class, class_of
from motcua.casework.dossiers.rules.clock_picture import draw_clock
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.web.law_words import ENDED
from motcua.casework.dossiers.web.words import when
from motcua.foundation.worktime.steps import Code


def clock_context(dossier: Dossier, now: datetime) -> dict[str, Any] | None:
    """What `dossiers/clock_picture.html` shows; None before a clock runs."""
    picture = draw_clock(steps_shown(dossier))
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


def steps_shown(dossier: Dossier) -> list[dict[str, Any]]:
    """The arithmetic as it is stored; while the clock stands still, with the moment since when it does."""
    if not dossier.stopped_at or not dossier.due_steps:
        return dossier.due_steps
    since = timezone.localtime(dossier.stopped_at).isoformat()
    return [*dossier.due_steps, {"code": str(Code.STOPPED), "begins": since, "ends": since, "params": {}}]


def clock_names_date(dossier: Dossier) -> bool:
    """Whether the due date says anything: not before acceptance, once there is a result, or where the clock stands
    still since before it."""
    if not dossier.due_at or dossier.finished_at or Status(dossier.status) in ENDED:
        return False
    return not dossier.stopped_at or dossier.due_at < dossier.stopped_at


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
    """The picture in words: since when it is counted, until when or since when it is not, what is left out."""
    steps = dossier.due_steps
    begins = [index for index, it in enumerate(steps) if it["code"] in {Code.STARTED, Code.RESTARTED}]
    first = begins[-1] if begins else 0
    start = when(datetime.fromisoformat(steps[first]["begins"]))
    if len(begins) > 1:
        parts = [_("The whole time limit began again at %(start)s.") % {"start": start}]
    else:
        parts = [_("The time limit began at %(start)s.") % {"start": start}]
    if dossier.stopped_at:
        parts.append(_("Since %(when)s no time is counted.") % {"when": when(dossier.stopped_at)})
    elif dossier.due_at:
        parts.append(_("The result is due by %(when)s.") % {"when": when(dossier.due_at)})
    return " ".join(parts + _left_out(steps, first))


def _left_out(steps: list[dict[str, Any]], first: int) -> list[str]:
    """Days off since the limit began last, and days on which the clock stood still; nothing of what there is none."""
    off = sum(it["code"].startswith("skipped") for it in steps[first:])
    still = len({it["begins"][:10] for it in steps if it["code"] == Code.STOPPED})
    parts = []
    if off:
        words = ngettext("%(count)d day off is not counted.", "%(count)d days off are not counted.", off)
        parts.append(words % {"count": off})
    if still:
        words = ngettext(
            "The clock stood still on %(count)d day.", "The clock stood still on %(count)d days.", still
        )
        parts.append(words % {"count": still})
    return parts


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
