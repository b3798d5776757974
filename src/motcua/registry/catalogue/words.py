"""Limits and doubts in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motcua.foundation.ui.formats import format_number
from motcua.foundation.worktime.limits import Unit, parse_limit
from motcua.registry.catalogue.contributions import Taken

# Labour Code 2019 Art. 105: a working day.
_HOURS_A_DAY = 8


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


def taken_bars(taken: Taken | None, limit: str, language: str) -> dict[str, Any]:
    """For catalogue/_taken.html: the published limit ("" where it depends on the case) beside what like dossiers took.

    The bar of a limit in days or months is as long as its working days, five a week.
    """
    if taken is None:
        return {"rows": []}
    law = _hours_of(limit)
    longest = max(taken.most, law, 1)
    rows = [
        (_("Half of the dossiers finished within"), hours_words(taken.half), taken.half, "half"),
        (_("8 of 10 dossiers finished within"), hours_words(taken.most), taken.most, "most"),
        *([(_("The law allows"), limit_words(limit), law, "law")] if law else []),
    ]
    period = {"first": f"{taken.first:%m/%Y}", "last": f"{taken.until - timedelta(days=1):%m/%Y}"}
    if taken.name:
        title = _("What it really took at %(agency)s, %(first)s to %(last)s") % {
            **period,
            "agency": taken.name,
        }
    else:
        title = _("What it really took here, %(first)s to %(last)s") % period
    return {
        "title": title,
        "rows": [
            {"label": label, "value": value, "percent": 100 * hours // longest, "kind": kind}
            for label, value, hours, kind in rows
        ],
        "note": _cases_words(taken, language),
    }


def hours_words(hours: int) -> str:
    """Working hours as people read them: beyond a working day in days, rounded up."""
    if hours <= _HOURS_A_DAY:
        return limit_words(f"{max(hours, 1)}wh")
    return limit_words(f"{-(-hours // _HOURS_A_DAY)}wd")


def _cases_words(taken: Taken, language: str) -> str:
    cases = ngettext("%(cases)s dossier", "%(cases)s dossiers", taken.cases) % {
        "cases": format_number(taken.cases, language)
    }
    if taken.late_percent is None:
        return _("%(cases)s, without the time the clock stood still.") % {"cases": cases}
    return _("%(cases)s, %(percent)d %% of them late, without the time the clock stood still.") % {
        "cases": cases,
        "percent": taken.late_percent,
    }


def _hours_of(limit: str) -> int:
    """How long a limit is in working hours, 0 for none; days and months roughly, by five working days of seven."""
    if not limit:
        return 0
    parsed = parse_limit(limit)
    days = {Unit.DAYS: 1, Unit.MONTHS: 30}.get(parsed.unit)
    if days:
        return max(1, parsed.count * days * 5 // 7) * _HOURS_A_DAY
    return parsed.count * (1 if parsed.unit is Unit.WORKING_HOURS else _HOURS_A_DAY)


# Kinds of doubtful values: what they are called, and what to look at.
KINDS: Mapping[str, tuple[Promise, Promise]] = {
    "unit_missing": (
        gettext_lazy("Limit without a unit"),
        gettext_lazy("The portal shows a bare figure. A bare 1 often means that no limit is stated."),
    ),
    "limit_missing": (
        gettext_lazy("No limit"),
        gettext_lazy("No channel states a limit. Often the steps on the portal's page do."),
    ),
    "limit_odd": (
        gettext_lazy("Unusual limit"),
        gettext_lazy("Longer than half a year, more hours than a working day has, or no whole number."),
    ),
    "limit_words": (
        gettext_lazy("Limit that differs from the words beside it"),
        gettext_lazy("The words name one limit, and it is not the figure."),
    ),
    "fee_zero_province": (
        gettext_lazy("Fee of 0 that the province sets"),
        gettext_lazy("The portal says free of charge; the words beside it leave the fee to the province."),
    ),
    "fee_zero_words": (
        gettext_lazy("Fee of 0 that is none"),
        gettext_lazy("The portal says free of charge; the words beside it name a fee or a fee table."),
    ),
    "fee_thousands": (
        gettext_lazy("Fee without its thousands"),
        gettext_lazy("An amount below 1,000 đ: 100 usually means 100,000."),
    ),
    "fee_words": (
        gettext_lazy("Fee that differs from the words beside it"),
        gettext_lazy("The words name other amounts, often a reduction for a time."),
    ),
    "result_code": (
        gettext_lazy("Malformed result code"),
        gettext_lazy("A result code is KQ, the agency and six digits: KQ.G15.000031."),
    ),
    "result_missing": (gettext_lazy("No result"), gettext_lazy("The portal names no result.")),
    "level_customs": (
        gettext_lazy("Customs at the commune"),
        gettext_lazy("The portal marks customs procedures as the commune's by mistake."),
    ),
    "level_words": (
        gettext_lazy("Level that differs from the name"),
        gettext_lazy("The name says a level at which the procedure is not listed."),
    ),
    "level_abolished": (
        gettext_lazy("District level"),
        gettext_lazy("There are no districts since 1 July 2025."),
    ),
    "name_list": (
        gettext_lazy("Name that is a decision's title"),
        gettext_lazy("A provincial decision about a list stands where the procedure's name belongs."),
    ),
    "agency_missing": (gettext_lazy("No agency"), gettext_lazy("The portal does not say who handles it.")),
    "agency_twice": (gettext_lazy("Agency named twice"), gettext_lazy("The same agency stands there twice.")),
    "agency_local": (
        gettext_lazy("One province's agency"),
        gettext_lazy("A procedure of the whole nation names the agency of one province."),
    ),
    "decision_form": (
        gettext_lazy("Malformed decision number"),
        gettext_lazy("A decision is its number, QĐ and who issued it: 163/QĐ-BTP."),
    ),
    "channels_missing": (
        gettext_lazy("No channel"),
        gettext_lazy("The portal does not say how to apply."),
    ),
    "documents_missing": (gettext_lazy("No documents"), gettext_lazy("The portal lists no documents.")),
    "documents_cut": (
        gettext_lazy("List of documents that was cut"),
        gettext_lazy("The portal lists more documents than the file holds."),
    ),
    "originals": (
        gettext_lazy("Unlikely number of originals"),
        gettext_lazy("The year before it was taken along: 2026 and 1 became 20261."),
    ),
    "legal_missing": (gettext_lazy("No legal basis"), gettext_lazy("The portal names no legal basis.")),
    "legal_number": (
        gettext_lazy("Legal documents that run into each other"),
        gettext_lazy("Numbers of legal documents with parts of the text around them."),
    ),
    "sources_disagree": (
        gettext_lazy("The two files disagree"),
        gettext_lazy("The index and the detailed file say something else."),
    ),
}


def kind_words(kind: str) -> str:
    """A kind of doubt in the active language; the code itself for one that is not known any more."""
    return str(KINDS[kind][0]) if kind in KINDS else kind


def channel_words(channel: str) -> str:
    words = {"online": _("Online"), "counter": _("At the counter"), "post": _("By post")}
    return words.get(channel, channel)


def level_words(level: str) -> str:
    """A level at which a procedure is handled; other words as they are."""
    words = {
        "ministry": _("ministry"),
        "province": _("province"),
        "commune": _("commune"),
        "other": _("other"),
    }
    return words.get(level, level)
