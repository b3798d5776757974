"""The wall and the working page: the same facts, live or of a past day."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.text import inert
from motcua.foundation.worktime.moments import local
from motcua.oversight.operations.frames import Frame, list_units, make_frame
from motcua.oversight.operations.health import observe
from motcua.oversight.operations.policies import WATCHING, watched_paths
from motcua.oversight.operations.replay import replayed_frame
from motcua.oversight.operations.rules.replaying import SLOTS, clock_of
from motcua.oversight.operations.rules.tiles import Group, Unit, columns_for, grouped, short
from motcua.oversight.operations.web.asking import Asked, MomentForm, read_asked
from motcua.oversight.operations.web.showing import (
    chart_of,
    counters_words,
    hours_of,
    number,
    open_of,
    percent,
    values_of,
)
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import list_current_agencies


@role_required(*WATCHING)
@never_cache
@require_safe
def wall(request: ActingRequest) -> HttpResponse:
    """For a screen that hangs in a hall."""
    form = MomentForm(request.actor, request.GET, now=timezone.now())
    if not form.is_valid():
        return render(request, "operations/wall_wrong.html", {"form": form}, status=422)
    return render(request, "operations/wall.html", _context(form.asked))


@role_required(*WATCHING)
@never_cache
@require_safe
def desk(request: ActingRequest) -> HttpResponse:
    """For officers: tables, with ways to what is behind the figures."""
    form = MomentForm(request.actor, request.GET, now=timezone.now())
    agencies = list_current_agencies(watched_paths(request.actor))
    choice = {"form": form, "agency": form.agency, "agencies": agencies if len(agencies) > 1 else []}
    if not form.is_valid():
        return render(request, "operations/desk.html", choice, status=422)
    asked = form.asked
    context = _context(asked) | choice
    frame: Frame = context["frame"]
    return render(
        request,
        "operations/desk.html",
        context
        | {
            "hours": hours_of(frame.came),
            "lines": [
                (it, context["names"].get(it.agency_path, asked.agency.name), counters_words(it.counters))
                for it in frame.lines or ()
            ],
            "stock": _stock_rows(frame, context["values"]),
            "leads_here": not asked.past and request.actor.holds("leader", asked.agency.path),
        },
    )


def _context(asked: Asked) -> dict[str, Any]:
    frame = frame_of(asked)
    units = list_units(asked.agency.path, on=local(frame.at).date())
    groups, values = grouped(units), values_of(frame, units)
    names = {it.path: it.name for it in units}
    return {
        "asked": asked,
        "frame": frame,
        "values": values,
        "names": names,
        "where": names.get(values.get("lines_path", ""), ""),
        "groups": [_tiles(it, values, frame) for it in groups],
        "has_labels": len(groups) > 1,
        "columns": columns_for(groups),
        "chart": chart_of(frame.came),
        "steps": _steps(asked),
        "slots": _slots() if asked.past else [],
    }


def _stock_rows(frame: Frame, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands open, with the name by which the pages of figures list the dossiers behind it."""
    late = values["late"] + (f" ({values['late_rate']})" if values["late_rate"] else "")
    total = frame.total
    return [
        {"text": text, "count": count, "shown": shown, "stock": stock}
        for text, count, shown, stock in (
            (_("dossiers under way"), open_of(total), values["open"], "open"),
            (_("late"), total.late, late, "late_by_now"),
            (_("still due today"), total.due_today, values["due_today"], "still_due"),
            (_("waiting to be accepted"), total.waiting, values["waiting"], "waiting"),
            (_("clock stopped"), total.standing, values["standing"], "standing"),
            (_("result not returned yet"), total.ready, values["ready"], "ready"),
        )
    ]


def frame_of(asked: Asked) -> Frame:
    if asked.past:
        return replayed_frame(asked.agency, asked.past)
    now = timezone.now()
    return make_frame(asked.agency, observe(now), at=now)


def _tiles(group: Group, values: dict[str, Any], frame: Frame) -> dict[str, Any]:
    return {
        "name": group.name or _("Departments"),
        "tiles": [_tile(it, values, frame) for it in group.units if it.path in frame.tiles],
    }


def _tile(unit: Unit, values: dict[str, Any], frame: Frame) -> dict[str, Any]:
    stock = frame.tiles[unit.path]
    return {
        "unit": unit,
        "short": short(unit.name),
        "open": values[f"open.{unit.code}"],
        "late": values[f"late.{unit.code}"],
        "level": values[f"state.{unit.code}"],
        "due_today": values[f"due.{unit.code}"],
        "rate": percent(stock.late, open_of(stock)),
        "standing": number(stock.standing),
    }


def _steps(asked: Asked) -> dict[str, str]:
    """Addresses of the quarter of an hour before and after, where there is one."""
    if not asked.past:
        return {}
    slot, found = asked.past.slot, {}
    if slot > 0:
        found["earlier"] = asked.query_at(slot - 1)
    if slot < SLOTS:
        found["later"] = asked.query_at(slot + 1)
    return found


def _slots() -> list[str]:
    """Moments to choose from; the last is the day's end."""
    return [clock_of(slot) for slot in range(SLOTS + 1)]


@role_required(*WATCHING)
@never_cache
@require_safe
def arrivals_csv(request: ActingRequest) -> HttpResponse:
    """The day's arrivals by quarter of an hour, with what is usual."""
    frame = frame_of(read_asked(request.actor, request.GET, now=timezone.now()))
    rows: list[list[object]] = [["until", "arrived", "arrived_so_far", "usual_from", "usual_to"]]
    total = 0
    for slot, count in enumerate(frame.came.slots):
        total += count
        band = list(frame.came.band[slot]) if frame.came.band else ["", ""]
        rows.append([clock_of(slot + 1), count, total, *band])
    return _csv("arrivals", rows)


@role_required(*WATCHING)
@never_cache
@require_safe
def units_csv(request: ActingRequest) -> HttpResponse:
    """Every agency below with what stands open there."""
    asked = read_asked(request.actor, request.GET, now=timezone.now())
    frame = frame_of(asked)
    rows: list[list[object]] = [
        ["code", "name", "group", "open", "late", "due_today", "waiting", "standing", "ready"]
    ]
    for unit in list_units(asked.agency.path, on=local(frame.at).date()):
        it = frame.tiles.get(unit.path)
        if it:
            figures = [open_of(it), it.late, it.due_today, it.waiting, it.standing, it.ready]
            rows.append([unit.code, inert(unit.name), inert(unit.group), *figures])
    return _csv("agencies", rows)


def _csv(name: str, rows: list[list[object]]) -> HttpResponse:
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    csv.writer(response).writerows(rows)
    return response
