from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "motcua.oversight.operations"
    label = "oversight_operations"
