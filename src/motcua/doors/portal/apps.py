from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "motcua.doors.portal"
    label = "doors_portal"

    def ready(self) -> None:
        from motcua.doors.portal import sections
        from motcua.doors.portal.menu import register

        register()
        sections.register()
