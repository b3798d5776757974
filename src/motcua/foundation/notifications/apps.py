from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "motcua.foundation.notifications"
    label = "foundation_notifications"

    def ready(self) -> None:
        from motcua.foundation.notifications import setting_up

        setting_up.register()
