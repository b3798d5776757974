"""Figures, for leaders."""

from __future__ import annotations

from django.urls import path

from motcua.oversight.indicators.web import (
    figures,
    figures_behind,
    figures_index,
    figures_map,
    figures_measure,
)

app_name = "figures"
urlpatterns = [
    path("", figures.overview, name="overview"),
    path("table.csv", figures.overview_csv, name="overview-csv"),
    path("measures/<slug:code>/", figures_measure.measure, name="measure"),
    path("measures/<slug:code>/table.csv", figures_measure.measure_csv, name="measure-csv"),
    path("dossiers/", figures_behind.dossiers, name="dossiers"),
    path("dossiers/table.csv", figures_behind.dossiers_csv, name="dossiers-csv"),
    path("index/", figures_index.index, name="index"),
    path("index/table.csv", figures_index.index_csv, name="index-csv"),
    path("map/", figures_map.tile_map, name="map"),
    path("map/table.csv", figures_map.tile_map_csv, name="map-csv"),
]
