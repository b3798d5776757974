from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "motcua.doors.console"
    label = "doors_console"

    def ready(self) -> None:
        from motcua.doors.console.menu import register

        register()
