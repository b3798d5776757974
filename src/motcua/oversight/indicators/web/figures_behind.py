"""The dossiers behind a figure, to look at one after the other, and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.behind import (
    Row,
    Whose,
    count_behind,
    each_behind,
    list_behind,
    of_count,
    of_measure,
    of_stock,
)
from motcua.oversight.indicators.measuring import measure_named
from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import COUNT
from motcua.oversight.indicators.tallying import CHANNELS
from motcua.oversight.indicators.web.figures import frame, hidden
from motcua.oversight.indicators.web.figures_asking import LONGEST_WORDS, Asked, read_asked
from motcua.oversight.indicators.web.figures_csv import Cell, download, head_lines
from motcua.oversight.indicators.web.figures_words import CHANNELS as CHANNEL_WORDS
from motcua.oversight.indicators.web.figures_words import LISTED, name_of
from motcua.oversight.indicators.web.words import words_of
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.offers.selectors import names_of

# What a download holds at most.
MOST = 100_000
_PARTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Figure:
    """Which figure: its condition, its name, how the address asks for it."""

    condition: Q
    name: str
    query: dict[str, str]
    is_stock: bool = False
    url: str = ""


@role_required(*EVALUATING)
@never_cache
@require_safe
def dossiers(request: ActingRequest) -> HttpResponse:
    """Fifty a page, with how many they are in all. Raises NotFound for a figure there is none of."""
    asked, figure = _asked(request)
    whose = _whose(request, asked)
    after = request.GET.get("after", "")
    rows, more = list_behind(whose, figure.condition, after=after, is_stock=figure.is_stock)
    kept = {**figure.query, **_narrowed(whose)}
    context = {
        "figure": figure.name,
        "is_stock": figure.is_stock,
        "back_url": figure.url,
        "procedure": _procedure_name(whose.procedure),
        "channel": CHANNEL_WORDS.get(whose.channel or 0, ""),
        "sector": whose.sector,
        "words": whose.words,
        "rows": [_row(it) for it in rows],
        "total": count_behind(whose, figure.condition),
        "more": f"?{asked.query(**kept, after=more)}" if more else "",
        "first": f"?{asked.query(**kept)}" if after else "",
        "kept": [(name, it) for name, it in {**hidden(asked), **kept}.items() if it and name != "words"],
        "without_words": f"?{asked.query(**{**kept, 'words': ''})}",
        "csv_url": f"{reverse('figures:dossiers-csv')}?{asked.query(**kept)}",
        **frame(request, asked),
    }
    return render(request, "indicators/figures_dossiers.html", context)


@role_required(*EVALUATING)
@never_cache
@require_safe
def dossiers_csv(request: ActingRequest) -> HttpResponseBase:
    """All of them, at most `MOST`: codes and days, nobody's name."""
    asked, figure = _asked(request)
    whose = _whose(request, asked)
    heads = [_("Code"), _("Procedure"), _("Agency"), _("Way"), _("Came in"), _("Due"), _("Finished")]
    found = each_behind(whose, figure.condition, is_stock=figure.is_stock, most=MOST)
    lines = [*head_lines(asked), [_("Dossiers behind"), figure.name], [], heads, *map(_cells, found)]
    return download(f"dossiers-{asked.agency.code}-{asked.span.code}", lines)


def _asked(request: ActingRequest) -> tuple[Asked, Figure]:
    asked, sent = read_asked(request.actor, request.GET), request.GET
    if name := sent.get("stock", ""):
        if name not in LISTED:
            raise NotFound
        url = f"{reverse('figures:overview')}?{asked.query()}"
        return asked, Figure(of_stock(name, timezone.now()), str(LISTED[name]), {"stock": name}, True, url)
    code, part = sent.get("measure", "") or sent.get("count", ""), sent.get("part", "numerator")
    try:
        measure = measure_named(code)
    except KeyError as error:
        raise NotFound from error
    if part not in _PARTS or not measure.is_tallied:
        raise NotFound
    url = f"{reverse('figures:measure', args=[code])}?{asked.query()}"
    if measure.unit == COUNT:
        return asked, Figure(of_count(Count(code), asked.days), name_of(measure), {"count": code}, url=url)
    said = {
        "numerator": _("%(name)s: what is counted"),
        "denominator": _("%(name)s: of how many"),
    }[part] % {"name": name_of(measure)}
    return asked, Figure(
        of_measure(measure, asked.days, part), said, {"measure": code, "part": part}, url=url
    )


def _whose(request: ActingRequest, asked: Asked) -> Whose:
    sent = request.GET
    channel = sent.get("channel", "")
    if channel not in {"", *map(str, CHANNELS)}:
        raise NotFound
    return Whose(
        asked.scope,
        asked.is_own,
        int(channel) if channel else None,
        sent.get("procedure", "")[:8],
        sent.get("sector", "")[:LONGEST_WORDS],
        sent.get("words", "").strip()[:LONGEST_WORDS],
    )


def _narrowed(whose: Whose) -> dict[str, str]:
    return {
        "channel": str(whose.channel or ""),
        "procedure": whose.procedure,
        "sector": whose.sector,
        "words": whose.words,
    }


def _procedure_name(code: str) -> str:
    if not code:
        return ""
    found = names_of([code])
    return words_of(found[code]) if found else code


def _row(it: Row) -> dict[str, Any]:
    dossier, kept = it.dossier, it.measured
    return {
        "code": (dossier.code or dossier.reference) if dossier else "",
        "url": reverse("desk:dossier", args=[dossier.pk]) if dossier else "",
        "procedure": words_of(dossier.version.procedure.names) if dossier else kept.procedure,
        "agency": dossier.agency.name if dossier else "",
        "channel": CHANNEL_WORDS.get(kept.channel, ""),
        "submitted_at": kept.submitted_at,
        "due_at": kept.basis_at,
        "finished_at": kept.finished_at,
        "is_late": bool(kept.basis_at and (kept.finished_at or timezone.now()) > kept.basis_at)
        and (kept.finished_at is not None or not kept.ended_at),
    }


def _cells(it: Row) -> list[Cell]:
    row = _row(it)
    moments = (row["submitted_at"], row["due_at"], row["finished_at"])
    days = [local(moment).isoformat(timespec="minutes") if moment else "" for moment in moments]
    return [row["code"], row["procedure"], row["agency"], str(row["channel"]), *days]
