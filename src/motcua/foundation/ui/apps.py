"""Registration of the room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "motcua.foundation.ui"
    label = "foundation_ui"
