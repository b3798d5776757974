"""Figures, for everybody."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "public-figures"
urlpatterns: list[URLPattern] = []
