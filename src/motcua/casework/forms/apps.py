from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "motcua.casework.forms"
    label = "casework_forms"
