"""Addresses of the room; `config` mounts them below /theme/."""

from django.urls import path

from motcua.foundation.installation.web import views

app_name = "installation"
urlpatterns = [
    path("<slug:mark>.css", views.theme, name="theme"),
    path("crest-<slug:mark>", views.crest, name="crest"),
]
