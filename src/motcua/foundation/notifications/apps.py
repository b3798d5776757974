from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "motcua.foundation.notifications"
    label = "foundation_notifications"
