"""States of drafts and versions put into words for pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.versions.selectors import name_of
from motcua.foundation.ui.formats import format_date
from motcua.registry.catalogue.models import ProcedureVersion

# State of a draft -> a state of the design system and its words.
STATES = {
    "draft": ("open", gettext_lazy("Being written")),
    "in_review": ("look", gettext_lazy("Waits for review")),
    "sent_back": ("stopped", gettext_lazy("Sent back")),
    "approved": ("done", gettext_lazy("Approved, not published")),
    "published": ("done", gettext_lazy("Published")),
    "withdrawn": ("stopped", gettext_lazy("Taken back")),
}


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def day(value: date) -> str:
    return format_date(value, language(), weekday=False)


def when(value: datetime) -> str:
    return day(timezone.localtime(value).date())


def version_state(version: ProcedureVersion, today: date) -> tuple[str, str]:
    if version.valid_to == version.valid_from:
        return "stopped", _("Never in force")
    if version.valid_from > today:
        return "soon", _("Announced")
    if version.valid_to is None or version.valid_to > today:
        return "done", _("In force")
    return "stopped", _("Replaced")


def span(version: ProcedureVersion) -> str:
    begins = day(version.valid_from)
    if version.valid_to is None:
        return _("from %(begins)s") % {"begins": begins}
    return _("from %(begins)s until before %(ends)s") % {"begins": begins, "ends": day(version.valid_to)}


def made_by(version: ProcedureVersion, draft: VersionDraft | None) -> str:
    """Who wrote a version and who let it pass, or where else it came from."""
    if not draft:
        if version.published_at:
            return _("Loaded from a pack on %(when)s") % {"when": when(version.published_at)}
        return _("Loaded from a pack")
    names = {
        "author": name_of(draft.author),
        "reviewer": name_of(draft.reviewer),
        "publisher": name_of(draft.published_by),
        "when": when(version.published_at or draft.changed_at),
    }
    if not draft.reviewer:
        return _("Written by %(author)s") % names
    said = _("Written by %(author)s, reviewed by %(reviewer)s, published by %(publisher)s on %(when)s")
    return said % names


def timeline(versions: list[ProcedureVersion], today: date) -> list[dict[str, Any]]:
    """For components/timeline, oldest first."""
    kinds = {"done": "now", "soon": "next", "stopped": "done"}
    items = []
    for version in reversed(versions):
        state, words = version_state(version, today)
        draft: VersionDraft | None = getattr(version, "made_by", None)
        is_dead = version.valid_to == version.valid_from
        address = reverse("catalogue:procedure", args=[version.procedure_id])
        items.append(
            {
                "state": "stopped" if is_dead else kinds[state],
                "title": _("Version %(number)d: %(words)s") % {"number": version.number, "words": words},
                "meta": f"{span(version)} · {made_by(version, draft)}",
                "url": "" if is_dead else f"{address}?on={max(version.valid_from, date(1900, 1, 1))}",
                "url_text": _("Public page of that day"),
                "note": draft.note if draft else "",
            }
        )
    return items
