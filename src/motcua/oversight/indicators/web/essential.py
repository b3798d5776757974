"""The board of essential services, for everybody and for officers: a page and a table to download each."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.ui.formats import format_date, format_number
from motcua.oversight.indicators.essential import MONTHS, Board, Row, Way, essential_board
from motcua.oversight.indicators.publishing import kept_back, load_publication
from motcua.oversight.indicators.rules.disclosure import Cell, is_small
from motcua.registry.access.policies import officer_required
from motcua.registry.catalogue.models import Offer
from motcua.registry.catalogue.rules.texts import in_language


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def _told(counts: Sequence[int], *, is_public: bool) -> list[str]:
    """Counts that add up to one whole. What few did is not told to everybody, as one might guess who."""
    too_few = kept_back({str(at): count for at, count in enumerate(counts)}) if is_public else set()
    return [
        _("too few to show") if str(at) in too_few else format_number(count, _language())
        for at, count in enumerate(counts)
    ]


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/essential.html", _context(is_public=True))


@officer_required
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/essential_desk.html", _context(is_public=False))


@login_not_required
@require_safe
def public_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _download(is_public=True)


@officer_required
@never_cache
@require_safe
def desk_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _download(is_public=False)


def _context(*, is_public: bool) -> dict[str, Any]:
    board = essential_board(at=timezone.localdate())
    running = sum(row.is_running for row in board.rows)
    return {
        "groups": [_group(board, group) for group in board.decisions],
        "months": _months(board, is_public=is_public),
        "rows": _lines(board, is_public=is_public),
        "running": running,
        "generating": board.generating,
        "month_count": MONTHS,
    }


def _group(board: Board, group: int) -> dict[str, Any]:
    decision, named = board.decisions[group]
    running = board.running(group)
    numbers = {"running": running, "named": named}
    return {
        "label": _("Decision %(decision)s") % {"decision": decision},
        "value": _("%(running)d of %(named)d") % numbers,
        "percent": min(100, 100 * running // named),
        "kind": "most",
    }


def _months(board: Board, *, is_public: bool) -> list[dict[str, Any]]:
    """Dossiers of all services by month, from the first with any; of a few the bar says no more than the words."""
    totals = [sum(row.months[at] for row in board.rows) for at in range(len(board.months))]
    first = next((at for at, total in enumerate(totals) if total), len(totals))
    told = _told(totals[first:], is_public=is_public)
    drawn = [
        total if words != _("too few to show") else 0
        for total, words in zip(totals[first:], told, strict=True)
    ]
    highest = max(drawn, default=0) or 1
    return [
        {"label": f"{month:%m/%Y}", "value": words, "percent": 100 * bar // highest, "kind": "most"}
        for month, words, bar in zip(board.months[first:], told, drawn, strict=True)
    ]


def _lines(board: Board, *, is_public: bool) -> list[dict[str, Any]]:
    told = _told([row.dossiers for row in board.rows], is_public=is_public)
    return [_line(row, words, is_public) for row, words in zip(board.rows, told, strict=True)]


def _line(row: Row, dossiers: str, is_public: bool) -> dict[str, Any]:
    return {
        "name": in_language(row.names, _language()),
        "group": row.group,
        "codes": [{"code": it, "url": _url(it, row)} for it in row.codes],
        "way": _way_words(row.way),
        "why": _why(row.way),
        "is_running": row.is_running,
        "level": _level_words(row.level),
        "since": format_date(row.since, _language(), weekday=False) if row.since else "",
        "dossiers": dossiers if row.here else "",
        "online": _share(row, is_public),
    }


def _url(code: str, row: Row) -> str:
    return reverse("catalogue:procedure", args=[code]) if code in row.here else ""


def _share(row: Row, is_public: bool) -> str:
    """Online dossiers of all received (vietnam.md 5.3); nothing where there is none, or too few to tell."""
    parts = Cell(row.dossiers, (row.online, row.dossiers - row.online))
    if not row.dossiers or (is_public and is_small(parts, load_publication().least)):
        return ""
    return f"{100 * row.online // row.dossiers} %"


def _way_words(way: Way) -> str:
    return {
        Way.OWN_FORM: _("Online, with a form of its own"),
        Way.GENERAL_FORM: _("Online, with the general form"),
        Way.COUNTER: _("At the counter only"),
        Way.REMOVED: _("No longer in the national list"),
        Way.NOT_ENTERED: _("Not entered here"),
        Way.NO_CODE: _("Not entered here"),
    }[way]


def _why(way: Way) -> str:
    """Why it does not run online here; "" where it does."""
    return {
        Way.COUNTER: _("Its papers are not published here yet."),
        Way.REMOVED: _("The national list no longer has it."),
        Way.NOT_ENTERED: _("It is not in what was captured of the national list."),
        Way.NO_CODE: _("Its code in the national list is not known."),
    }.get(way, "")


def _level_words(level: str) -> str:
    return (
        {
            Offer.Level.FULL: _("fully online"),
            Offer.Level.PARTIAL: _("partly online"),
            Offer.Level.PROACTIVE: _("proactive"),
        }.get(Offer.Level(level), "")
        if level
        else ""
    )


class _Echo:
    def write(self, text: str) -> str:
        return text


def _download(*, is_public: bool) -> StreamingHttpResponse:
    """UTF-8 with a mark for spreadsheets; the months of each service for officers only."""
    board = essential_board(at=timezone.localdate())
    headers = {"Content-Disposition": 'attachment; filename="essential-services.csv"'}
    lines = _csv(board, is_public=is_public)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _csv(board: Board, *, is_public: bool) -> Iterator[str]:
    writer = csv.writer(_Echo())
    months = () if is_public else board.months
    yield "\ufeff"
    yield writer.writerow([*_heads(), *(f"{it:%Y-%m}" for it in months)])
    for row, line in zip(board.rows, _lines(board, is_public=is_public), strict=True):
        told = () if is_public else _told(row.months, is_public=False)
        yield writer.writerow([*_cells(row, line), *(told if row.here else [""] * len(told))])


def _heads() -> list[str]:
    return [
        _("Decision"),
        _("Service"),
        _("Codes"),
        _("How it runs here"),
        _("Level"),
        _("Since"),
        _("Dossiers"),
        _("Online share"),
    ]


def _cells(row: Row, line: dict[str, Any]) -> list[str]:
    return [
        str(row.group),
        line["name"],
        " ".join(row.codes),
        " ".join(filter(None, [line["way"], line["why"]])),
        line["level"],
        row.since.isoformat() if row.since else "",
        line["dossiers"],
        line["online"],
    ]
