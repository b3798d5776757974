from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "motcua.casework.fees"
    label = "casework_fees"
