from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "motcua.doors.console"
    label = "doors_console"
