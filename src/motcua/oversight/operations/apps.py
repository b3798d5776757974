from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "motcua.oversight.operations"
    label = "oversight_operations"

    def ready(self) -> None:
        from motcua.oversight.operations import menu
        from motcua.oversight.operations.alerts import registration

        registration.register()
        menu.register()
