from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "motcua.oversight.operations"
    label = "oversight_operations"

    def ready(self) -> None:
        from motcua.oversight.operations.menu import register

        register()
