"""Answers and cases, for officers."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "desk-satisfaction"
urlpatterns: list[URLPattern] = []
