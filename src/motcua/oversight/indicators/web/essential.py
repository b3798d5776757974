"""The board of essential services, for everybody and for officers: a page and a table to download each."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
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
from motcua.oversight.indicators.essential import MONTHS, SMALL, Board, Row, Way, essential_board
from motcua.registry.access.policies import officer_required
from motcua.registry.catalogue.models import Offer
from motcua.registry.catalogue.rules.texts import in_language

Shown = Callable[[int], str]


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def _exact(count: int) -> str:
    return format_number(count, _language())


def _public(count: int) -> str:
    """What few did is not told, as one might guess who."""
    return _("under %(count)d") % {"count": SMALL} if 0 < count < SMALL else _exact(count)


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/essential.html", _context(_public))


@officer_required
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/essential_desk.html", _context(_exact))


@login_not_required
@require_safe
def public_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _download(_public)


@officer_required
@never_cache
@require_safe
def desk_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _download(_exact)


def _context(shown: Shown) -> dict[str, Any]:
    board = essential_board(at=timezone.localdate())
    running = sum(row.is_running for row in board.rows)
    return {
        "groups": [_group(board, group, shown) for group in board.decisions],
        "months": _months(board, shown),
        "rows": [_line(row, shown) for row in board.rows],
        "running": running,
        "generating": board.generating,
        "month_count": MONTHS,
    }


def _group(board: Board, group: int, shown: Shown) -> dict[str, Any]:
    decision, named = board.decisions[group]
    running = board.running(group)
    numbers = {"running": running, "named": named}
    return {
        "label": _("Decision %(decision)s") % {"decision": decision},
        "value": _("%(running)d of %(named)d") % numbers,
        "percent": min(100, 100 * running // named),
        "kind": "most",
    }


def _months(board: Board, shown: Shown) -> list[dict[str, Any]]:
    """Dossiers of all services by month, from the first with any; of a few the bar says no more than the words."""
    totals = [sum(row.months[at] for row in board.rows) for at in range(len(board.months))]
    first = next((at for at, total in enumerate(totals) if total), len(totals))
    return _bars(board.months[first:], totals[first:], shown)


def _bars(months: Sequence[date], totals: Sequence[int], shown: Shown) -> list[dict[str, Any]]:
    least = SMALL if shown is _public else 0
    drawn = [total if total >= least else 0 for total in totals]
    highest = max(drawn, default=0) or 1
    return [
        {
            "label": f"{month:%m/%Y}",
            "value": shown(total),
            "percent": 100 * bar // highest,
            "kind": "most",
        }
        for month, total, bar in zip(months, totals, drawn, strict=True)
    ]


def _line(row: Row, shown: Shown) -> dict[str, Any]:
    return {
        "name": in_language(row.names, _language()),
        "group": row.group,
        "codes": [{"code": it, "url": _url(it, row)} for it in row.codes],
        "way": _way_words(row.way),
        "why": _why(row.way),
        "is_running": row.is_running,
        "level": _level_words(row.level),
        "since": format_date(row.since, _language(), weekday=False) if row.since else "",
        "dossiers": shown(row.dossiers) if row.here else "",
        "online": _share(row, shown),
    }


def _url(code: str, row: Row) -> str:
    return reverse("catalogue:procedure", args=[code]) if code in row.here else ""


def _share(row: Row, shown: Shown) -> str:
    """Online dossiers of all received (vietnam.md 5.3); nothing where there is none, or too few to tell."""
    few = row.dossiers < SMALL or 0 < row.online < SMALL or 0 < row.dossiers - row.online < SMALL
    if not row.dossiers or (shown is _public and few):
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


def _download(shown: Shown) -> StreamingHttpResponse:
    """UTF-8 with a mark for spreadsheets."""
    board = essential_board(at=timezone.localdate())
    headers = {"Content-Disposition": 'attachment; filename="essential-services.csv"'}
    return StreamingHttpResponse(_csv(board, shown), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(board: Board, shown: Shown) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([*_heads(), *(f"{it:%Y-%m}" for it in board.months)])
    for row in board.rows:
        yield writer.writerow(_cells(row, shown, board.months))


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


def _cells(row: Row, shown: Shown, months: Sequence[date]) -> list[str]:
    line = _line(row, shown)
    told = [shown(count) if row.here else "" for count in row.months]
    return [
        str(row.group),
        line["name"],
        " ".join(row.codes),
        " ".join(filter(None, [line["way"], line["why"]])),
        line["level"],
        row.since.isoformat() if row.since else "",
        line["dossiers"],
        line["online"],
        *told,
    ]
