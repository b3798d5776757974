from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "motcua.casework.process"
    label = "casework_process"
