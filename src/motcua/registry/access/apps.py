from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "motcua.registry.access"
    label = "registry_access"

    def ready(self) -> None:
        from motcua.registry.access import setting_up

        setting_up.register()
