"""Addresses of the room; `config` mounts them at the root."""

from django.urls import path

from motcua.foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("language/", views.set_language, name="language"),
    path("scheme/", views.set_scheme, name="scheme"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:slug>/", views.help_page, name="help-topic"),
    path("offline/", views.offline, name="offline"),
    path("service-worker.js", views.service_worker, name="service-worker"),
    path("desk/gallery/", views.gallery, name="gallery"),
    path("desk/gallery/<slug:name>/", views.gallery, name="gallery-screen"),
]
