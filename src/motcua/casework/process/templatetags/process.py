"""The picture of a process with the list beside it, for pages of officers and applicants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.casework.process.drawings import draw_svg
from motcua.casework.process.rules.course import Course, Stand, State
from motcua.casework.process.rules.picture import Picture, draw_course, draw_stages
from motcua.foundation.ui import formats

register = template.Library()


@register.inclusion_tag("process/picture.html")
def process_picture(course: Course, audience: str = "officer") -> dict[str, Any]:
    """`{% process_picture course %}`, on the portal `{% process_picture course "applicant" %}`: public stages only."""
    language = (get_language() or "vi").split("-")[0]
    is_public = audience == "applicant"
    picture = (draw_stages if is_public else draw_course)(course, language)
    label = _("The way of this dossier")
    return {
        "label": label,
        "drawing": draw_svg(picture, label, describe(picture, language)) if picture.shapes else "",
        "items": [_item(it, language, is_public=is_public) for it in picture.stands],
        "is_public": is_public,
        "is_started": bool(course.visits),
    }


def describe(picture: Picture, language: str) -> str:
    """The picture in a sentence; the list beside it says the rest."""
    here = ", ".join(_title(it, language) for it in picture.stands if it.state is State.NOW)
    return (
        _("In progress: %(steps)s") % {"steps": here}
        if here
        else _("The list beside it says the same in words.")
    )


def _title(stand: Stand, language: str) -> str:
    return stand.names.get(language) or next(iter(stand.names.values()), stand.nodes[0])


def _item(stand: Stand, language: str, *, is_public: bool) -> dict[str, str]:
    """A row for components/timeline."""
    row = {"state": str(stand.state), "title": _title(stand, language)}
    if not stand.visits or stand.state is State.NEXT:
        return row
    last = stand.visits[-1]
    by = "" if is_public else last.by
    if stand.state is State.NOW:
        begun = next(it for it in reversed(stand.visits) if it.done_at is None).opened_at
        meta = _("since %(when)s") % {"when": _when(begun, language)}
    else:
        meta = _when(max(it.done_at for it in stand.visits if it.done_at), language)
        if last.timed_out:
            by = _("the time limit was up")
    times = sum(1 for it in stand.visits if it.done_at)
    again = ngettext("%(count)s time", "%(count)s times", times) % {"count": times}
    return row | {
        "meta": " · ".join(
            words for words in (meta, by, again if times > 1 and not is_public else "") if words
        )
    }


def _when(moment: datetime, language: str) -> str:
    return formats.format_datetime(timezone.localtime(moment), language, year=False)
