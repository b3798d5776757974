"""The operations centre."""

from __future__ import annotations

from django.urls import path

from motcua.oversight.operations.web import alert_rules, alerts, likely_late, live, wall

app_name = "operations"
urlpatterns = [
    path("", wall.desk, name="desk"),
    path("wall/", wall.wall, name="wall"),
    path("now/", live.now, name="now"),
    path("stream/", live.stream, name="stream"),
    path("arrivals.csv", wall.arrivals_csv, name="arrivals"),
    path("agencies.csv", wall.units_csv, name="agencies"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/rules/", alert_rules.rules, name="alert-rules"),
    path("alerts/rules/<slug:code>/", alert_rules.rule, name="alert-rule"),
    path("alerts/<uuid:alert_id>/", alerts.alert, name="alert"),
    path("alerts/<uuid:alert_id>/<slug:act>/", alerts.act, name="alert-act"),
    path("likely-late/", likely_late.likely_late, name="likely-late"),
]
