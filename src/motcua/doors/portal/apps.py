from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "motcua.doors.portal"
    label = "doors_portal"

    def ready(self) -> None:
        from motcua.doors.portal import help, menu

        menu.register()
        help.register()
