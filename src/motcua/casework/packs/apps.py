from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "motcua.casework.packs"
    label = "casework_packs"
