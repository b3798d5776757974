"""The operations centre."""

from __future__ import annotations

from django.urls import path

from motcua.oversight.operations.web import live, wall

app_name = "operations"
urlpatterns = [
    path("", wall.desk, name="desk"),
    path("wall/", wall.wall, name="wall"),
    path("now/", live.now, name="now"),
    path("stream/", live.stream, name="stream"),
    path("arrivals.csv", wall.arrivals_csv, name="arrivals"),
    path("agencies.csv", wall.units_csv, name="agencies"),
]
