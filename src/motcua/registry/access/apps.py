from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "motcua.registry.access"
    label = "registry_access"
