"""The map of a day or of now: a tile for each agency right below, with what is open and what is late there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.oversight.indicators.freezing import stock_on
from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.rules.tiles import Tile, grouped
from motcua.oversight.indicators.tallying import Open
from motcua.oversight.indicators.web.figures import dossiers_url, frame
from motcua.oversight.indicators.web.figures_asking import Asked, FiguresForm, read_asked
from motcua.oversight.indicators.web.figures_csv import Lines, download, head_lines
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_below
from motcua.registry.places.selectors import former_provinces


@role_required(*EVALUATING)
@never_cache
@require_safe
def tile_map(request: ActingRequest) -> HttpResponse:
    """As tiles, or with `view=table` as a table."""
    form = FiguresForm(request.actor, request.GET.dict())
    context: dict[str, Any] = {"form": form, "agency": form.agency}
    if not form.is_valid():
        return render(request, "indicators/figures_map.html", context, status=422)
    asked = form.asked
    agencies = below_of(asked)
    stock = _stock(asked, agencies)
    tiles = [] if stock is None else _tiles(asked, agencies, stock)
    groups = [
        {"name": name, "tiles": [_shown(asked, agencies, it) for it in found]}
        for name, found in grouped(tiles)
    ]
    context |= {
        "groups": groups,
        "is_table": request.GET.get("view") == "table",
        "is_kept": stock is not None,
        "is_now": asked.is_now,
        "open": sum(it.open for it in tiles),
        "late": sum(it.late for it in tiles),
        "table_url": f"?{asked.query(view='table')}",
        "tiles_url": f"?{asked.query()}",
        **frame(request, asked),
    }
    return render(request, "indicators/figures_map.html", context)


@role_required(*EVALUATING)
@never_cache
@require_safe
def tile_map_csv(request: ActingRequest) -> HttpResponseBase:
    """Raises NotFound for a day of which it was not written down."""
    asked = read_asked(request.actor, request.GET)
    agencies = below_of(asked)
    stock = _stock(asked, agencies)
    if stock is None:
        raise NotFound
    lines: Lines = [*head_lines(asked), []]
    heads = [_("Former province"), _("Agency"), pgettext("figure", "Open"), _("Late")]
    lines.append([*heads, _("Standing still"), _("Result ready")])
    for group, tiles in grouped(_tiles(asked, agencies, stock)):
        for it in tiles:
            found = stock.get(it.path, Open())
            lines.append([group, it.name, it.open, it.late, found.standing, found.ready])
    return download(f"map-{asked.agency.code}-{asked.span.last.isoformat()}", lines)


def below_of(asked: Asked) -> dict[str, Agency]:
    """Agencies right below by path; the agency itself where it has none."""
    depth = asked.scope.count("/") + 1
    found = {it.path: it for it in list_below(asked.scope) if it.path.count("/") == depth}
    return found or {asked.scope: asked.agency}


def _stock(asked: Asked, agencies: Mapping[str, Agency]) -> Mapping[str, Open] | None:
    """None: it was not written down that night."""
    return stock_on(agencies, asked.span.last, known_on=asked.known_on)


def _tiles(asked: Asked, agencies: Mapping[str, Agency], stock: Mapping[str, Open]) -> list[Tile]:
    codes = [it.place_code for it in agencies.values() if it.level == "commune" and it.place_code]
    provinces = former_provinces(codes, at=timezone.localdate())
    # One former province says nothing.
    provinces = provinces if len(set(provinces.values())) > 1 else {}
    return [_tile(it, stock.get(path, Open()), provinces) for path, it in agencies.items()]


def _tile(agency: Agency, found: Open, provinces: Mapping[str, str]) -> Tile:
    is_commune = agency.level == "commune"
    name = agency.place_name if is_commune and agency.place_name else agency.name
    group = provinces.get(agency.place_code, "") if is_commune else ""
    return Tile(
        agency.path,
        name,
        agency.place_code,
        group,
        found.waiting + found.running + found.standing,
        found.late,
    )


def _shown(asked: Asked, agencies: Mapping[str, Agency], tile: Tile) -> dict[str, Any]:
    there = replace(asked, agency=agencies[tile.path])
    words = {
        "overdue": _("many late"),
        "soon": _("some late"),
        "done": _("none late"),
        "open": _("nothing open"),
    }
    return {
        "name": tile.name,
        "url": f"{reverse('figures:overview')}?{there.query()}",
        "late_url": dossiers_url(there, stock="late") if tile.late and asked.is_now else "",
        "open": tile.open,
        "late": tile.late,
        "state": tile.state,
        "word": words[tile.state],
    }
