from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "motcua.doors.portal"
    label = "doors_portal"

    def ready(self) -> None:
        from motcua.doors.portal import help, menu, sections

        menu.register()
        help.register()
        sections.register()
