"""Limits in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.foundation.worktime.limits import Unit, parse_limit


def limit_words(value: str) -> str:
    """A published limit as people read it: "5wd" -> "5 working days"; "" for none."""
    if not value:
        return ""
    limit = parse_limit(value)
    words = {
        Unit.WORKING_HOURS: ngettext("%(count)d working hour", "%(count)d working hours", limit.count),
        Unit.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", limit.count),
        Unit.DAYS: ngettext("%(count)d day", "%(count)d days", limit.count),
        Unit.MONTHS: ngettext("%(count)d month", "%(count)d months", limit.count),
        Unit.SAME_DAY: _("same day"),
    }
    return words[limit.unit] % {"count": limit.count}
